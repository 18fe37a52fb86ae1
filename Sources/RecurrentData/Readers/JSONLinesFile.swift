import RecurrentFormats

/// A value of JSON.
public enum JSONValue: Sendable, Equatable {
  case null
  case truth(Bool)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  /// The value as a field of a table: a text as it is, a number in digits, nil as empty.
  public var field: String? {
    switch self {
    case .null: ""
    case .truth(let value): value ? "true" : "false"
    case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    case .text(let value): value
    case .list, .object: nil
    }
  }
}

/// A file with an object of JSON in each line.
public struct JSONLinesFile: Sendable {
  /// The path, for errors.
  public var path: String { file.path }
  private let file: DataBytes
  private let lines: [(range: Range<Int>, line: Int)]

  /// Opens a file, which gzip may have compressed.
  ///
  /// - Throws: ``DataError`` or a format error.
  public init(path: String) throws { try self.init(DataBytes(path: path)) }

  /// Finds the lines of a file that was opened.
  ///
  /// - Throws: ``DataError/empty(path:)``.
  public init(_ file: DataBytes) throws(DataError) {
    self.file = file
    lines = file.withBytes { bytes in
      var lines: [(range: Range<Int>, line: Int)] = []
      var (start, line) = (file.textStart(bytes), 1)
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        if bytes[start..<end].contains(where: { $0 > 0x20 }) { lines.append((start..<end, line)) }
        start = end + 1
        line += 1
      }
      return lines
    }
    guard !lines.isEmpty else { throw .empty(path: file.path) }
  }

  /// The number of objects.
  public var count: Int { lines.count }

  /// The line of an object, from 1.
  public func line(of object: Int) -> Int { lines[object].line }

  /// The object of a line.
  ///
  /// - Throws: ``DataError`` where it is none.
  public func object(_ index: Int) throws(DataError) -> [String: JSONValue] {
    let (range, line) = lines[index]
    let bytes = file.withBytes { Array($0[range]) }
    func malformed(_ found: String) -> DataError {
      .malformed(path: path, place: .line(line), expected: "an object of JSON", found: found)
    }
    let value: JSONValue
    do throws(FormatError) { value = try JSONValue(text: bytes, path: path) } catch {
      let start = "\"\(String(decoding: bytes.prefix(40), as: UTF8.self))\""
      switch error {
      case .invalidJSON(_, let offset, let expected, let found):
        throw malformed("\(start): at byte \(offset) of the line \(found) instead of \(expected)")
      case .duplicateKey(_, let offset, let key):
        throw malformed("\(start): at byte \(offset) of the line \"\(key)\" a second time")
      case .invalidUTF8(_, let offset, let byte):
        throw malformed("\(start): at byte \(offset) of the line \(byte), which is not valid UTF-8")
      default: throw malformed(start)
      }
    }
    guard case .object(let object) = value else { throw malformed("another value") }
    return object
  }
}
