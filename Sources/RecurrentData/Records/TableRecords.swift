/// Sequences of a table: a row each, or the rows with the same number. Only where they are, and what is said about them, is kept.
struct TableRecords: RecordStorage {
  private let table: RecordTable
  private var roles: TableRoles
  /// Of sequences with a row for each step the place of the first row of each, and the place behind the last one; nil where each
  /// is a row.
  private var starts: [Int]?
  /// The rows by their places: sequence by sequence, each in the order of its times; nil where that is their order in the table.
  private var order: [Int32]?
  private var labels, groups: InternedColumn?
  private var parts: [DataPart?]?

  var count: Int { starts.map { $0.count - 1 } ?? table.count }

  /// Looks through a table. Where rows are sequences and need no labels, none is read before it is asked for.
  ///
  /// - Parameters:
  ///   - table: the table.
  ///   - roles: of its columns; those that say the same in all rows of sequences of many rows are left out.
  ///   - leavesOutConstants: whether they are.
  /// - Throws: ``DataError`` for a label that is missing, a part that is none, and steps of a sequence at the same time.
  init(_ table: RecordTable, _ roles: inout TableRoles, leavesOutConstants: Bool = false) throws(DataError) {
    (self.table, self.roles) = (table, roles)
    guard roles.id != nil || roles.needsLabels else { return }
    let rows = try SequenceRows(table, roles)
    order = rows.order
    roles.notes += rows.notes
    var scan = SequenceScan(table, roles)
    let own = roles
    func read(_ row: Int, _ fields: [String]) throws(DataError) {
      if own.areStrokes { _ = try strokes(row) }
      _ = try own.segment(of: fields, table, row)
      try scan.read(row, fields)
    }
    if let order {
      for row in order { try read(Int(row), table.row(Int(row))) }
    } else {
      try table.forEachRow { row, fields throws(DataError) in try read(row, fields) }
    }
    if leavesOutConstants, roles.id != nil { roles.leaveOut(constant: scan.constantColumns) }
    self.roles = roles
    labels = roles.label != nil && !roles.labelsAreNumbers ? scan.labels : nil
    groups = roles.group == nil ? nil : scan.groups
    parts = roles.split == nil ? nil : scan.parts
    if roles.id != nil { starts = scan.starts + [table.count] }
  }

  func label(_ index: Int) -> String? {
    guard roles.label != nil else { return nil }
    guard let labels else { return (try? head(index))?.label }
    return labels[index].isEmpty ? nil : labels[index]
  }

  func group(_ index: Int) -> String? {
    guard roles.group != nil else { return nil }
    return groups.map { $0[index] } ?? (try? head(index))?.group
  }

  func part(_ index: Int) -> DataPart? {
    guard roles.split != nil else { return nil }
    return parts.map { $0[index] } ?? (try? head(index))?.part
  }

  func stepCount(_ index: Int) -> Int? { starts.map { $0[index + 1] - $0[index] } }

  /// The row at a place.
  private func row(at place: Int) -> Int { order.map { Int($0[place]) } ?? place }

  private func firstRow(_ index: Int) -> Int { starts.map { row(at: $0[index]) } ?? index }

  func name(_ index: Int) -> String { name(of: starts == nil ? nil : try? table.row(firstRow(index)), index) }

  private func name(of fields: [String]?, _ index: Int) -> String {
    let line = "\(table.path):\(table.line(of: firstRow(index)))"
    guard starts != nil, let id = roles.id, let fields else { return line }
    return "\(line), \(table.columns[id]) \(fields[id])"
  }

  /// What is said about a sequence in its first row.
  private func head(
    _ fields: [String], row: Int
  ) throws(DataError) -> (label: String?, group: String?, part: DataPart?) {
    try (
      roles.label(of: fields, table, row), roles.group.map { fields[$0].trimmingBlanks },
      roles.part(of: fields, table, row)
    )
  }

  private func head(_ index: Int) throws(DataError) -> (label: String?, group: String?, part: DataPart?) {
    try head(table.row(firstRow(index)), row: firstRow(index))
  }

  func record(_ index: Int) throws -> Record {
    let row = firstRow(index)
    let fields = try table.row(row)
    let head = try head(fields, row: row)
    return try Record(
      starts.map { try steps($0[index]..<$0[index + 1]) } ?? content(fields, row: row), label: head.label,
      group: head.group, part: head.part, format: table.format, origin: name(of: fields, index),
      segment: roles.segment(of: fields, table, row))
  }

  /// A sequence in a row: a text, a file, or all of its values.
  private func content(_ fields: [String], row: Int) throws -> Record.Content {
    if roles.areStrokes { return .strokes(try strokes(row)) }
    if let input = roles.input {
      if let series = try table.series(row: row, column: input) { return .series(series) }
      guard roles.inputIsFile else { return .text(fields[input]) }
      return .file(DataSource(DataFolder.path(fields[input], besides: table.path)))
    }
    var values: [Float] = []
    try table.append(fields, roles.values, row: row, to: &values)
    // a row of a shorter sequence ends with empty fields
    while values.count > 1, values[values.count - 1].isNaN { values.removeLast() }
    return .series(NumericSeries(channels: ["value"], values: values))
  }

  private func strokes(_ row: Int) throws(DataError) -> StrokeSequence {
    guard let strokes = try table.strokes(row: row) else {
      throw .malformed(
        path: table.path, place: .line(table.line(of: row)), expected: "strokes, as in the first row",
        found: "none")
    }
    return strokes
  }

  /// A sequence with a row for each step.
  private func steps(_ places: Range<Int>) throws(DataError) -> Record.Content {
    var (values, times) = ([Float](), [Double]())
    values.reserveCapacity(places.count * roles.values.count)
    for place in places {
      let row = row(at: place)
      let fields = try table.row(row)
      if let time = roles.time, roles.hasTimes {
        times.append(try roles.moment(fields[time], table, row: row))
      }
      try table.append(fields, roles.values, row: row, to: &values)
    }
    return .series(
      NumericSeries(
        channels: roles.values.map { table.columns[$0] }, values: values, times: roles.hasTimes ? times : nil)
    )
  }
}

extension TableRoles {
  /// The label of a row; nil where there is no column of labels, or none is needed and the field empty.
  func label(of fields: [String], _ table: RecordTable, _ row: Int) throws(DataError) -> String? {
    guard let column = label else { return nil }
    let label = fields[column].trimmingBlanks
    guard label.isEmpty else { return try table.plainText(label, row: row, column: column) }
    guard needsLabels else { return nil }
    throw table.malformed(row, column, labelsAreNumbers ? "a number to predict" : "a class", "nothing")
  }

  /// The piece of its file that a row is, in seconds; nil for the whole.
  func segment(
    of fields: [String], _ table: RecordTable, _ row: Int
  ) throws(DataError) -> Range<Double>? {
    guard let (start, end) = segment else { return nil }
    let from = try table.number(fields[start], row: row, column: start)
    let to = try table.number(fields[end], row: row, column: end)
    if from == nil, to == nil { return nil }
    let own = (from ?? 0, to ?? .infinity)
    guard own.0 >= 0, own.0 < own.1 else {
      throw table.malformed(row, end, "an end behind the start \(own.0)", "\"\(fields[end])\"")
    }
    return own.0..<own.1
  }

  /// The part of a row; nil where there is no column of parts.
  func part(of fields: [String], _ table: RecordTable, _ row: Int) throws(DataError) -> DataPart? {
    guard let column = split else { return nil }
    guard let part = DataPart(word: fields[column].trimmingBlanks) else {
      throw table.malformed(row, column, "train, valid or test", "\"\(fields[column].prefix(40))\"")
    }
    return part
  }
}
