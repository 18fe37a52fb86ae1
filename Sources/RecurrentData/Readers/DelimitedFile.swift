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
  /// What was found and assumed about the lines.
  private(set) var notes: [DataNote] = []
  private let file: DataBytes
  private let starts: RowIndex

  /// Reads a file that was opened, whose dialect is known: its first line is a record, or names the columns.
  ///
  /// - Throws: ``DataError``.
  public init(_ file: DataBytes, dialect: DelimitedDialect) throws(DataError) {
    (self.file, self.dialect) = (file, dialect)
    let parsed = try file.withBytes { (bytes) throws(DataError) in
      try file.requireUTF8(bytes)
      var rows = TableRows(from: file.textStart(bytes), line: 1)
      try rows.read(bytes, delimiter: dialect.delimiter, path: file.path)
      var parser = RecordParser(
        bytes, at: rows.starts.offset(of: 0), line: rows.starts.line(of: 0), delimiter: dialect.delimiter,
        path: file.path)
      let fields = try parser.fields()
      guard dialect.hasHeader else { return (rows.starts, fields.indices.map { "\($0 + 1)" }) }
      var rest = TableRows(from: parser.index, line: parser.line)
      try rest.read(bytes, delimiter: dialect.delimiter, path: file.path, isRest: true)
      return (rest.starts, fields.map(\.trimmingBlanks))
    }
    (starts, columns) = parsed
    releaseMemory()
    var seen: Set<String> = []
    for name in columns where !name.isEmpty && !seen.insert(name).inserted {
      throw .malformed(
        path: path, place: .line(1), expected: "columns of different names", found: "\"\(name)\" twice")
    }
  }

  /// Reads a file that was opened: what stands above and below the table, its delimiter and its names are found out.
  ///
  /// - Parameters:
  ///   - file: text in UTF-8.
  ///   - format: what somebody said about it.
  ///   - hasHeader: whether the first line names columns; nil to find it out.
  /// - Throws: ``DataError``.
  public init(_ file: DataBytes, format: TableFormat? = nil, hasHeader: Bool? = nil) throws(DataError) {
    self.file = file
    let parsed = try file.withBytes { (bytes) throws(DataError) in
      try file.requireUTF8(bytes)
      let layout = try TableLayout(
        bytes, from: file.textStart(bytes), isTabbed: file.format == .tsv, path: file.path, format: format,
        hasHeader: hasHeader)
      var rows = TableRows(from: layout.start.offset, line: layout.start.line)
      try rows.read(bytes, layout, path: file.path)
      return (layout, rows)
    }
    let (layout, rows) = parsed
    (dialect, columns, starts) = (layout.dialect, layout.columns, rows.starts)
    notes = layout.notes + rows.notes
    releaseMemory()
  }

  /// Whether there is a point or a comma anywhere.
  var hasMarks: Bool { file.withBytes { $0.contains { $0 == 0x2C || $0 == 0x2E } } }

  /// Gives back the memory of what was read of the file; it is loaded again where it is read again.
  func releaseMemory() { file.releaseMemory() }

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
      var fields = try parser.fields()
      file.didRead(parser.index - starts.offset(of: index))
      while fields.count > columns.count, fields[fields.count - 1].trimmingBlanks.isEmpty {
        fields.removeLast()
      }
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
}
