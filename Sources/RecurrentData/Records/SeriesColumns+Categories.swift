extension SeriesColumns {
  /// The table and the columns with the words of those that are known ahead, or of the past alone, as numbers.
  ///
  /// - Parameter table: the table.
  /// - Throws: ``DataError``.
  func spellingOut(_ table: RecordTable) throws(DataError) -> (
    table: RecordTable, columns: SeriesColumns, notes: [DataNote]
  ) {
    var (own, table, notes) = (self, table.indicating(known + past), [DataNote]())
    if let note = try table.unknownCategories() { notes.append(note) }
    var (words, listed) = ([Int: [String]](), Set<String>())
    for name in known + past where listed.insert(name).inserted {
      let column = try table.column(name)
      guard !table.isNumeric(column), try !table.holdsBooleans(column),
        let names = try table.categories([column], least: 1)[column]
      else { continue }
      words[column] = names
      let setting = known.contains(name) ? "known" : "past"
      if let note = table.categoryNote([column: names], setting: setting) { notes.append(note) }
    }
    func spelled(_ name: String) -> [String] {
      table.columns.firstIndex(of: name).flatMap { words[$0] } ?? [name]
    }
    own.known = known.flatMap(spelled)
    own.past = past.flatMap(spelled)
    table = table.indicating(own.known + own.past)
    return (table, own, notes)
  }
}

extension RecordTable {
  /// Whether a column has words for true and false alone, in rows from all of the table.
  func holdsBooleans(_ column: Int) throws(DataError) -> Bool {
    let texts = try sample(400).map { $0[column].trimmingBlanks }.filter { !isMissing($0) }
    return !texts.isEmpty && texts.allSatisfy { BooleanWord.value($0) != nil }
  }
}
