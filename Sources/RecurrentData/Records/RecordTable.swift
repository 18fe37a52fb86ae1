/// Rows of fields with names, whether a file is delimited or has an object of JSON in each line.
public struct RecordTable: Sendable {
  private enum Source: Sendable {
    case delimited(DelimitedFile)
    case jsonLines(JSONLinesFile)
    case memory(rows: [[String]], lines: [Int])
  }

  private let source: Source
  /// The path, for errors.
  public let path: String
  /// The names of the columns.
  public let columns: [String]
  private var numericColumns: Set<Int> = []

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
      columns = try lines.object(0).keys.sorted(by: RecordTable.precedes)
    } else {
      let table = try DelimitedFile(file)
      source = .delimited(table)
      columns = table.columns
    }
    guard count > 0 else {
      throw DataError.malformed(path: path, place: .line(2), expected: "at least one row", found: "none")
    }
    numericColumns = try findNumericColumns()
  }

  /// Rows in memory, each with the line that it comes from.
  init(path: String, columns: [String], rows: [[String]], lines: [Int]) throws(DataError) {
    (self.path, self.columns, source) = (path, columns, .memory(rows: rows, lines: lines))
    numericColumns = try findNumericColumns()
  }

  /// Whether a name stands before another one: `t2` before `t10`.
  private static func precedes(_ a: String, _ b: String) -> Bool {
    func parts(_ name: String) -> (stem: String, digits: Substring) {
      let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
      return (String(name.dropLast(digits)), name.suffix(digits).drop { $0 == "0" })
    }
    let (first, second) = (parts(a), parts(b))
    return (first.stem, first.digits.count, String(first.digits), a)
      < (second.stem, second.digits.count, String(second.digits), b)
  }

  /// The columns with numbers, or nothing, in the first rows.
  private func findNumericColumns() throws(DataError) -> Set<Int> {
    var numeric = Set(columns.indices)
    for index in 0..<min(count, 50) {
      let fields: [String?]
      switch source {
      case .delimited(let table): fields = try table.record(index)
      case .jsonLines(let lines):
        let object = try lines.object(index)
        fields = columns.map { object[$0, default: .null].field }
      case .memory(let rows, _): fields = rows[index]
      }
      for column in numeric {
        let text = fields[column]?.trimmingBlanks
        let isNumber = text.map {
          FieldNumber.parse($0, hasDecimalComma: hasDecimalComma) != nil || FieldNumber.isMissing($0)
        }
        if !(isNumber ?? false) { numeric.remove(column) }
      }
    }
    return numeric
  }

  private var hasDecimalComma: Bool {
    if case .delimited(let table) = source { table.dialect.hasDecimalComma } else { false }
  }

  /// Rows.
  public var count: Int {
    switch source {
    case .delimited(let table): table.count
    case .jsonLines(let lines): lines.count
    case .memory(let rows, _): rows.count
    }
  }

  /// The line of the file on which a row begins, from 1.
  public func line(of row: Int) -> Int {
    switch source {
    case .delimited(let table): table.line(of: row)
    case .jsonLines(let lines): lines.line(of: row)
    case .memory(_, let lines): lines[row]
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
    case .memory(let rows, _): return rows[index]
    }
  }

  /// The number in a field; nil where it is missing.
  ///
  /// - Throws: ``DataError`` for anything else that is no number.
  public func number(_ field: String, row: Int, column: Int) throws(DataError) -> Double? {
    try FieldNumber.read(field, hasDecimalComma: hasDecimalComma) { expected, found in
      .malformed(
        path: path, place: .field(line: line(of: row), column: columns[column]), expected: expected,
        found: found)
    }
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
        case .number(let value) where Float(value).isFinite: values.append(Float(value))
        case .null: values.append(.nan)
        default: throw malformed("numbers within \(Float.greatestFiniteMagnitude)", "another value")
        }
      }
    }
    return NumericSeries(channels: (0..<(width ?? 1)).map { "\($0 + 1)" }, values: values)
  }

  /// Whether a column has numbers, or nothing, in the first rows.
  public func isNumeric(_ column: Int) -> Bool { numericColumns.contains(column) }
}
