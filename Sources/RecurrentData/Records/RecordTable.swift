import RecurrentFormats

/// Rows of fields with names, whether a file is delimited or has an object of JSON in each line.
public struct RecordTable: Sendable {
  private let source: TableSource
  /// The path, for errors.
  public let path: String
  /// The names of the columns.
  public internal(set) var columns: [String]
  /// The columns whose fields together are the last one; empty for none.
  var joined: [Int] = []
  /// The columns of numbers that are made of words, before that one.
  var indicators: [CategoryIndicator] = []
  /// The rows by their places; nil where that is their order in the file.
  private var order: [Int32]?
  private var numbers = TableNumbers([], .plain)
  /// How somebody said that dates and numbers are written.
  let format: TableFormat?
  /// How those of other data of the same kind are written, for what the rows leave open.
  let knownFormat: TableFormat?
  /// The mark before decimals that somebody or the rows decided; nil where it was no question.
  private(set) var decimal: TableFormat.DecimalMark?
  private var reading: FieldNumber.Reading { numbers.reading }
  /// What was found out and assumed about the table.
  private(set) var notes: [DataNote] = []

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
    self.format = format
    let asked = format?.filled(from: known) ?? known
    let opened = try RecordTable.opened(origin, format: asked, isRow: isRow)
    (source, notes) = (opened.source, opened.notes)
    knownFormat = opened.isWorkbook ? TableFormat(decimal: .point).filled(from: known) : known
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

  private static func opened(
    _ origin: DataSource, format: TableFormat?, isRow: ([String]) -> Bool
  ) throws -> (source: TableSource, notes: [DataNote], isWorkbook: Bool) {
    if case .columns(let table) = origin.storage { return (.columns(table), [], false) }
    if case .records = origin.storage {
      throw DataError.malformed(
        path: origin.name, place: .line(1), expected: "a table", found: origin.memoryName ?? "")
    }
    if let value = try origin.value() {
      return (.jsonLines(try JSONLinesFile(objects(value), path: origin.name)), [], false)
    }
    let text = try TableText(DataBytes(origin), format: format)
    if origin.format.map({ $0 == .jsonl }) ?? text.file.beginsWithBrace {
      return (.jsonLines(try JSONLinesFile(text.file)), text.notes, false)
    }
    let table = try DelimitedFile(text.file, format: format)
    guard table.dialect.hasHeader, isRow(table.columns) else {
      return (.delimited(table), text.notes + table.notes, text.isWorkbook)
    }
    return (
      .delimited(try DelimitedFile(text.file, format: format, hasHeader: false)), text.notes, text.isWorkbook
    )
  }

  /// The values of another table, a row each.
  init(of table: RecordTable, _ rows: WideRows) {
    (path, columns, source, notes) = (table.path, rows.columns, .wide(rows), table.notes)
    (format, knownFormat, decimal) = (table.format, table.knownFormat, table.decimal)
    numbers = table.numbers.wide(rows)
  }

  /// Finds out how numbers are written, and which columns have them.
  private mutating func findNumbers() throws(DataError) {
    let rows = try sampledRows(1000).map { row throws(DataError) in try texts(row) }
    func columns(_ isNumber: (String) -> Bool) -> Set<Int> {
      TableNumbers.columns(of: rows, count: self.columns.count, isNumber)
    }
    var reading = FieldNumber.Reading.plain
    if let asked = format?.decimal {
      (reading, decimal) = (asked == .comma ? .comma : .point, asked)
    } else {
      let plain = columns { FieldNumber.parse($0, .plain) != nil }
      let evidence = try decimalEvidence(plain: plain, asked: columns(FieldNumber.isNumber), rows)
      (reading, decimal) = (evidence.reading, evidence.decimal)
      if let note = evidence.note {
        notes.append(note)
      } else if decimal == .comma {
        notes.append(DataNote(.found, "numbers have a comma before their decimals", setting: "decimal"))
      }
    }
    numbers = TableNumbers(
      rows, names: self.columns, reading, missing: format?.missing ?? knownFormat?.missing)
    notes += numbers.notes
  }

  /// The table with its rows in another order.
  func ordered(by order: [Int32]?) -> RecordTable {
    var table = self
    table.order = order
    return table
  }

  /// Where a row stands in the file.
  private func place(_ row: Int) -> Int { order.map { Int($0[row]) } ?? row }

  /// What the rows say about the mark before decimals. A comma that also stands between fields is in quotes, and then
  /// only columns that are no plain numbers are in question.
  private func decimalEvidence(
    plain: Set<Int>, asked: Set<Int>, _ rows: [[String?]]
  ) throws(DataError) -> DecimalEvidence {
    var (asked, mayBePlain, known) = (asked, true, knownFormat?.decimal)
    switch source {
    case .delimited(let table) where table.dialect.delimiter == UInt8(ascii: " ") || !table.hasMarks:
      asked = asked.intersection(plain).isEmpty && table.hasMarks ? asked : []
    case .delimited(let table) where table.dialect.delimiter != UInt8(ascii: ",") && columns.count > 1:
      mayBePlain = false
    default:
      // a column in which all numbers are plain is no question
      asked.subtract(
        plain.filter { column in
          !rows.contains { row in
            guard let text = row[column]?.trimmingBlanks, text.contains(",") else { return false }
            return FieldNumber.parse(text, .plain) == nil && FieldNumber.isNumber(text)
          }
        })
    }
    // of plain numbers beside them only a point can stand before decimals
    if mayBePlain, !asked.isEmpty,
      rows.contains(where: { row in plain.contains { row[$0]?.contains(".") ?? false } })
    {
      known = .point
    }
    let evidence = try DecimalEvidence(columns: asked.sorted(), count: count, known: known) {
      (row) throws(DataError) in
      try texts(row)
    } malformed: {
      malformed($0, $1, $2, $3)
    }
    return mayBePlain && known == .point && evidence.reading == .comma ? DecimalEvidence() : evidence
  }

  /// The fields of a row; nil for lists and objects of JSON.
  private func texts(_ index: Int) throws(DataError) -> [String?] {
    let fields = try ownTexts(place(index))
    if joined.isEmpty, indicators.isEmpty { return fields }
    let own = fields.prefix(ownColumns.count)
    return own + made(of: own.map { $0 ?? "" })
  }

  /// The fields of a row without a column that is made of them. A number of JSON is written as those of the table are.
  private func ownTexts(_ index: Int) throws(DataError) -> [String?] {
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

  /// How dates and numbers are written, for the next table of the kind.
  func written(_ dates: DateColumn?, timeUnit: TableFormat.TimeUnit? = nil) -> TableFormat {
    TableFormat(
      dateOrder: dates.flatMap { $0.isDecisive ? $0.order : nil }, decimal: decimal, timeUnit: timeUnit,
      hasDaylightSaving: format?.hasDaylightSaving, missing: format?.missing)
  }

  /// How many rows the table has, without its header.
  public var count: Int { source.count }

  /// The line of the file on which a row begins, from 1.
  public func line(of row: Int) -> Int { source.line(of: place(row)) }

  /// The place of a column.
  ///
  /// - Throws: ``DataError/noColumn(path:name:available:)``.
  public func column(_ name: String) throws(DataError) -> Int {
    guard let place = columns.firstIndex(of: name) else {
      throw .noColumn(path: path, name: name, available: Array(ownColumns))
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

  /// Calls `body` with the numbers and fields of all rows, or of the first ones, in their order.
  func forEachRow(
    to end: Int = .max, _ body: (_ row: Int, _ fields: [String]) throws(DataError) -> Void
  ) throws(DataError) {
    if case .wide(let rows) = source, order == nil {
      return try rows.eachRow(to: end) { row, fields throws(DataError) in
        try body(row, fields + made(of: fields))
      }
    }
    for row in 0..<min(count, end) { try body(row, try self.row(row)) }
    source.releaseMemory()
  }

  /// A field of a column of numbers as digits with a point, however it is written; any other field as it is.
  ///
  /// - Throws: ``DataError`` for what is no number among numbers.
  func plainText(_ field: String, row: Int, column: Int) throws(DataError) -> String {
    let text = field.trimmingBlanks
    // also a class that is written 0.000e+00 is 0
    let isLong = text.hasSuffix(".0") || text.hasSuffix(".00") || text.contains("e") || text.contains("E")
    guard isNumeric(column), reading != .plain && (text.contains(",") || text.contains(".")) || isLong,
      let value = try number(text, row: row, column: column)
    else { return text }
    return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }

  /// The number in a field; nil where it is missing.
  ///
  /// - Throws: ``DataError`` for anything else that is no number.
  public func number(_ field: String, row: Int, column: Int) throws(DataError) -> Double? {
    try numbers.number(field, column: column) { malformed(row, column, $0, $1) }
  }

  /// The object of JSON that a row is; nil in other tables.
  func object(_ row: Int) throws(DataError) -> [String: JSONValue]? {
    if case .jsonLines(let lines) = source { try lines.object(place(row)) } else { nil }
  }

  /// Whether a column has numbers, or nothing, in rows from all of the table.
  public func isNumeric(_ column: Int) -> Bool { numbers.columns.contains(column) }

  /// Takes a column for one of numbers.
  mutating func addNumbers(_ column: Int) { numbers.add(column) }

  /// Whether a field without blanks around it stands for no value.
  func isMissing(_ text: String) -> Bool { numbers.isMissing(text) }
}
