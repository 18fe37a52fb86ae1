extension RecordTable {
  /// A table with one more column: the fields of others, as they are written, with commas between.
  func joining(_ places: [Int]) -> RecordTable {
    var table = self
    table.joined = places
    table.columns.append(places.map { columns[$0] }.joined(separator: ","))
    return table
  }

  /// The fields of the columns that are made of others, from those of the file.
  func made(of fields: [String]) -> [String] {
    let numbers = indicators.map { fields[$0.column].trimmingBlanks == $0.word ? "1" : "0" }
    return joined.isEmpty
      ? numbers : numbers + [joined.map { fields[$0].trimmingBlanks }.joined(separator: ", ")]
  }

  /// The column that somebody named, or those that he named with commas between as one column behind all others.
  ///
  /// - Throws: ``DataError/noColumn(path:name:available:)``.
  func identified(by name: String) throws(DataError) -> (table: RecordTable, column: Int) {
    if let column = columns.firstIndex(of: name) { return (self, column) }
    let names = name.split(separator: ",").map { String($0).trimmingBlanks }
    guard names.count > 1 else { return (self, try column(name)) }
    let places = try names.map { (name: String) throws(DataError) in try column(name) }
    return (joining(places), columns.count)
  }

  /// Whether columns of a name, or of several with commas between, are there.
  static func has(_ name: String, in columns: [String]) -> Bool {
    columns.contains(name)
      || name.contains(",")
        && name.split(separator: ",").allSatisfy { columns.contains(String($0).trimmingBlanks) }
  }
}
