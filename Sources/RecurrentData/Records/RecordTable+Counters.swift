extension RecordTable {
  /// Names of columns that may number the rows.
  private static let counterNames: Set<String> = [
    "", "no", "no.", "nr", "nr.", "#", "index", "idx", "row", "rownum", "row_number", "id", "unnamed: 0",
  ]
  /// How the names of columns that name what a row is about end.
  private static let identifierEndings = ["_id", " id", "-id", "uuid", "guid"]

  /// The columns whose whole numbers count the rows in steps of one size, by a name that says so or without one.
  ///
  /// - Throws: ``DataError``.
  func counters() throws(DataError) -> Set<Int> {
    let named = columns.indices.filter { column in
      let name = columns[column].trimmingBlanks.lowercased()
      return isNumeric(column) && (RecordTable.counterNames.contains(name) || name.hasPrefix("column "))
    }
    guard !named.isEmpty else { return [] }
    let rows = try sampledRows(400)
    guard rows.count > 2 else { return [] }
    let fields = try rows.map { row throws(DataError) in try self.row(row) }
    return Set(
      named.filter { column in
        let values = fields.map { FieldNumber.plain($0[column].trimmingBlanks) }
        guard let first = values[0], let second = values[1], first == first.rounded() else { return false }
        let step = (second - first) / Double(rows[1] - rows[0])
        return step != 0 && step == step.rounded()
          && zip(rows, values).allSatisfy { $1 == first + step * Double($0) }
      })
  }

  /// The columns whose whole numbers or words are another one in every row, by a name that says that they name what it is about.
  ///
  /// - Throws: ``DataError``.
  func identifiers() throws(DataError) -> Set<Int> {
    let named = columns.indices.filter { column in
      let name = columns[column].trimmingBlanks.lowercased()
      return name == "id" || RecordColumns.idNames.contains(name)
        || RecordTable.identifierEndings.contains { name.hasSuffix($0) }
    }
    guard !named.isEmpty else { return [] }
    let rows = try sample(1_000)
    guard rows.count > 9 else { return [] }
    return Set(
      named.filter { column in
        let values = rows.map { $0[column].trimmingBlanks }
        guard Set(values).count == values.count else { return false }
        return !isNumeric(column)
          || values.allSatisfy { FieldNumber.plain($0).map { $0 == $0.rounded() } ?? false }
      })
  }
}
