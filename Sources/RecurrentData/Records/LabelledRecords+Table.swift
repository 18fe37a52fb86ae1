extension LabelledRecords {
  /// Reads a table.
  ///
  /// - Throws: ``DataError`` or a format error.
  init(table path: String, _ asked: RecordColumns, needsLabels: Bool, known: TableColumns?) throws {
    let table = try RecordTable(path: path, format: asked.format, known: known?.format ?? asked.knownFormat)
    let asked = known?.applied(to: asked, in: table.columns) ?? asked
    let roles = try TableRoles(table, asked, needsLabels: needsLabels)
    notes = roles.notes + table.notes
    columns = TableColumns(table, roles, ignored: asked.ignored)
    if let id = roles.id {
      records = try LabelledRecords.steps(table, roles, id: id)
      notes.insert(DataNote(.found, "\(table.count) steps of \(records.count) sequences in \(path)"), at: 0)
    } else {
      records = try (0..<table.count).map { try LabelledRecords.record(table, roles, row: $0) }
      notes.insert(DataNote(.found, "\(records.count) sequences in \(path)"), at: 0)
    }
  }

  /// A sequence in a row: a text, a file, or all of its values.
  static func record(_ table: RecordTable, _ roles: TableRoles, row: Int) throws -> SequenceRecord {
    let fields = try table.row(row)
    let origin = "\(table.path):\(table.line(of: row))"
    let content: SequenceRecord.Content
    if let input = roles.input {
      if let series = try table.series(row: row, column: input) {
        content = .series(series)
      } else if roles.inputIsFile {
        content = .file(DataFolder.path(fields[input], besides: table.path))
      } else {
        content = .text(fields[input])
      }
    } else {
      var values: [Float] = []
      for column in roles.values {
        values.append(try table.number(fields[column], row: row, column: column).map { Float($0) } ?? .nan)
      }
      // a row of a shorter sequence ends with empty fields
      while values.count > 1, values[values.count - 1].isNaN { values.removeLast() }
      content = .series(NumericSeries(channels: ["value"], values: values))
    }
    return try SequenceRecord(
      content, label: label(table, roles, fields, row), group: roles.group.map { fields[$0].trimmingBlanks },
      part: part(table, roles, fields, row), origin: origin)
  }

  /// Rows that are steps: those with the same number in a row are a sequence.
  private static func steps(_ table: RecordTable, _ roles: TableRoles, id: Int) throws -> [SequenceRecord] {
    var records: [SequenceRecord] = []
    var seen: [String: Int] = [:]
    var current: (id: String, label: String?, group: String?, part: DataPart?, row: Int)?
    var (values, times) = ([Float](), [Double]())
    let names = roles.values.map { table.columns[$0] }
    func finish() {
      guard let head = current else { return }
      records.append(
        SequenceRecord(
          .series(
            NumericSeries(
              channels: names, values: values, times: roles.hasTimes ? times : nil)),
          label: head.label, group: head.group, part: head.part,
          origin: "\(table.path):\(table.line(of: head.row)), \(table.columns[id]) \(head.id)"))
    }
    func malformed(_ row: Int, _ column: Int, _ expected: String, _ found: String) -> DataError {
      .malformed(
        path: table.path, place: .field(line: table.line(of: row), column: table.columns[column]),
        expected: expected, found: found)
    }
    for row in 0..<table.count {
      let fields = try table.row(row)
      let label = try label(table, roles, fields, row)
      if current?.id != fields[id] {
        finish()
        if let before = seen.updateValue(row, forKey: fields[id]) {
          throw malformed(
            row, id, "the rows of a sequence behind each other",
            "\"\(fields[id])\" again, which began on line \(table.line(of: before))")
        }
        current = (
          fields[id], label, roles.group.map { fields[$0].trimmingBlanks },
          try part(table, roles, fields, row), row
        )
        (values, times) = ([], [])
      } else if let column = roles.label, current?.label != label {
        throw malformed(
          row, column, "the class \"\(current?.label ?? "")\" of the sequence", "\"\(label ?? "")\"")
      }
      if let time = roles.time {
        let moment = try roles.moment(fields[time], table, row: row)
        if let last = times.last, moment <= last {
          throw malformed(
            row, time, "times that rise within a sequence",
            "\"\(fields[time])\"; sort the rows, and keep one of each")
        }
        times.append(moment)
      }
      for column in roles.values {
        values.append(try table.number(fields[column], row: row, column: column).map { Float($0) } ?? .nan)
      }
    }
    finish()
    return records
  }

  /// The class of a row; nil where there is no column of classes, or none is needed and the field empty.
  private static func label(
    _ table: RecordTable, _ roles: TableRoles, _ fields: [String], _ row: Int
  ) throws(DataError) -> String? {
    guard let column = roles.label else { return nil }
    let label = fields[column].trimmingBlanks
    guard label.isEmpty else { return try table.plainText(label, row: row, column: column) }
    guard roles.needsLabels else { return nil }
    throw .malformed(
      path: table.path, place: .field(line: table.line(of: row), column: table.columns[column]),
      expected: "a class", found: "nothing")
  }

  private static func part(
    _ table: RecordTable, _ roles: TableRoles, _ fields: [String], _ row: Int
  ) throws(DataError) -> DataPart? {
    guard let column = roles.split else { return nil }
    guard let part = DataPart(word: fields[column].trimmingBlanks) else {
      throw .malformed(
        path: table.path, place: .field(line: table.line(of: row), column: table.columns[column]),
        expected: "train, valid or test", found: "\"\(fields[column].prefix(40))\"")
    }
    return part
  }
}
