/// What names the series of a table in which every row is one, or a part of one: a column, several together, or one whose fields
/// hold several keys, as in tables of Eurostat (`unit,sex,geo\\time`).
struct SeriesName: Sendable {
  private enum Form: Sendable {
    /// The first column.
    case first
    /// These of the columns together.
    case joined([Int])
    /// The first column, whose fields hold keys with these names.
    case stacked([String])
  }

  private let form: Form

  /// Looks at the columns that are no steps: as few of the first ones as tell rows apart, those with words where there are any.
  ///
  /// - Parameters:
  ///   - table: the table.
  ///   - kept: the columns.
  ///   - besides: columns that may be different in rows of one series.
  init(_ table: RecordTable, _ kept: [Int], besides: [Int] = []) throws(DataError) {
    let head = table.columns[kept[0]]
    let keys =
      head.split(separator: "\\").first.map { $0.split(separator: ",").map { String($0).trimmingBlanks } }
      ?? []
    if keys.count > 1, head.contains("\\") {
      form = .stacked(keys)
      return
    }
    let words = kept.filter { !table.isNumeric($0) }
    let keyed = words.isEmpty ? kept : words
    var width = 1
    while width < keyed.count, try !SeriesName.areKeys(keyed.prefix(width) + besides, of: table) {
      width += 1
    }
    let own = keyed.prefix(width).compactMap { kept.firstIndex(of: $0) }
    form = own == [0] ? .first : .joined(own)
  }

  /// Of so many columns all together.
  init(all count: Int) { form = count == 1 ? .first : .joined(Array(0..<count)) }

  /// Whether no two rows have the same fields in some columns.
  private static func areKeys(_ columns: some Sequence<Int>, of table: RecordTable) throws(DataError) -> Bool
  {
    let columns = Array(columns)
    var (seen, areUnique) = (Set<[String]>(), true)
    try table.forEachRow { _, fields in
      if areUnique { areUnique = seen.insert(columns.map { fields[$0].trimmingBlanks }).inserted }
    }
    return areUnique
  }

  /// The columns that tell series apart, of which each row is a period: none where the periods are different ones throughout, else
  /// one, or the first ones together.
  static func naming(_ table: RecordTable, _ columns: [Int], besides periods: [Int]) throws(DataError)
    -> [Int]
  {
    if try areKeys(periods, of: table) { return [] }
    for column in columns where try areKeys([column] + periods, of: table) { return [column] }
    for width in 0...columns.count where width > 1 {
      if try areKeys(columns.prefix(width) + periods, of: table) { return Array(columns.prefix(width)) }
    }
    return Array(columns.prefix(1))
  }

  /// The names of the columns of a long table.
  func columns(_ kept: [String]) -> [String] {
    switch form {
    case .first: kept
    case .joined(let places): [places.map { kept[$0] }.joined(separator: ", ")] + kept
    case .stacked(let keys): [keys.joined(separator: ",")] + keys + kept.dropFirst()
    }
  }

  /// The fields of a long table.
  func fields(_ kept: [String]) -> [String] {
    switch form {
    case .first: return kept
    case .joined(let places): return [places.map { kept[$0].trimmingBlanks }.joined(separator: ", ")] + kept
    case .stacked(let keys):
      var own = kept[0].split(separator: ",", omittingEmptySubsequences: false).map {
        String($0).trimmingBlanks
      }
      own += [String](repeating: "", count: max(0, keys.count - own.count))
      return [kept[0].trimmingBlanks] + own.prefix(keys.count) + kept.dropFirst()
    }
  }
}
