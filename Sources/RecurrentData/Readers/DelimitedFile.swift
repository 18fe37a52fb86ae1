/// How the fields of a table are set apart.
public struct DelimitedDialect: Sendable, Equatable, Codable {
  /// What stands between two fields, an ASCII character; a space for any number of blanks.
  public var delimiter: UInt8
  /// Whether the first line names the columns.
  public var hasHeader: Bool
  /// Whether numbers have a comma before their decimals.
  public var hasDecimalComma: Bool

  /// A dialect.
  public init(delimiter: UInt8 = UInt8(ascii: ","), hasHeader: Bool = true, hasDecimalComma: Bool = false) {
    self.delimiter = delimiter
    self.hasHeader = hasHeader
    self.hasDecimalComma = hasDecimalComma
  }
}

/// A table of text: comma, semicolon, tab, bar or blanks between fields, quotes after RFC 4180, in UTF-8 with or without a byte order
/// mark.
///
/// The file is seen in place; only where its records begin is kept, so that a table may be larger than the memory.
public struct DelimitedFile: Sendable {
  /// The path, for errors.
  public var path: String { file.path }
  /// How the fields are set apart.
  public let dialect: DelimitedDialect
  /// The names of the columns; `1`, `2` and so on without a header.
  public let columns: [String]
  private let file: DataBytes
  /// Where each record begins, and its line.
  private let starts: [(offset: Int, line: Int)]
  private let end: Int

  /// Opens a table.
  ///
  /// - Parameters:
  ///   - path: the file, which gzip may have compressed.
  ///   - dialect: nil to find it out from the first lines.
  /// - Throws: ``DataError`` or a format error.
  public init(path: String, dialect: DelimitedDialect? = nil) throws {
    try self.init(DataBytes(path: path), dialect: dialect)
  }

  /// Reads the head of a file that was opened.
  ///
  /// - Throws: ``DataError``.
  public init(_ file: DataBytes, dialect: DelimitedDialect? = nil) throws(DataError) {
    self.file = file
    let parsed = try file.withBytes { (bytes) throws(DataError) in
      try file.requireUTF8(bytes)
      return try DelimitedFile.index(
        bytes, from: file.textStart(bytes), path: file.path, dialect: dialect)
    }
    (self.dialect, starts, columns, end) = (parsed.dialect, parsed.starts, parsed.columns, file.count)
  }

  /// Whether there is a point or a comma anywhere.
  var hasMarks: Bool { file.withBytes { $0.contains { $0 == 0x2C || $0 == 0x2E } } }

  /// The number of records, without the header.
  public var count: Int { starts.count }

  /// The line of the file on which a record begins, from 1.
  public func line(of record: Int) -> Int { starts[record].line }

  /// The place of a column.
  ///
  /// - Throws: ``DataError/noColumn(path:name:available:)``.
  public func column(_ name: String) throws(DataError) -> Int {
    guard let place = columns.firstIndex(of: name) else {
      throw .noColumn(path: path, name: name, available: columns)
    }
    return place
  }

  /// The fields of a record, as many as there are columns.
  ///
  /// - Throws: ``DataError`` where there are more or fewer, or a quote is not closed.
  public func record(_ index: Int) throws(DataError) -> [String] {
    try file.withBytes { (bytes) throws(DataError) in
      var parser = RecordParser(
        bytes, at: starts[index].offset, line: starts[index].line, delimiter: dialect.delimiter, path: path)
      let fields = try parser.fields()
      guard fields.count == columns.count else {
        throw .malformed(
          path: path, place: .line(starts[index].line), expected: "\(columns.count) fields",
          found: "\(fields.count)")
      }
      return fields
    }
  }

  /// The number in a field; nil where it is missing: empty, `NA`, `NaN`, `null`, `?` or `-`.
  ///
  /// - Throws: ``DataError`` for anything else that is no number, and for one beyond the range of `Float`.
  public func number(_ field: String, record: Int, column: Int) throws(DataError) -> Double? {
    try FieldNumber.read(field, dialect.hasDecimalComma ? .comma : .plain) { expected, found in
      .malformed(
        path: path, place: .field(line: starts[record].line, column: columns[column]), expected: expected,
        found: found)
    }
  }

  private static func index(
    _ bytes: UnsafeRawBufferPointer, from first: Int, path: String, dialect: DelimitedDialect?
  ) throws(DataError) -> (dialect: DelimitedDialect, starts: [(offset: Int, line: Int)], columns: [String]) {
    let found: DelimitedDialect
    if let dialect {
      found = dialect
    } else {
      found = try DialectSniffer(bytes, from: first, path: path).dialect()
    }
    var starts: [(offset: Int, line: Int)] = []
    var parser = RecordParser(bytes, at: first, line: 1, delimiter: found.delimiter, path: path)
    while !parser.isAtEnd {
      let place = (parser.index, parser.line)
      if try parser.skip() { starts.append(place) }
    }
    guard let head = starts.first else { throw .empty(path: path) }
    var headParser = RecordParser(
      bytes, at: head.offset, line: head.line, delimiter: found.delimiter, path: path)
    let fields = try headParser.fields()
    guard found.hasHeader else { return (found, starts, fields.indices.map { "\($0 + 1)" }) }
    let names = fields.map(\.trimmingBlanks)
    var seen: Set<String> = []
    for name in names where !name.isEmpty && !seen.insert(name).inserted {
      throw .malformed(
        path: path, place: .line(head.line), expected: "columns of different names",
        found: "\"\(name)\" twice")
    }
    starts.removeFirst()
    return (found, starts, names)
  }
}
