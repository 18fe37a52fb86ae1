/// Columns of words that are channels of recordings.
extension RecordingReader {
  /// Names that say who or what a step comes from, or what it is for, and no categories that others have, too.
  private static func isCategory(_ name: String) -> Bool {
    let name = name.lowercased()
    let others =
      RecordColumns.groupNames + RecordColumns.writerNames + RecordColumns.splitNames + RecordColumns.idNames
      + RecordColumns.deviceNames + RecordColumns.clipNames + RecordColumns.labelNames
      + RecordColumns.inputNames
    return !others.contains(name) && !SeriesKeys.isName(name)
  }

  /// Looks through all tables for columns of few words: those that somebody named, or where they may be found others that are neither
  /// times nor names.
  ///
  /// - Throws: ``DataError`` or a format error; also where a column that was named has too many words.
  mutating func findCategories(_ sources: [DataSource]) throws {
    if let known = known.indicators {
      indicators = known
      return
    }
    let asked = columns.records.categories
    guard asked != nil || known.findsCategories, known.channels == nil, !readsWords else { return }
    var words: [String: Set<String>] = [:]
    var (refused, first) = (Set<String>(), RecordTable?.none)
    for source in sources {
      let source = try source.resolved.unfolded(numbersOnly: true)
      guard try RecordingReader.isTable(source) else { continue }
      let table = try RecordTable(source, format: columns.records.format, known: format)
      let guess = asked == nil ? try TimeGuess(table, without: []).found()?.places ?? [] : []
      let ignored =
        columns.records.ignored + [columns.records.time, columns.records.label].compactMap { $0 }
        + (columns.records.id.map { [$0] + $0.split(separator: ",").map { String($0).trimmingBlanks } } ?? [])
      let places =
        try asked.map { try $0.map { try table.column($0) } }
        ?? table.columns.indices.filter { column in
          !table.isNumeric(column) && !guess.contains(column) && !ignored.contains(table.columns[column])
            && RecordingReader.isCategory(table.columns[column])
        }
      let found = try table.categories(places)
      for place in places {
        let name = table.columns[place]
        if let own = found[place] { words[name, default: []].formUnion(own) } else { refused.insert(name) }
      }
      first = first ?? table
    }
    guard let first else { return }
    if asked != nil, let name = refused.sorted().first(where: { words[$0] == nil }) {
      throw DataError.invalidSetting(
        name: "categories", expected: "columns with 2 to \(RecordTable.mostCategories) different words",
        found: "\"\(name)\"")
    }
    let found = words.filter { $0.value.count <= RecordTable.mostCategories }
    var listed: [Int: [String]] = [:]
    for (name, own) in found { listed[try first.column(name)] = own.sorted() }
    if let note = first.categoryNote(listed, setting: "categories") { add(note) }
    indicators = listed.keys.sorted().flatMap { listed[$0] ?? [] }
  }
}
