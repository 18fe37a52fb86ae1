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
  /// How somebody said that dates and numbers are written.
  let format: TableFormat?
  /// How those of other data of the same kind are written, for what the rows leave open.
  let knownFormat: TableFormat?
  /// The mark before decimals that somebody or the rows decided; nil where it was no question.
  private(set) var decimal: TableFormat.DecimalMark?
  private var reading = FieldNumber.Reading.plain

  /// Opens a table: lines of JSON where the first character is a brace, else delimited.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - format: how dates and numbers are written; nil where the rows are to tell.
  ///   - known: how those of other data of the same kind are written, for what the rows leave open.
  /// - Throws: ``DataError`` or a format error; where a number can be read in two ways and nobody says how, too.
  public init(path: String, format: TableFormat? = nil, known: TableFormat? = nil) throws {
    let file = try DataBytes(path: path)
    self.path = path
    (self.format, knownFormat) = (format, known)
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
    try findNumbers()
  }

  /// Rows of another table in memory, each with the line that it comes from.
  init(of table: RecordTable, columns: [String], rows: [[String]], lines: [Int]) throws(DataError) {
    (path, self.columns, source) = (table.path, columns, .memory(rows: rows, lines: lines))
    (format, knownFormat, decimal, reading) = (table.format, table.knownFormat, table.decimal, table.reading)
    numericColumns = try columnsOfNumbers { [reading] in FieldNumber.parse($0, reading) != nil }
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

  /// Finds out how numbers are written, and which columns have them.
  private mutating func findNumbers() throws(DataError) {
    let plain = try columnsOfNumbers { FieldNumber.plain($0) != nil }
    if let asked = format?.decimal {
      (reading, decimal) = (asked == .comma ? .comma : .point, asked)
    } else {
      let evidence = try decimalEvidence(plain: plain)
      (reading, decimal) = (evidence.reading, evidence.decimal)
    }
    numericColumns =
      reading == .plain ? plain : try columnsOfNumbers { [reading] in FieldNumber.parse($0, reading) != nil }
  }

  /// What the rows say about the mark before decimals. A comma that also stands between fields is in quotes, and then
  /// only columns that are no plain numbers are in question.
  private func decimalEvidence(plain: Set<Int>) throws(DataError) -> DecimalEvidence {
    var asked = try columnsOfNumbers(FieldNumber.isNumber)
    var (mayBePlain, known) = (true, knownFormat?.decimal)
    switch source {
    case .delimited(let table) where table.dialect.delimiter == UInt8(ascii: " ") || !table.hasMarks:
      asked = []
    case .delimited(let table) where table.dialect.delimiter != UInt8(ascii: ","): mayBePlain = false
    default: asked.subtract(plain)
    }
    // of plain numbers beside them only a point can stand before decimals
    if mayBePlain, !asked.isEmpty, try hasPoint(plain) { known = .point }
    let evidence = try DecimalEvidence(columns: asked.sorted(), count: count, known: known) {
      (row) throws(DataError) in
      try texts(row)
    } malformed: { row, column, expected, found in
      .malformed(
        path: path, place: .field(line: line(of: row), column: columns[column]), expected: expected,
        found: found)
    }
    return mayBePlain && known == .point && evidence.reading == .comma ? DecimalEvidence() : evidence
  }

  /// Whether numbers of the first rows have a point.
  private func hasPoint(_ columns: Set<Int>) throws(DataError) -> Bool {
    for row in 0..<min(count, 50) {
      let fields = try texts(row)
      if columns.contains(where: { fields[$0]?.contains(".") ?? false }) { return true }
    }
    return false
  }

  /// The columns with numbers, or nothing, in the first rows.
  private func columnsOfNumbers(_ isNumber: (String) -> Bool) throws(DataError) -> Set<Int> {
    var numeric = Set(columns.indices)
    for index in 0..<min(count, 50) {
      let fields = try texts(index)
      for column in numeric {
        let isNumber = fields[column].map { text in
          let text = text.trimmingBlanks
          return isNumber(text) || FieldNumber.isMissing(text)
        }
        if !(isNumber ?? false) { numeric.remove(column) }
      }
    }
    return numeric
  }

  /// The fields of a row; nil for lists and objects of JSON. A number of JSON is written as those of the table are.
  private func texts(_ index: Int) throws(DataError) -> [String?] {
    switch source {
    case .delimited(let table): return try table.record(index)
    case .jsonLines(let lines):
      let object = try lines.object(index)
      return columns.map { name in
        guard case .number? = object[name], reading == .comma else {
          return object[name, default: .null].field
        }
        return object[name]?.field?.replacing(".", with: ",")
      }
    case .memory(let rows, _): return rows[index]
    }
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
    try texts(index).map { $0 ?? "" }
  }

  /// What was found out about numbers, where it is unusual.
  var notes: [DataNote] {
    format?.decimal == nil && decimal == .comma
      ? [DataNote(.found, "numbers have a comma before their decimals", flag: "--decimal")] : []
  }

  /// A field of a column of numbers as digits with a point, however it is written; any other field as it is.
  ///
  /// - Throws: ``DataError`` for what is no number among numbers.
  func plainText(_ field: String, row: Int, column: Int) throws(DataError) -> String {
    let text = field.trimmingBlanks
    guard reading != .plain, isNumeric(column), text.contains(",") || text.contains("."),
      let value = try number(text, row: row, column: column)
    else { return text }
    return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }

  /// The number in a field; nil where it is missing.
  ///
  /// - Throws: ``DataError`` for anything else that is no number.
  public func number(_ field: String, row: Int, column: Int) throws(DataError) -> Double? {
    try FieldNumber.read(field, reading) { expected, found in
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
