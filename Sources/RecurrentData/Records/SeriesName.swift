/// What names the series of a table in which every row is one: a column, several together, or one whose fields hold several keys,
/// as in tables of Eurostat (`unit,sex,geo\\time`).
struct SeriesName: Sendable {
  private enum Form: Sendable {
    /// The first column.
    case first
    /// So many columns together.
    case joined(Int)
    /// The first column, whose fields hold keys with these names.
    case stacked([String])
  }

  private let form: Form

  /// Looks at the columns that are no steps.
  init(_ table: RecordTable, _ kept: [Int]) throws(DataError) {
    let head = table.columns[kept[0]]
    let keys =
      head.split(separator: "\\").first.map { $0.split(separator: ",").map { String($0).trimmingBlanks } }
      ?? []
    if keys.count > 1, head.contains("\\") {
      form = .stacked(keys)
      return
    }
    var width = 1
    let words = kept.filter { !table.isNumeric($0) }
    while width < words.count {
      var (seen, isUnique) = (Set<[String]>(), true)
      try table.forEachRow { _, fields in
        if isUnique { isUnique = seen.insert(words.prefix(width).map { fields[$0] }).inserted }
      }
      if isUnique { break }
      width += 1
    }
    form = width > 1 && words == Array(kept.prefix(words.count)) ? .joined(width) : .first
  }

  /// The names of the columns of a long table.
  func columns(_ kept: [String]) -> [String] {
    switch form {
    case .first: kept
    case .joined(let width): [kept.prefix(width).joined(separator: ", ")] + kept
    case .stacked(let keys): [keys.joined(separator: ",")] + keys + kept.dropFirst()
    }
  }

  /// The fields of a long table.
  func fields(_ kept: [String]) -> [String] {
    switch form {
    case .first: return kept
    case .joined(let width): return [kept.prefix(width).joined(separator: ", ")] + kept
    case .stacked(let keys):
      var own = kept[0].split(separator: ",", omittingEmptySubsequences: false).map {
        String($0).trimmingBlanks
      }
      own += [String](repeating: "", count: max(0, keys.count - own.count))
      return [kept[0].trimmingBlanks] + own.prefix(keys.count) + kept.dropFirst()
    }
  }
}
