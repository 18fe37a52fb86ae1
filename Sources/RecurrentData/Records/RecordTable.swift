/// Rows of fields with names, whether a file is delimited or has an object of JSON in each line.
public struct RecordTable: Sendable {
  private enum Source: Sendable {
    case delimited(DelimitedFile)
    case jsonLines(JSONLinesFile)
  }

  private let source: Source
  /// The path, for errors.
  public let path: String
  /// The names of the columns.
  public let columns: [String]

  /// Opens a table: lines of JSON where the first character is a brace, else delimited.
  ///
  /// - Throws: ``DataError`` or a format error.
  public init(path: String) throws {
    let file = try DataBytes(path: path)
    self.path = path
    let first = file.withBytes { bytes in bytes.prefix(4096).first { $0 > 0x20 && $0 < 0x80 } }
    if first == UInt8(ascii: "{") {
      let lines = try JSONLinesFile(file)
      source = .jsonLines(lines)
      columns = try lines.object(0).keys.sorted()
    } else {
      let table = try DelimitedFile(file)
      source = .delimited(table)
      columns = table.columns
    }
    guard count > 0 else {
      throw DataError.malformed(path: path, place: .line(2), expected: "at least one row", found: "none")
    }
  }

  /// Rows.
  public var count: Int {
    switch source {
    case .delimited(let table): table.count
    case .jsonLines(let lines): lines.count
    }
  }

  /// The line of the file on which a row begins, from 1.
  public func line(of row: Int) -> Int {
    switch source {
    case .delimited(let table): table.line(of: row)
    case .jsonLines(let lines): lines.line(of: row)
    }
  }

  /// The place of a column.
  ///
  /// - Throws: ``DataError/noColumn(path:name:available:)``.
  public func column(_ name: String) throws(DataError) -> Int {
    guard let place = columns.firstIndex(of: name) else {
      throw .noColumn(path: path, name: name, available: columns)
    }
    return place
  }

  /// The fields of a row; lists and objects of JSON as empty.
  ///
  /// - Throws: ``DataError``.
  public func row(_ index: Int) throws(DataError) -> [String] {
    switch source {
    case .delimited(let table): return try table.record(index)
    case .jsonLines(let lines):
      let object = try lines.object(index)
      return columns.map { object[$0]?.field ?? "" }
    }
  }

  /// The number in a field; nil where it is missing.
  ///
  /// - Throws: ``DataError`` for anything else that is no number.
  public func number(_ field: String, row: Int, column: Int) throws(DataError) -> Double? {
    if case .delimited(let table) = source { return try table.number(field, record: row, column: column) }
    if field.isEmpty { return nil }
    guard let value = Double(field) else {
      throw .malformed(
        path: path, place: .field(line: line(of: row), column: columns[column]), expected: "a number",
        found: "\"\(field.prefix(40))\"")
    }
    return value.isNaN ? nil : value
  }

  /// The list of numbers, or of lists of them, in a field of JSON; nil where it is something else.
  ///
  /// - Throws: ``DataError`` where the lists have different lengths or something else among the numbers.
  public func series(row: Int, column: Int) throws(DataError) -> NumericSeries? {
    guard case .jsonLines(let lines) = source, case .list(let steps)? = try lines.object(row)[columns[column]]
    else { return nil }
    func malformed(_ expected: String, _ found: String) -> DataError {
      .malformed(
        path: path, place: .field(line: line(of: row), column: columns[column]), expected: expected,
        found: found)
    }
    var values: [Float] = []
    var width: Int?
    for step in steps {
      let numbers: [JSONValue]
      if case .list(let list) = step { numbers = list } else { numbers = [step] }
      guard numbers.count == width ?? numbers.count else {
        throw malformed("steps of \(width ?? 0) numbers", "\(numbers.count)")
      }
      width = numbers.count
      for number in numbers {
        switch number {
        case .number(let value): values.append(Float(value))
        case .null: values.append(.nan)
        default: throw malformed("numbers", "another value")
        }
      }
    }
    return NumericSeries(channels: (0..<(width ?? 1)).map { "\($0 + 1)" }, values: values)
  }

  /// Whether a column has numbers, or nothing, in the first rows.
  public func isNumeric(_ column: Int) -> Bool {
    var hasNumber = false
    for row in 0..<min(count, 50) {
      guard let fields = try? self.row(row), let value = try? number(fields[column], row: row, column: column)
      else {
        guard let fields = try? self.row(row), (try? number(fields[column], row: row, column: column)) != nil
        else { return false }
        continue
      }
      hasNumber = hasNumber || value.isFinite
    }
    return hasNumber
  }
}
