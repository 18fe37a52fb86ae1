/// Writes safetensors files whose bytes depend on the tensors and metadata alone.
///
/// Tensors stand in the order of the format's own writer: larger alignment first, then by the bytes of the
/// name. Metadata is sorted by key. The header is padded with spaces so that the data begins at a multiple of
/// 8. Readers that expect a framework's mark need `format: "pt"` (or another) in the metadata; nothing is
/// added unasked.
public enum SafetensorsWriter {
  /// Writes `entries` to the file at `path`, atomically.
  ///
  /// - Parameters:
  ///   - entries: the tensors.
  ///   - metadata: free-form texts.
  ///   - path: the file.
  ///   - isChecked: whether a checksum of the whole file goes into its metadata; see ``SafetensorsFile/verifyChecksum()``.
  /// - Throws: ``FormatError``; a previous file at `path` is unchanged then.
  public static func write(
    _ entries: [ArrayEntry], metadata: [String: String] = [:], to path: String, isChecked: Bool = false
  ) throws(FormatError) {
    let plan = try Plan(entries, metadata: metadata, path: path, isChecked: isChecked)
    try AtomicFile.write(to: path) { (writer) throws(FormatError) in
      try writer.write(plan.header)
      for entry in plan.entries {
        let start = writer.byteCount
        try entry.stream { (bytes) throws(FormatError) in try writer.write(bytes) }
        try entry.check(found: writer.byteCount - start, path: path)
      }
    }
  }

  /// The bytes of the file that ``write(_:metadata:to:isChecked:)`` writes; errors call it `path`.
  ///
  /// - Throws: ``FormatError`` where entries are malformed.
  public static func encode(
    _ entries: [ArrayEntry], metadata: [String: String] = [:], path: String = "<memory>",
    isChecked: Bool = false
  ) throws(FormatError) -> [UInt8] {
    let plan = try Plan(entries, metadata: metadata, path: path, isChecked: isChecked)
    var bytes = plan.header
    for entry in plan.entries {
      let start = bytes.count
      try entry.stream { (part) throws(FormatError) in bytes.append(contentsOf: part) }
      try entry.check(found: bytes.count - start, path: path)
    }
    return bytes
  }
}

/// The sorted entries and the header that describes them.
private struct Plan {
  let path: String
  let entries: [ArrayEntry]
  private(set) var header: [UInt8]

  /// Puts the checksum of the whole file in place of the zeros that stand there.
  private mutating func insertChecksum() throws(FormatError) {
    var hash = XXHash64()
    hash.update(header)
    for entry in entries { try entry.stream { (bytes) throws(FormatError) in hash.update(bytes) } }
    header.replaceSubrange(SafetensorsChecksum.place, with: Array(hash.digits.utf8))
  }

  init(
    _ entries: [ArrayEntry], metadata: [String: String], path: String, isChecked: Bool
  ) throws(FormatError) {
    guard isChecked else {
      try self.init(entries, metadata: metadata, path: path)
      return
    }
    var metadata = metadata
    metadata[SafetensorsChecksum.key] = SafetensorsChecksum.empty
    metadata[SafetensorsChecksum.kindKey] = SafetensorsChecksum.kind
    try self.init(entries, metadata: metadata, path: path)
    try insertChecksum()
  }

  private init(_ unsorted: [ArrayEntry], metadata: [String: String], path: String) throws(FormatError) {
    self.path = path
    entries = unsorted.sorted { left, right in
      left.dataType.rank != right.dataType.rank
        ? left.dataType.rank > right.dataType.rank
        : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
    var text: [UInt8] = [UInt8](repeating: 0, count: 8)
    text.append(UInt8(ascii: "{"))
    if !metadata.isEmpty {
      text.appendJSON(SafetensorsHeader.metadataName)
      text.append(contentsOf: ":{".utf8)
      let sorted = metadata.sorted {
        let (isFirst, isSecond) = ($0.key == SafetensorsChecksum.key, $1.key == SafetensorsChecksum.key)
        return isFirst != isSecond ? isFirst : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
      }
      for (key, value) in sorted {
        text.appendJSON(key)
        text.append(UInt8(ascii: ":"))
        text.appendJSON(value)
        text.append(UInt8(ascii: ","))
      }
      text[text.count - 1] = UInt8(ascii: "}")
      text.append(UInt8(ascii: ","))
    }
    var names: Set<[UInt8]> = []
    var offset = 0
    for entry in entries {
      guard names.insert(Array(entry.name.utf8)).inserted else {
        throw .duplicateName(path: path, name: entry.name)
      }
      guard entry.name != SafetensorsHeader.metadataName else {
        throw .reservedName(path: path, name: entry.name)
      }
      guard entry.shape.count <= SafetensorsHeader.axisLimit else {
        throw .invalidShape(
          path: path, name: entry.name, problem: "more than \(SafetensorsHeader.axisLimit) axes")
      }
      guard let count = entry.dataType.byteCount(of: entry.shape) else {
        throw .invalidShape(
          path: path, name: entry.name, problem: "\(entry.shape) has a negative extent or overflows 64 bits")
      }
      let (end, overflow) = offset.addingReportingOverflow(count)
      guard !overflow else {
        throw .invalidShape(path: path, name: entry.name, problem: "the file would overflow 64 bits")
      }
      text.appendJSON(entry.name)
      text.append(contentsOf: ":{\"dtype\":\"\(entry.dataType.rawValue)\",\"shape\":[".utf8)
      text.append(contentsOf: entry.shape.map { String($0) }.joined(separator: ",").utf8)
      text.append(contentsOf: "],\"data_offsets\":[\(offset),\(end)]},".utf8)
      offset = end
    }
    if text.last == UInt8(ascii: ",") { text.removeLast() }
    text.append(UInt8(ascii: "}"))
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    let length = text.count - 8
    guard length <= SafetensorsHeader.lengthLimit else {
      throw .headerTooLong(path: path, found: UInt64(length), limit: SafetensorsHeader.lengthLimit)
    }
    for index in 0..<8 { text[index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
    header = text
  }
}

extension [UInt8] {
  /// Appends `text` as a JSON string, with no escape but the necessary ones.
  package mutating func appendJSON(_ text: String) {
    append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append(contentsOf: "\\\"".utf8)
      case UInt8(ascii: "\\"): append(contentsOf: "\\\\".utf8)
      case 0x08: append(contentsOf: "\\b".utf8)
      case 0x09: append(contentsOf: "\\t".utf8)
      case 0x0A: append(contentsOf: "\\n".utf8)
      case 0x0C: append(contentsOf: "\\f".utf8)
      case 0x0D: append(contentsOf: "\\r".utf8)
      case 0..<0x20: append(contentsOf: "\\u00\(byte < 16 ? "0" : "1")\(String(byte & 15, radix: 16))".utf8)
      default: append(byte)
      }
    }
    append(UInt8(ascii: "\""))
  }
}
