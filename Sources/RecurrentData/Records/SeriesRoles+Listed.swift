extension SeriesRoles {
  /// What each column was taken for.
  ///
  /// - Throws: ``DataError``.
  func listed(_ rows: SeriesRows, ignored: [String]) throws(DataError) -> [ColumnRole] {
    let table = rows.table
    let times = Set(rows.timeColumns?.places ?? [])
    return try table.columnRoles(times: rows.isCalendar ? times : []) { column in
      if times.contains(column) { return ("time", "time") }
      if column == rows.id
        || table.joined.contains(column) && rows.numbers[column] == nil && !statics.contains(column)
      {
        return ("name of the series", "id-column")
      }
      if targets.contains(column) { return ("target", "target") }
      if known.contains(column) { return ("known ahead", "known") }
      if table.spelledColumns.contains(column) { return ("a number for each word", "known") }
      if statics.contains(column) { return ("the same throughout a series", "statics") }
      if ignored.contains(table.columns[column]) { return ("ignored", "ignore-columns") }
      if rows.counters.contains(column) { return ("not used: numbers or names the rows", "target") }
      if rows.saidParts.contains(column) { return ("not used: the times say it already", "target") }
      if rows.numbers[column] == nil { return ("not used: no numbers", "known") }
      return rows.changes(column)
        ? ("not used: nobody says that it is known ahead", "known")
        : ("not used: the same in all rows", "target")
    }
  }
}
