/// Which rows of a table are the steps of one sequence.
extension TableRoles {
  /// Whether a column whose name may mean a file tells which rows are the steps of a sequence: names of nothing that is there, each in
  /// many rows, which have numbers, a time or a number of their own, and one label.
  static func namesSequences(
    _ column: Int, of table: RecordTable, _ label: Int?, without ignored: Set<Int>
  ) throws -> Bool {
    guard let label, RecordColumns.clipNames.contains(table.columns[column].lowercased()),
      let step = RecordColumns.first(RecordColumns.timeNames + RecordColumns.counterNames, in: table.columns),
      table.columns.indices.contains(where: {
        ![column, label, step].contains($0) && !ignored.contains($0) && table.isNumeric($0)
      })
    else { return false }
    let (rows, head) = (try table.sample(1_000), try table.head(200))
    var labels: [String: String] = [:]
    for fields in rows {
      let name = fields[column]
      guard !name.isEmpty, !name.contains(" "),
        labels.updateValue(fields[label], forKey: name) ?? fields[label] == fields[label]
      else { return false }
    }
    let follows = zip(head, head.dropFirst()).count { $0[column] == $1[column] }
    guard 2 * follows >= head.count || 2 * labels.count <= rows.count else { return false }
    return !head.prefix(20).contains { fields in
      fields[column].utf8.count < 4096
        && DataFolder.exists(DataFolder.path(fields[column], besides: table.path))
    }
  }

  /// The column by which rows are one sequence, or two that are so together: each of their values stands in many rows, which may be
  /// anywhere in the table. Empty where there is none.
  ///
  /// Of names that may mean something else besides, the label must be the same throughout what would be a sequence.
  static func sequenceNumber(
    _ table: RecordTable, without taken: Set<Int>, _ label: Int?, time asked: Int?, _ notes: inout [DataNote]
  ) throws(DataError) -> [Int] {
    let (rows, head) = (try table.sample(1_000), try table.head(200))
    let weak = RecordColumns.deviceNames + RecordColumns.clipNames
    let names = RecordColumns.idNames + weak
    let columns = names.compactMap { RecordColumns.first([$0], in: table.columns) }
    let time =
      asked
      ?? (RecordColumns.timeNames + RecordColumns.counterNames).lazy
      .compactMap { RecordColumns.first([$0], in: table.columns) }.first { !taken.contains($0) }
    for column in columns where !taken.contains(column) {
      var labels: [String: String] = [:]
      let name = table.columns[column].lowercased()
      let isWeak = weak.contains(name) && !RecordColumns.idNames.contains(name)
      let isOne = rows.allSatisfy { fields in
        let own = label.map { fields[$0] } ?? ""
        return labels.updateValue(own, forKey: fields[column]).map { $0 == own } ?? true
      }
      let follows = zip(head, head.dropFirst()).contains { $0[column] == $1[column] }
      guard follows || 2 * labels.count <= rows.count, !isWeak || label != nil else { continue }
      let keys = try SequenceKeys(table, time: time, label: label).columns(with: column, without: taken)
      guard !isWeak || (keys.map { $0.count > 1 } ?? false) || isOne && labels.count > 1 else { continue }
      let found = keys ?? [column]
      let listed = found.map { "\"\(table.columns[$0])\"" }.joined(separator: " and ")
      notes.append(
        DataNote(.assumed, "rows of one \(listed) are the steps of a sequence", setting: "id-column"))
      return found
    }
    return []
  }
}
