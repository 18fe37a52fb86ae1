import RecurrentFormats

/// A number that says whether a column of words has one of them: the column `weather=rain` of the column `weather`.
package struct CategoryIndicator: Sendable, Equatable {
  /// The column of words.
  var column: Int
  /// The word.
  var word: String

  /// What the column of the number is called.
  static func name(_ column: String, _ word: String) -> String { "\(column)=\(word)" }

  /// The columns of words and the words that a name may stand for.
  static func parts(of name: String) -> [(column: String, word: String)] {
    name.indices.filter { name[$0] == "=" }.map { place in
      (String(name[..<place]), String(name[name.index(after: place)...]))
    }
  }

  /// What an object of JSON says of a column: itself, or the word of the column that it is about.
  package static func value(_ name: String, in object: [String: JSONValue]) -> JSONValue? {
    if let own = object[name] { return own }
    for (column, word) in parts(of: name) {
      guard let field = object[column]?.field else { continue }
      return .number(field.trimmingBlanks == word ? 1 : 0)
    }
    return nil
  }
}

extension RecordTable {
  /// Different words of a column that is read as categories, at most.
  static let mostCategories = 24

  /// The columns that stand in the file.
  var ownColumns: ArraySlice<String> {
    columns.prefix(columns.count - indicators.count - (joined.isEmpty ? 0 : 1))
  }

  /// The columns whose words are numbers.
  var spelledColumns: Set<Int> { Set(indicators.map(\.column)) }

  /// A table with one more column of numbers, 0 or 1, for each name that none has and that is one of a column and a word. It must not
  /// be made of several columns already.
  func indicating(_ names: [String]) -> RecordTable {
    var table = self
    for name in names where !table.columns.contains(name) {
      let own = CategoryIndicator.parts(of: name).lazy.compactMap { parts in
        columns.firstIndex(of: parts.column).map { CategoryIndicator(column: $0, word: parts.word) }
      }.first
      guard let own else { continue }
      table.indicators.append(own)
      table.columns.append(name)
      table.addNumbers(table.columns.count - 1)
    }
    return table
  }

  /// The names of the numbers that columns of words become, in the order of their words.
  ///
  /// - Parameters:
  ///   - places: the columns.
  ///   - least: different words that a column must have.
  /// - Returns: for each column its names; nil where it has more words than are read, or fewer.
  func categories(_ places: [Int], least: Int = 2) throws(DataError) -> [Int: [String]] {
    var words: [Int: Set<String>] = [:]
    var left = Set(places)
    try forEachRow { _, fields in
      for place in left {
        let text = fields[place].trimmingBlanks
        if isMissing(text) { continue }
        words[place, default: []].insert(text)
        if words[place]?.count ?? 0 > RecordTable.mostCategories { left.remove(place) }
      }
    }
    return words.filter { left.contains($0.key) && $0.value.count >= least }.mapValues { $0.sorted() }.reduce(
      into: [:]
    ) { names, own in
      names[own.key] = own.value.map { CategoryIndicator.name(columns[own.key], $0) }
    }
  }

  /// A warning about words that none of the categories is; nil where there are none.
  func unknownCategories() throws(DataError) -> DataNote? {
    var known: [Int: Set<String>] = [:]
    for own in indicators { known[own.column, default: []].insert(own.word) }
    guard !known.isEmpty else { return nil }
    var (found, count) = (Set<String>(), 0)
    try forEachRow { _, fields in
      for (column, words) in known {
        let text = fields[column].trimmingBlanks
        guard !isMissing(text), !words.contains(text) else { continue }
        count += 1
        if found.count < 4 { found.insert(text) }
      }
    }
    guard count > 0 else { return nil }
    let listed = found.sorted().map { "\"\($0.prefix(20))\"" }.joined(separator: ", ")
    return DataNote(
      .warning, "\(listed) in \(count) rows: words that training did not have; they count as none")
  }

  /// What is said about columns that are read as categories.
  func categoryNote(_ names: [Int: [String]], setting: String) -> DataNote? {
    guard !names.isEmpty else { return nil }
    let listed = names.keys.sorted().map { "\"\(columns[$0])\" (\(names[$0]?.count ?? 0) words)" }
      .joined(separator: ", ")
    return DataNote(
      .assumed, "\(listed): read as categories, a number that is 0 or 1 for each word", setting: setting)
  }
}
