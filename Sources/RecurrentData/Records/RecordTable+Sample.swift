extension RecordTable {
  /// The fields of the first rows, at most `count`.
  func head(_ count: Int) throws(DataError) -> [[String]] {
    var rows: [[String]] = []
    try forEachRow(to: count) { rows.append($1) }
    return rows
  }

  /// The numbers of rows from all of the table, in their order: the first, the last, and others at equal distances.
  func sampledRows(_ most: Int) throws(DataError) -> [Int] {
    guard count > most else { return Array(0..<count) }
    let step = Double(count - 1) / Double(most - 1)
    var rows = Array(0..<min(50, most / 2))
    for index in 0..<most {
      let row = min(Int((Double(index) * step).rounded()), count - 1)
      if row > rows[rows.count - 1] { rows.append(row) }
    }
    return rows
  }

  /// The fields of rows from all of the table.
  func sample(_ most: Int) throws(DataError) -> [[String]] {
    try sampledRows(most).map { index throws(DataError) in try row(index) }
  }

  /// The first row whose fields fit; nil where none do.
  func firstRow(where fits: ([String]) -> Bool) throws(DataError) -> Int? {
    for index in 0..<count where fits(try row(index)) { return index }
    return nil
  }

  /// Why columns are none of numbers, for errors: the first field of each that is none.
  func reasons() throws(DataError) -> String {
    let rows = try sampledRows(200)
    var reasons: [String] = []
    for column in columns.indices.prefix(20) {
      var found = "nothing"
      for index in rows {
        let text = try row(index)[column].trimmingBlanks
        if isMissing(text) || FieldNumber.isNumber(text) { continue }
        found = "\"\(text.prefix(20))\" on line \(line(of: index))"
        break
      }
      reasons.append("\"\(columns[column])\" has \(found)")
    }
    return reasons.joined(separator: ", ")
  }
}
