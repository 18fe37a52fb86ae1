/// Which rows of a table are one recording.
extension RecordingReader {
  /// The column that names recordings: the one that somebody named, or several of them together as one more column, else by names
  /// and values. The rows of each are put together, in the order of their times.
  ///
  /// - Parameters:
  ///   - table: a row for each step.
  ///   - name: what somebody named.
  ///   - time: when a step was.
  ///   - dates: how times are written; nil for numbers.
  ///   - taken: columns that are something else.
  ///   - guesses: whether recordings may be told apart where nobody named a column.
  /// - Throws: ``DataError``.
  mutating func identify(
    _ table: inout RecordTable, by name: String?, time: Int?, _ dates: DateColumn?, without taken: Set<Int>,
    guesses: Bool
  ) throws -> Int? {
    var id: Int?
    if let name {
      let identified = try table.identified(by: name)
      (table, id) = (identified.table, identified.column)
    } else if guesses {
      let found = try RecordingReader.names(of: table, time: time, dates, without: taken)
      guard !found.isEmpty else { return nil }
      if found.count > 1 { table = table.joining(found) }
      id = found.count > 1 ? table.columns.count - 1 : found[0]
      let listed = found.map { "\"\(table.columns[$0])\"" }.joined(separator: " and ")
      add(DataNote(.assumed, "rows of one \(listed) are a recording", setting: "id-column"))
    }
    guard let id else { return nil }
    let (order, notes) = try RecordingReader.order(of: table, id: id, time: time, dates)
    table = table.ordered(by: order)
    for note in notes { add(note) }
    return id
  }

  /// The columns that name recordings by what they are called; empty for none. Of names that may mean something else besides, the
  /// times must begin anew, and rise within what would be a recording.
  private static func names(
    of table: RecordTable, time: Int?, _ dates: DateColumn?, without taken: Set<Int>
  ) throws(DataError) -> [Int] {
    let names =
      RecordColumns.idNames + RecordColumns.deviceNames + RecordColumns.clipNames + RecordColumns.groupNames
    let columns = names.compactMap { RecordColumns.first([$0], in: table.columns) }.filter {
      !taken.contains($0)
    }
    guard !columns.isEmpty else { return [] }
    let rows = try table.sample(1_000)
    var begins: Bool?
    for column in columns {
      let count = Set(rows.map { $0[column] }).count
      guard count > 1, 2 * count <= rows.count else { continue }
      let isCertain = RecordColumns.idNames.contains(table.columns[column].lowercased())
      if !isCertain {
        guard let time else { continue }
        let own: Bool
        if let begins { own = begins } else { own = try beginsAnew(table, time, dates) }
        begins = own
        guard own else { continue }
      }
      if let found = try SequenceKeys(table, time: time, label: nil).columns(with: column, without: taken) {
        return found
      }
      if isCertain, time == nil { return [column] }
    }
    return []
  }

  /// Whether a time is not behind that of the row before.
  private static func beginsAnew(_ table: RecordTable, _ time: Int, _ dates: DateColumn?) throws(DataError)
    -> Bool
  {
    var (last, found) = (-Double.infinity, false)
    try table.forEachRow { row, fields throws(DataError) in
      if found { return }
      let own = try moment(table, fields, row, time, dates)
      found = own <= last
      last = own
    }
    return found
  }

  private static func moment(
    _ table: RecordTable, _ fields: [String], _ row: Int, _ time: Int, _ dates: DateColumn?
  ) throws(DataError) -> Double {
    if let dates { return CalendarTime(fields[time], order: dates.order)?.seconds ?? .nan }
    return try table.number(fields[time], row: row, column: time) ?? .nan
  }

  /// The order in which rows are recording by recording, each in the order of its times; nil where that is the order of the table.
  private static func order(
    of table: RecordTable, id: Int, time: Int?, _ dates: DateColumn?
  ) throws(DataError) -> (order: [Int32]?, notes: [DataNote]) {
    var (rows, areNamed) = (SequenceOrder(), true)
    try table.forEachRow { row, fields throws(DataError) in
      if fields[id].isEmpty { areNamed = false }
      rows.append(
        fields[id], try time.map { time throws(DataError) in try moment(table, fields, row, time, dates) })
    }
    // where the first row alone names a recording those behind it belong to it
    return areNamed ? (rows.order, rows.notes(table.columns[id])) : (nil, [])
  }
}
