import RecurrentFormats

/// Rows of fields with names, whether a file is delimited or has an object of JSON in each line.
public struct RecordTable: Sendable {
  private indirect enum Source: Sendable {
    case delimited(DelimitedFile)
    case jsonLines(JSONLinesFile)
    case wide(WideRows)
    case columns(ColumnTable)
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

  /// Opens a table: lines of JSON where the first character is a brace, else delimited. Only where its rows begin is kept.
  ///
  /// - Parameters:
  ///   - origin: a file, bytes, or a value of JSON: a list of objects or one of them; a list of numbers or of such lists has
  ///     the columns `1`, `2` and so on; or columns in memory.
  ///   - format: how dates and numbers are written; nil where the rows are to tell.
  ///   - known: how those of other data of the same kind are written, for what the rows leave open.
  /// - Throws: ``DataError`` or a format error; where a number can be read in two ways and nobody says how, too.
  public init(_ origin: DataSource, format: TableFormat? = nil, known: TableFormat? = nil) throws {
    try self.init(origin, format: format, known: known) { _ in false }
  }

  /// Opens a table.
  ///
  /// - Parameter isRow: whether what looks like the names of columns is a row already.
  init(
    _ origin: DataSource, format: TableFormat?, known: TableFormat? = nil, isRow: ([String]) -> Bool
  ) throws {
    path = origin.name
    (self.format, knownFormat) = (format, known)
    source = try RecordTable.opened(origin, isRow: isRow)
    columns =
      switch source {
      case .delimited(let table): table.columns
      case .jsonLines(let lines): try lines.object(0).keys.sorted(by: RecordTable.precedes)
      case .wide(let rows): rows.columns
      case .columns(let table): table.names
      }
    guard count > 0 else {
      throw DataError.malformed(path: path, place: .line(2), expected: "at least one row", found: "none")
    }
    try findNumbers()
  }

  private static func opened(_ origin: DataSource, isRow: ([String]) -> Bool) throws -> Source {
    if case .columns(let table) = origin.storage { return .columns(table) }
    if case .records = origin.storage {
      throw DataError.malformed(
        path: origin.name, place: .line(1), expected: "a table", found: origin.memoryName ?? "")
    }
    if let value = try origin.value() {
      return .jsonLines(try JSONLinesFile(objects(value), path: origin.name))
    }
    let file = try DataBytes(origin)
    if origin.format.map({ $0 == .jsonl }) ?? file.beginsWithBrace {
      return .jsonLines(try JSONLinesFile(file))
    }
    let table = try DelimitedFile(file)
    guard table.dialect.hasHeader, isRow(table.columns) else { return .delimited(table) }
    var dialect = table.dialect
    dialect.hasHeader = false
    return .delimited(try DelimitedFile(file, dialect: dialect))
  }

  /// The values of another table, a row each.
  init(of table: RecordTable, _ rows: WideRows) throws(DataError) {
    (path, columns, source) = (table.path, rows.columns, .wide(rows))
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
    } malformed: {
      malformed($0, $1, $2, $3)
    }
    return mayBePlain && known == .point && evidence.reading == .comma ? DecimalEvidence() : evidence
  }

  /// Whether numbers of the first rows have a point.
  private func hasPoint(_ columns: Set<Int>) throws(DataError) -> Bool {
    try head(50).contains { fields in columns.contains { fields[$0].contains(".") } }
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
    case .wide(let rows): return try rows.fields(index)
    case .columns(let table): return table.fields(index)
    }
  }

  /// How many rows the table has, without its header.
  public var count: Int {
    switch source {
    case .delimited(let table): table.count
    case .jsonLines(let lines): lines.count
    case .wide(let rows): rows.count
    case .columns(let table): table.count
    }
  }

  /// The line of the file on which a row begins, from 1.
  public func line(of row: Int) -> Int {
    switch source {
    case .delimited(let table): table.line(of: row)
    case .jsonLines(let lines): lines.line(of: row)
    case .wide(let rows): rows.line(of: row)
    case .columns: row + 1
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

  /// The error of a field.
  func malformed(_ row: Int, _ column: Int, _ expected: String, _ found: String) -> DataError {
    .malformed(
      path: path, place: .field(line: line(of: row), column: columns[column]), expected: expected,
      found: found)
  }

  /// The fields of a row; lists and objects of JSON as empty.
  ///
  /// - Throws: ``DataError``.
  public func row(_ index: Int) throws(DataError) -> [String] {
    try texts(index).map { $0 ?? "" }
  }

  /// The fields of the first rows, at most `count`.
  func head(_ count: Int) throws(DataError) -> [[String]] {
    var rows: [[String]] = []
    try forEachRow(to: count) { rows.append($1) }
    return rows
  }

  /// Calls `body` with the numbers and fields of all rows, or of the first ones, in their order.
  func forEachRow(
    to end: Int = .max, _ body: (_ row: Int, _ fields: [String]) throws(DataError) -> Void
  ) throws(DataError) {
    if case .wide(let rows) = source { return try rows.eachRow(to: end, body) }
    for row in 0..<min(count, end) { try body(row, try self.row(row)) }
  }

  /// What was found out about numbers, where it is unusual.
  var notes: [DataNote] {
    format?.decimal == nil && decimal == .comma
      ? [DataNote(.found, "numbers have a comma before their decimals", setting: "decimal")] : []
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
    try FieldNumber.read(field, reading) { malformed(row, column, $0, $1) }
  }

  /// The list of numbers, or of lists of them, in a field of JSON; nil where it is something else.
  ///
  /// - Throws: ``DataError`` where the lists have different lengths or something else among the numbers.
  public func series(row: Int, column: Int) throws(DataError) -> NumericSeries? {
    guard case .jsonLines(let lines) = source, case .list(let steps)? = try lines.object(row)[columns[column]]
    else { return nil }
    return try NumericSeries(steps) { malformed(row, column, $0, $1) }
  }

  /// The rows that a value of JSON stands for, each an object.
  private static func objects(_ value: JSONValue) -> [JSONValue] {
    guard case .list(let rows) = value else { return [value] }
    return rows.map { row in
      switch row {
      case .list(let fields):
        .object(Dictionary(uniqueKeysWithValues: fields.enumerated().map { ("\($0 + 1)", $1) }))
      case .number: .object(["1": row])
      default: row
      }
    }
  }

  /// Whether a column has numbers, or nothing, in the first rows.
  public func isNumeric(_ column: Int) -> Bool { numericColumns.contains(column) }
}
