/// When the words of recordings are said, from a table with a word, its beginning and its end in each row.
struct WordTimes: Sendable {
  private let table: EventTable
  /// The rows of each file by its name in the table.
  private let rows: [String: [Int]]

  /// Reads a table.
  ///
  /// - Throws: ``DataError`` or a format error, also where the rows name no files.
  init(_ source: DataSource, _ notes: inout [DataNote]) throws {
    var columns = RecordingColumns()
    columns.records.format = TableFormat(decimal: .point)
    table = try EventTable(source, columns, known: nil, &notes)
    guard table.namesFiles else {
      throw DataError.invalidSetting(
        name: "word-times", expected: "a table with the file of each word", found: "none in \(source.name)")
    }
    rows = Dictionary(grouping: table.rows.indices) { [table] in table.rows[$0].file }
  }

  /// Whether a file of this name has words.
  func contains(_ name: String) -> Bool { rows[name] != nil }

  /// The words of a file in seconds, by time; nil where the table has none.
  ///
  /// - Throws: ``DataError`` for times that it does not have, or a format error.
  func events(of name: String, in source: DataSource) throws -> [LabelledEvent]? {
    guard let own = rows[name] else { return nil }
    let recording = try Recording(source, reads: true, format: nil)
    return try table.events(own.map { table.rows[$0] }, in: recording, assumed: nil)
  }
}
