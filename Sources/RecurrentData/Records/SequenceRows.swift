/// In which order the rows of a table are sequence by sequence, each in the order of its times.
struct SequenceRows {
  /// The rows by their places; nil where that is their order in the table.
  let order: [Int32]?
  /// What was found.
  let notes: [DataNote]

  /// Looks through the columns that tell sequences apart and say when a step was; nothing where each row is a sequence.
  ///
  /// - Throws: ``DataError`` for a time that is none.
  init(_ table: RecordTable, _ roles: TableRoles) throws(DataError) {
    guard let id = roles.id else {
      (order, notes) = (nil, [])
      return
    }
    var rows = SequenceOrder()
    try table.forEachRow { row, fields throws(DataError) in
      rows.append(
        fields[id],
        try roles.time.map { time throws(DataError) in try roles.moment(fields[time], table, row: row) })
    }
    (order, notes) = (rows.order, rows.notes(table.columns[id]))
  }
}

/// The order of rows that belong to sequences.
struct SequenceOrder {
  private var names = InternedColumn()
  private var times: [Double] = []
  private var (isTogether, isSorted) = (true, true)

  /// Adds a row.
  ///
  /// - Parameters:
  ///   - name: of its sequence.
  ///   - time: when it was; nil where its place says it.
  mutating func append(_ name: String, _ time: Double?) {
    let (row, known) = (names.count, names.names.count)
    names.append(name)
    let isSame = row > 0 && names.code(row) == names.code(row - 1)
    // a name that was there before, but not in the row before
    if !isSame, names.names.count == known { isTogether = false }
    if let time { times.append(time) }
    if isSame, !times.isEmpty, times[row] < times[row - 1] { isSorted = false }
  }

  /// The rows sequence by sequence, each in the order of its times; nil where that is the order in which they came.
  var order: [Int32]? {
    if isTogether, isSorted { return nil }
    return (0..<Int32(names.count)).sorted { a, b in
      let (first, second) = (Int(a), Int(b))
      return (names.code(first), times.isEmpty ? 0 : times[first], a)
        < (names.code(second), times.isEmpty ? 0 : times[second], b)
    }
  }

  /// What was found.
  ///
  /// - Parameter name: of the column.
  func notes(_ name: String) -> [DataNote] {
    if !isTogether {
      let sorting = times.isEmpty ? ", in the order of the table" : ", sorted by their times"
      return [
        DataNote(
          .found, "rows of one \"\(name)\" do not follow each other; they were put together\(sorting)",
          setting: "id-column")
      ]
    }
    if isSorted { return [] }
    return [
      DataNote(
        .warning, "rows of one \"\(name)\" are not in the order of their times; they were sorted",
        setting: "time")
    ]
  }
}
