extension TableRoles {
  /// What each column was taken for.
  ///
  /// - Throws: ``DataError``.
  func listed(_ table: RecordTable, ignored: [String]) throws(DataError) -> [ColumnRole] {
    let times = dates == nil ? [] : Set([time].compactMap { $0 })
    return try table.columnRoles(times: times) { column in
      if column == input {
        let what = areStrokes ? "strokes of a pen" : inputIsFile ? "file with the sequence" : "input"
        return (what, "input-column")
      }
      if column == segment?.start { return ("beginning of the piece of the file", "ignore-columns") }
      if column == segment?.end { return ("end of the piece of the file", "ignore-columns") }
      if column == label {
        return labelsAreNumbers ? ("number to predict", "target-column") : ("class", "label-column")
      }
      if column == split { return ("part", "split-column") }
      if column == group { return ("who a sequence comes from", "group-column") }
      if column == id || table.joined.contains(column) { return ("name of the sequence", "id-column") }
      if column == time { return (hasTimes ? "time of a step" : "order of the steps", "time") }
      if ignored.contains(table.columns[column]) { return ("ignored", "ignore-columns") }
      if values.contains(column) { return (id == nil ? "value of a step" : "channel", "ignore-columns") }
      return ("not used: \(leftOut[column] ?? "the input is another column")", nil)
    }
  }
}
