import RecurrentFormats

/// Objects of JSON: one in each line of a file, or decoded ones.
public struct JSONLinesFile: Sendable {
  /// The path, for errors.
  public let path: String
  private let content: Content

  private enum Content: Sendable {
    case file(DataBytes, RowIndex)
    case values([JSONValue])
  }

  /// Finds the lines of a file that was opened.
  ///
  /// - Throws: ``DataError/empty(path:)``.
  public init(_ file: DataBytes) throws(DataError) {
    path = file.path
    let lines = file.withBytes { bytes in
      var lines = RowIndex()
      var (start, line) = (file.textStart(bytes), 1)
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        if bytes[start..<end].contains(where: { $0 > 0x20 }) { lines.append(offset: start, line: line) }
        start = end + 1
        line += 1
      }
      return lines
    }
    guard lines.count > 0 else { throw .empty(path: file.path) }
    content = .file(file, lines)
    releaseMemory()
  }

  /// Objects that were decoded; each counts as a line.
  ///
  /// - Throws: ``DataError/empty(path:)``.
  init(_ values: [JSONValue], path: String) throws(DataError) {
    (self.path, content) = (path, .values(values))
    guard !values.isEmpty else { throw .empty(path: path) }
  }

  /// Gives back the memory of what was read of a file; it is loaded again where it is read again.
  func releaseMemory() {
    if case .file(let file, _) = content { file.releaseMemory() }
  }

  /// The number of objects.
  public var count: Int {
    switch content {
    case .file(_, let lines): lines.count
    case .values(let values): values.count
    }
  }

  /// The line of an object, from 1.
  public func line(of object: Int) -> Int {
    if case .file(_, let lines) = content { lines.line(of: object) } else { object + 1 }
  }

  /// The object of a line.
  ///
  /// - Throws: ``DataError`` where it is none.
  public func object(_ index: Int) throws(DataError) -> [String: JSONValue] {
    func malformed(_ found: String) -> DataError {
      .malformed(path: path, place: .line(line(of: index)), expected: "an object of JSON", found: found)
    }
    guard case .object(let object) = try value(index, malformed) else { throw malformed("another value") }
    return object
  }

  private func value(
    _ index: Int, _ malformed: (String) -> DataError
  ) throws(DataError) -> JSONValue {
    let bytes: [UInt8]
    switch content {
    case .values(let values): return values[index]
    case .file(let file, let lines):
      bytes = file.withBytes { Array($0[lines.offset(of: index)...].prefix { $0 != 0x0A }) }
      file.didRead(bytes.count)
    }
    do throws(FormatError) { return try JSONValue(text: bytes, path: path) } catch {
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
  }
}
