/// Texts of many rows of which few are different, each kept once.
struct InternedColumn: Sendable {
  /// The different texts, in the order of their first rows.
  private(set) var names: [String] = []
  private var codes: [Int32] = []
  private var places: [String: Int32] = [:]

  /// Adds the text of a row.
  mutating func append(_ text: String) {
    if let place = places[text] {
      codes.append(place)
    } else {
      let place = Int32(names.count)
      places[text] = place
      codes.append(place)
      names.append(text)
    }
  }

  /// Rows.
  var count: Int { codes.count }

  /// Which of the different texts a row has.
  func code(_ row: Int) -> Int { Int(codes[row]) }

  /// The text of a row.
  subscript(row: Int) -> String { names[Int(codes[row])] }
}
