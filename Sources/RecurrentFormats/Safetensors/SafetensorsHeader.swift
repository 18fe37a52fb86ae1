/// The checked header of a safetensors file.
struct SafetensorsHeader: Sendable {
  /// The tensors in the order of their bytes.
  var tensors: [SafetensorsTensorInfo] = []
  /// What `__metadata__` holds.
  var metadata: [String: String] = [:]
  /// The place of each tensor in `tensors` by the UTF-8 of its name: `String` counts names as equal that
  /// differ in their bytes (composed and decomposed accents), the format does not.
  var places: [[UInt8]: Int] = [:]

  /// The longest header that the format allows, in bytes.
  static let lengthLimit = 100_000_000
  /// The most axes that a tensor may have: NumPy's limit, far above any real tensor, which bounds the memory
  /// that a hostile header can claim.
  static let axisLimit = 64
  /// The name that holds the metadata.
  static let metadataName = "__metadata__"

  /// Reads and checks the header of a whole file.
  init(parsing file: UnsafeRawBufferPointer, path: String) throws(FormatError) {
    guard file.count >= 8 else { throw .truncated(path: path, offset: 0, needed: 8, found: file.count) }
    let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(Self.lengthLimit) else {
      throw .headerTooLong(path: path, found: length, limit: Self.lengthLimit)
    }
    guard length <= UInt64(file.count - 8) else {
      throw .truncated(path: path, offset: 8, needed: length, found: file.count - 8)
    }
    let dataStart = 8 + Int(length)
    let text = UnsafeRawBufferPointer(rebasing: file[8..<dataStart])
    guard text.first == UInt8(ascii: "{") else {
      // White space is allowed everywhere else, but the format asks for the brace itself here.
      let found = text.first.map { "0x" + String($0, radix: 16, uppercase: true) } ?? "an empty header"
      throw .invalidJSON(path: path, offset: 8, expected: "'{'", found: found)
    }
    var cursor = JSONCursor(text, path: path, offset: 8)
    try parse(&cursor, dataStart: dataStart, dataCount: file.count - dataStart)
    try checkLayout(path: path, dataStart: dataStart, fileCount: file.count)
    for place in tensors.indices { places[Array(tensors[place].name.utf8)] = place }
  }

  private mutating func parse(
    _ cursor: inout JSONCursor, dataStart: Int, dataCount: Int
  ) throws(FormatError) {
    var names: Set<[UInt8]> = []
    try cursor.open("{")
    while try cursor.more(until: "}", first: names.isEmpty) {
      let (name, offset) = try cursor.key()
      guard names.insert(Array(name.utf8)).inserted else {
        throw .duplicateKey(path: cursor.path, offset: offset, key: name)
      }
      if name == Self.metadataName {
        try parseMetadata(&cursor)
      } else {
        tensors.append(try Self.tensor(name, &cursor, dataStart: dataStart, dataCount: dataCount))
      }
    }
    try cursor.end()
  }

  private mutating func parseMetadata(_ cursor: inout JSONCursor) throws(FormatError) {
    try cursor.open("{")
    while try cursor.more(until: "}", first: metadata.isEmpty) {
      let (key, offset) = try cursor.key()
      guard metadata.updateValue(try cursor.string(), forKey: key) == nil else {
        throw .duplicateKey(path: cursor.path, offset: offset, key: key)
      }
    }
  }

  private static func tensor(
    _ name: String, _ cursor: inout JSONCursor, dataStart: Int, dataCount: Int
  ) throws(FormatError) -> SafetensorsTensorInfo {
    var dataType: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    var isFirst = true
    try cursor.open("{")
    while try cursor.more(until: "}", first: isFirst) {
      isFirst = false
      let (field, offset) = try cursor.key()
      let isRepeated =
        switch field {
        case "dtype": dataType != nil
        case "shape": shape != nil
        case "data_offsets": offsets != nil
        default: false
        }
      if isRepeated { throw .duplicateKey(path: cursor.path, offset: offset, key: field) }
      switch field {
      case "dtype":
        let text = try cursor.string()
        dataType = ElementType(rawValue: text)
        if dataType == nil { throw .unknownDataType(path: cursor.path, name: name, found: text) }
      case "shape": shape = try extents(of: name, &cursor)
      case "data_offsets": offsets = try self.offsets(&cursor)
      default:
        throw .unexpectedField(path: cursor.path, offset: offset, name: name, field: field)
      }
    }
    guard let dataType, let shape, let offsets else {
      let field = dataType == nil ? "dtype" : shape == nil ? "shape" : "data_offsets"
      throw .missingField(path: cursor.path, offset: cursor.offset, name: name, field: field)
    }
    let (begin, end) = (offsets[0], offsets[1])
    guard begin >= 0, end >= begin, end <= dataCount else {
      throw .offsetsOutOfRange(path: cursor.path, name: name, begin: begin, end: end, dataCount: dataCount)
    }
    guard let expected = dataType.byteCount(of: shape) else {
      throw .invalidShape(
        path: cursor.path, name: name, problem: "the product of \(shape) overflows 64 bits")
    }
    guard expected == end - begin else {
      throw .byteCountMismatch(path: cursor.path, name: name, expected: expected, found: end - begin)
    }
    return SafetensorsTensorInfo(
      name: name, dataType: dataType, shape: shape, byteRange: dataStart + begin..<dataStart + end)
  }

  private static func extents(of name: String, _ cursor: inout JSONCursor) throws(FormatError) -> [Int] {
    var shape: [Int] = []
    try cursor.open("[")
    while try cursor.more(until: "]", first: shape.isEmpty) {
      guard shape.count < axisLimit else {
        throw .invalidShape(path: cursor.path, name: name, problem: "more than \(axisLimit) axes")
      }
      let extent = try cursor.integer()
      guard extent >= 0 else {
        throw .invalidShape(path: cursor.path, name: name, problem: "the extent \(extent) is negative")
      }
      shape.append(extent)
    }
    return shape
  }

  private static func offsets(_ cursor: inout JSONCursor) throws(FormatError) -> [Int] {
    var offsets: [Int] = []
    try cursor.open("[")
    let start = cursor.offset
    while try cursor.more(until: "]", first: offsets.isEmpty) {
      offsets.append(try cursor.integer())
      if offsets.count > 2 { break }
    }
    guard offsets.count == 2 else {
      throw .invalidJSON(
        path: cursor.path, offset: start, expected: "two offsets",
        found: offsets.count > 2 ? "more" : "\(offsets.count)")
    }
    return offsets
  }

  /// Sorts the tensors by their place and verifies that they fill the data section exactly.
  private mutating func checkLayout(path: String, dataStart: Int, fileCount: Int) throws(FormatError) {
    tensors.sort {
      ($0.byteRange.lowerBound, $0.byteRange.upperBound) < ($1.byteRange.lowerBound, $1.byteRange.upperBound)
    }
    var expected = dataStart
    for tensor in tensors {
      let found = tensor.byteRange.lowerBound
      if found < expected {
        throw .overlappingTensors(
          path: path, name: tensor.name, expected: expected - dataStart, found: found - dataStart)
      }
      if found > expected {
        throw .unusedBytes(
          path: path, name: tensor.name, expected: expected - dataStart, found: found - dataStart)
      }
      expected = tensor.byteRange.upperBound
    }
    guard expected == fileCount else {
      throw .trailingBytes(path: path, offset: expected, count: fileCount - expected)
    }
  }
}
