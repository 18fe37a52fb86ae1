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
  private let starts: RowIndex

  /// Reads the head of a file that was opened.
  ///
  /// - Throws: ``DataError``.
  public init(_ file: DataBytes, dialect: DelimitedDialect? = nil) throws(DataError) {
    self.file = file
    let parsed = try file.withBytes { (bytes) throws(DataError) in
      try file.requireUTF8(bytes)
      return try DelimitedFile.index(bytes, of: file, dialect: dialect)
    }
    (self.dialect, starts, columns) = (parsed.dialect, parsed.starts, parsed.columns)
  }

  /// Whether there is a point or a comma anywhere.
  var hasMarks: Bool { file.withBytes { $0.contains { $0 == 0x2C || $0 == 0x2E } } }

  /// The number of records, without the header.
  public var count: Int { starts.count }

  /// The line of the file on which a record begins, from 1.
  public func line(of record: Int) -> Int { starts.line(of: record) }

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
        bytes, at: starts.offset(of: index), line: starts.line(of: index), delimiter: dialect.delimiter,
        path: path)
      let fields = try parser.fields()
      guard fields.count == columns.count else {
        throw .malformed(
          path: path, place: .line(starts.line(of: index)), expected: "\(columns.count) fields",
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
        path: path, place: .field(line: starts.line(of: record), column: columns[column]), expected: expected,
        found: found)
    }
  }

  private static func index(
    _ bytes: UnsafeRawBufferPointer, of file: DataBytes, dialect: DelimitedDialect?
  ) throws(DataError) -> (dialect: DelimitedDialect, starts: RowIndex, columns: [String]) {
    let (path, first) = (file.path, file.textStart(bytes))
    let found: DelimitedDialect
    if let dialect {
      found = dialect
    } else {
      found = try DialectSniffer(bytes, from: first, isTabbed: file.format == .tsv, path: path).dialect()
    }
    var starts = RowIndex()
    var parser = RecordParser(bytes, at: first, line: 1, delimiter: found.delimiter, path: path)
    while !parser.isAtEnd {
      let place = (parser.index, parser.line)
      if try parser.skip() { starts.append(offset: place.0, line: place.1) }
    }
    guard starts.count > 0 else { throw .empty(path: path) }
    let head = (offset: starts.offset(of: 0), line: starts.line(of: 0))
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
    return (found, starts.dropFirst(), names)
  }
}
