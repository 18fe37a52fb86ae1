/// What is known of a data set without its content.
struct HDF5DataSet: Sendable {
  /// What its elements are.
  enum Kind: Sendable, Equatable {
    case number(ElementType, isBigEndian: Bool)
    /// So many bytes each.
    case text(Int)
    /// Texts that stand elsewhere in the file.
    case anyText
    case other(String)

    /// In words.
    var text: String {
      switch self {
      case .number: "numbers"
      case .text: "texts"
      case .anyText: "texts of any length"
      case .other(let words): words
      }
    }
  }

  /// How content is stored.
  enum Layout: Sendable {
    /// In the header itself.
    case compact([UInt8])
    /// In one piece; nil where nothing was written.
    case contiguous(Int?)
    /// In chunks of a shape.
    case chunked([Int], HDF5ChunkIndex)
  }

  /// What is done with chunks before they are written.
  enum Filter: Sendable, Equatable {
    case deflate, shuffle, fletcher32
  }

  var shape: [Int] = []
  /// How far each axis may grow; nil for any length.
  var limits: [Int?] = []
  var type = Kind.other("no type")
  var layout = Layout.contiguous(nil)
  /// In the order of writing.
  var filters: [Filter] = []
  /// An element that was not written; empty for zeros.
  var fill: [UInt8] = []
  /// Why it cannot be read, in words; nil where it can.
  var issue: String?
}

/// Where the chunks of a data set are listed.
enum HDF5ChunkIndex: Sendable {
  /// A tree of version 1, of old files.
  case tree(Int?)
  /// One chunk; with filters its size and which of them were left out.
  case single(Int?, size: Int?, mask: Int)
  /// One behind the other.
  case implicit(Int?)
  case fixedArray(Int?)
  case extensibleArray(Int?)
  case tree2(Int?)
}

/// Reads the messages of an object header.
struct HDF5Message {
  let source: HDF5Source
  var cursor: HDF5Cursor

  /// The content of a message, which begins at the cursor.
  init(_ source: HDF5Source, _ cursor: HDF5Cursor) { (self.source, self.cursor) = (source, cursor) }

  /// The most axes of a data set.
  private static let mostAxes = 32

  /// The extents that a dataspace says, and how far they may grow.
  mutating func dataspace() throws(FormatError) -> (shape: [Int], limits: [Int?]) {
    let version = try cursor.byte()
    let (rank, flags) = (try cursor.byte(), try cursor.byte())
    guard version == 1 || version == 2, rank <= HDF5Message.mostAxes else {
      throw source.unexpected(
        "a dataspace", "version 1 or 2 of up to \(HDF5Message.mostAxes) axes",
        "version \(version) of \(rank) axes")
    }
    if version == 1 {
      try cursor.skip(5)
    } else if try cursor.byte() == 2 {
      return ([0], [0])
    }
    var shape: [Int] = []
    for _ in 0..<rank { shape.append(try cursor.length()) }
    guard flags & 1 != 0 else { return (shape, shape) }
    var limits: [Int?] = []
    for _ in 0..<rank {
      let part = try cursor.reader.take(source.sizes.length)
      var own = HDF5Cursor(ByteReader(part, path: source.path), source.sizes)
      limits.append(part.allSatisfy { $0 == 0xFF } ? nil : try own.length())
    }
    return (shape, limits)
  }

  /// What a datatype says.
  ///
  /// - Parameter isBase: whether it is that which the words of an enumeration stand for, and so none itself.
  mutating func datatype(isBase: Bool = false) throws(FormatError) -> HDF5DataSet.Kind {
    let head = try cursor.byte()
    let bits = try cursor.number(3)
    let size = try cursor.double()
    switch head & 15 {
    case 0:
      let isSigned = bits & 8 != 0
      let types: [Int: ElementType] =
        isSigned ? [1: .i8, 2: .i16, 4: .i32, 8: .i64] : [1: .u8, 2: .u16, 4: .u32, 8: .u64]
      let (shift, precision) = (try cursor.word(), try cursor.word())
      guard let type = types[size], shift == 0, precision == 8 * size else {
        return .other("integers of \(precision) bits")
      }
      return .number(type, isBigEndian: bits & 1 != 0)
    case 1:
      try cursor.skip(4)
      let (exponentPlace, exponentSize) = (try cursor.byte(), try cursor.byte())
      let (mantissaPlace, mantissaSize) = (try cursor.byte(), try cursor.byte())
      let bias = try cursor.double()
      let known: [(ElementType, [Int])] = [
        (.f16, [2, 10, 5, 0, 10, 15]), (.f32, [4, 23, 8, 0, 23, 127]), (.f64, [8, 52, 11, 0, 52, 1023]),
      ]
      let found = [size, exponentPlace, exponentSize, mantissaPlace, mantissaSize, bias]
      guard let type = known.first(where: { $0.1 == found })?.0, bits & 0x40 == 0 else {
        return .other("floats of \(8 * size) bits of another kind")
      }
      return .number(type, isBigEndian: bits & 1 != 0)
    case 2: return .other("times")
    case 3: return size > 0 ? .text(size) : .other("empty texts")
    case 4: return .other("bit fields")
    case 5: return .other("opaque bytes")
    case 6: return .other("records of several fields")
    case 7: return .other("references")
    case 8:
      // truth values, and other words for integers: as these
      return isBase ? .other("words for words") : try datatype(isBase: true)
    case 9: return bits & 15 == 1 ? .anyText : .other("lists of any length")
    case 10: return .other("arrays in each element")
    default: return .other("elements of class \(head & 15)")
    }
  }

  /// What is left of a message as an element that was not written.
  mutating func fill(isOld: Bool) throws(FormatError) -> [UInt8] {
    if !isOld {
      let version = try cursor.byte()
      if version == 3 {
        if try cursor.byte() & 0x20 == 0 { return [] }
      } else {
        try cursor.skip(2)
        if try cursor.byte() == 0 { return [] }
      }
    }
    let size = try cursor.double()
    guard size <= 1 << 16 else { return [] }
    return Array(try cursor.reader.take(size))
  }

  /// The filters in the order of writing, or why they are not read.
  mutating func filters() throws(FormatError) -> (filters: [HDF5DataSet.Filter], issue: String?) {
    let (version, count) = (try cursor.byte(), try cursor.byte())
    if version == 1 { try cursor.skip(6) }
    var filters: [HDF5DataSet.Filter] = []
    for _ in 0..<count {
      let id = try cursor.word()
      var name = version == 1 || id >= 256 ? try cursor.word() : 0
      try cursor.skip(2)
      let values = try cursor.word()
      if version == 1 { name = (name + 7) / 8 * 8 }
      try cursor.skip(name + 4 * values + (version == 1 && values % 2 == 1 ? 4 : 0))
      switch id {
      case 1: filters.append(.deflate)
      case 2: filters.append(.shuffle)
      case 3: filters.append(.fletcher32)
      default:
        let known = [4: "szip", 5: "nbit", 6: "scale-offset", 32000: "lzf", 32001: "blosc", 32015: "zstd"]
        return ([], "the filter \(known[id] ?? "number \(id)")")
      }
    }
    return (filters, nil)
  }

  /// How content is stored, or why that is not read.
  mutating func layout() throws(FormatError) -> (layout: HDF5DataSet.Layout?, issue: String?) {
    let (version, kind) = (try cursor.byte(), try cursor.byte())
    guard version == 3 || version == 4 else { return (nil, "a layout of version \(version)") }
    switch kind {
    case 0: return (.compact(Array(try cursor.reader.take(try cursor.word()))), nil)
    case 1: return (.contiguous(try cursor.address()), nil)
    case 2: break
    default: return (nil, "a virtual layout, whose content is in other files")
    }
    let flags = version == 4 ? try cursor.byte() : 0
    if flags & 1 != 0 { return (nil, "chunks at the edge without filters") }
    let rank = try cursor.byte() - 1
    guard (0...HDF5Message.mostAxes).contains(rank) else {
      throw source.unexpected("chunks", "up to \(HDF5Message.mostAxes) axes", "\(rank)")
    }
    if version == 3 {
      let address = try cursor.address()
      var chunk: [Int] = []
      for _ in 0..<rank { chunk.append(try cursor.double()) }
      return (.chunked(chunk, .tree(address)), nil)
    }
    let width = try cursor.byte()
    guard (1...8).contains(width) else {
      throw source.unexpected("the extents of chunks", "1 to 8 bytes each", "\(width)")
    }
    var chunk: [Int] = []
    for _ in 0..<rank { chunk.append(try cursor.number(width)) }
    try cursor.skip(width)
    switch try cursor.byte() {
    case 1:
      let isFiltered = flags & 2 != 0
      let size = isFiltered ? try cursor.length() : nil
      let mask = isFiltered ? try cursor.double() : 0
      return (.chunked(chunk, .single(try cursor.address(), size: size, mask: mask)), nil)
    case 2: return (.chunked(chunk, .implicit(try cursor.address())), nil)
    case 3:
      try cursor.skip(1)
      return (.chunked(chunk, .fixedArray(try cursor.address())), nil)
    case 4:
      try cursor.skip(5)
      return (.chunked(chunk, .extensibleArray(try cursor.address())), nil)
    case 5:
      try cursor.skip(6)
      return (.chunked(chunk, .tree2(try cursor.address())), nil)
    case let other: return (nil, "an index of chunks of kind \(other)")
    }
  }

  /// A text beside an object: the text itself, or where it stands; nil for anything else.
  mutating func attribute() throws(FormatError) -> (name: String, text: HDF5Text)? {
    let version = try cursor.byte()
    guard (1...3).contains(version) else { return nil }
    let flags = try cursor.byte()
    let (name, type, space) = (try cursor.word(), try cursor.word(), try cursor.word())
    if version == 3 { try cursor.skip(1) }
    // a type or a space that is shared stands elsewhere
    guard version == 1 || flags & 3 == 0 else { return nil }
    func padded(_ count: Int) -> Int { version == 1 ? (count + 7) / 8 * 8 : count }
    let bytes = try cursor.reader.take(padded(name)).prefix { $0 != 0 }
    let title = String(decoding: bytes, as: UTF8.self)
    var own = HDF5Message(source, cursor)
    try cursor.skip(padded(type))
    let kind = try own.datatype()
    var extents = HDF5Message(source, cursor)
    try cursor.skip(padded(space))
    switch kind {
    case .text(let size):
      guard try extents.dataspace().shape.allSatisfy({ $0 == 1 }) else { return nil }
      return (title, .own(HDF5Text.decoded(try cursor.reader.take(size))))
    case .anyText:
      guard try extents.dataspace().shape.allSatisfy({ $0 == 1 }) else { return nil }
      let count = try cursor.double()
      guard let heap = try cursor.address() else { return (title, .own("")) }
      return (title, .kept(heap: heap, number: try cursor.double(), count: count))
    default: return nil
    }
  }
}
