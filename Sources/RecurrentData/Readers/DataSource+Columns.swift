import RecurrentFormats

extension DataSource {
  /// The source with a row for each step, where it is a JSON object whose lists are columns; other members stand in every row.
  ///
  /// - Parameter numbersOnly: whether lists are columns only where all hold numbers; others may be sentences.
  /// - Throws: ``DataError`` where the lists have different lengths, or a format error.
  func unfolded(numbersOnly: Bool = false) throws -> DataSource {
    guard case .object(let members)? = try value() else { return self }
    var (columns, constants): ([(name: String, values: [JSONValue])], [String: JSONValue]) = ([], [:])
    for (name, member) in members.sorted(by: { $0.key < $1.key }) {
      if case .list(let values) = member { columns.append((name, values)) } else { constants[name] = member }
    }
    let areColumns = columns.allSatisfy { column in
      column.values.allSatisfy { value in
        switch value {
        case .number, .null: true
        case .text, .bool: !numbersOnly
        case .list, .object: false
        }
      }
    }
    guard let first = columns.first, areColumns else { return self }
    if let other = columns.first(where: { $0.values.count != first.values.count }) {
      throw DataError.malformed(
        path: name, place: .line(1),
        expected: "lists of one length, as \"\(first.name)\" with \(first.values.count) values",
        found: "\"\(other.name)\" with \(other.values.count)")
    }
    let rows = first.values.indices.map { index in
      JSONValue.object(constants.merging(columns.map { ($0.name, $0.values[index]) }) { $1 })
    }
    return DataSource(.list(rows), name: name)
  }
}
