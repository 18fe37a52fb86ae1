/// In which order the rows of a table are sequence by sequence, each in the order of its times.
struct SequenceRows {
  /// The rows by their places; nil where that is their order in the table.
  private(set) var order: [Int32]?
  /// What was found.
  private(set) var notes: [DataNote] = []

  /// Looks through the columns that tell sequences apart and say when a step was; nothing where each row is a sequence.
  ///
  /// - Throws: ``DataError`` for a time that is none.
  init(_ table: RecordTable, _ roles: TableRoles) throws(DataError) {
    guard let id = roles.id else { return }
    var names = InternedColumn()
    var times: [Double] = []
    var (isTogether, isSorted) = (true, true)
    try table.forEachRow { row, fields throws(DataError) in
      let known = names.names.count
      names.append(fields[id])
      let isSame = row > 0 && names.code(row) == names.code(row - 1)
      // a name that was there before, but not in the row before
      if !isSame, names.names.count == known { isTogether = false }
      if let time = roles.time { times.append(try roles.moment(fields[time], table, row: row)) }
      if isSame, !times.isEmpty, times[row] < times[row - 1] { isSorted = false }
    }
    if isTogether, isSorted { return }
    order = (0..<Int32(names.count)).sorted { a, b in
      let (first, second) = (Int(a), Int(b))
      return (names.code(first), times.isEmpty ? 0 : times[first], a)
        < (names.code(second), times.isEmpty ? 0 : times[second], b)
    }
    let name = table.columns[id]
    if !isTogether {
      let sorting = times.isEmpty ? ", in the order of the table" : ", sorted by their times"
      notes.append(
        DataNote(
          .found, "rows of one \"\(name)\" do not follow each other; they were put together\(sorting)",
          setting: "id-column"))
    } else {
      notes.append(
        DataNote(
          .warning, "rows of one \"\(name)\" are not in the order of their times; they were sorted",
          setting: "time"))
    }
  }
}
