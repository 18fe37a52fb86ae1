/// The items that a model knows, the most frequent of its training part first, and what they are called.
public struct ItemVocabulary: Sendable, Equatable {
  /// The items as the data name them.
  public let ids: [String]
  /// What each is called; empty where nobody says.
  public var titles: [String]
  private let numbers: [String: Int32]

  /// Items by their numbers. Traps where one occurs twice.
  public init(ids: [String], titles: [String] = []) {
    (self.ids, self.titles) = (ids, titles)
    numbers = Dictionary(uniqueKeysWithValues: zip(ids, 0..<Int32(ids.count)))
  }

  /// The items of a log.
  ///
  /// - Returns: the items by falling frequency, of equal ones in the order in which they came, and how often each occurs.
  public static func fit(_ log: InteractionLog) -> (vocabulary: ItemVocabulary, counts: [Int]) {
    var counts = [Int](repeating: 0, count: log.itemNames.count)
    for item in log.items { counts[Int(item)] += 1 }
    let order = counts.indices.filter { counts[$0] > 0 }.sorted {
      counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1
    }
    return (ItemVocabulary(ids: order.map { log.itemNames[$0] }), order.map { counts[$0] })
  }

  /// The number of items.
  public var count: Int { ids.count }

  /// The number of an item; nil for one that is not known.
  public func number(_ id: String) -> Int32? { numbers[id] }

  /// What an item is called; nil where nobody says.
  public func title(_ number: Int32) -> String? {
    titles.isEmpty || titles[Int(number)].isEmpty ? nil : titles[Int(number)]
  }

  /// What an item is called, or else its id.
  public func name(_ number: Int32) -> String { title(number) ?? ids[Int(number)] }

  /// The numbers of the items of a log; -1 for those that are not known.
  public func numbers(of log: InteractionLog) -> [Int32] { log.itemNames.map { numbers[$0] ?? -1 } }
}

extension ItemVocabulary: Codable {
  private enum CodingKeys: CodingKey { case ids, titles }

  /// Reads items.
  ///
  /// - Throws: a decoding error where one occurs twice, or titles are too few or too many.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let ids = try container.decode([String].self, forKey: .ids)
    let titles = try container.decode([String].self, forKey: .titles)
    guard Set(ids).count == ids.count, titles.isEmpty || titles.count == ids.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .ids, in: container, debugDescription: "items twice, or not as many titles as items")
    }
    self.init(ids: ids, titles: titles)
  }

  /// Writes ids and titles.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(ids, forKey: .ids)
    try container.encode(titles, forKey: .titles)
  }
}

extension ItemVocabulary {
  /// Names of columns that titles stand in.
  private static let titleColumns: Set<String> = [
    "title", "name", "itemname", "movietitle", "producttitle", "productname",
  ]

  /// The vocabulary with the titles of a table of items: MovieLens' `u.item` and `movies.dat`, RecBole's `.item`, any CSV.
  ///
  /// - Parameters:
  ///   - source: the table; an item that is not known is passed over.
  ///   - item: the column of the ids; nil to recognise it, else the first.
  ///   - title: the column of the titles; nil to recognise it, else the second.
  /// - Returns: the vocabulary, and what was found and assumed.
  /// - Throws: ``DataError`` or a format error.
  public func titled(
    by source: DataSource, item: String?, title: String?
  ) throws -> (vocabulary: ItemVocabulary, notes: [DataNote]) {
    var notes: [DataNote] = []
    func plain(_ name: String) -> String {
      name.prefix { $0 != ":" }.lowercased().filter { !["_", "-", " "].contains($0) }
    }
    let text = try InteractionText.table(source, notes: &notes)
    let table = try RecordTable(text, format: nil) { names in
      !names.contains {
        $0 == item || $0 == title || InteractionRole($0) == .item
          || ItemVocabulary.titleColumns.contains(plain($0))
      }
    }
    guard table.columns.count > 1 else {
      throw DataError.malformed(
        path: source.name, place: .line(1), expected: "a column of items and one of their names",
        found: "one column")
    }
    let own = item.flatMap { table.columns.contains($0) ? $0 : nil }
    let ids =
      try own.map { try table.column($0) } ?? table.columns.firstIndex { InteractionRole($0) == .item } ?? 0
    let names =
      try title.map { try table.column($0) }
      ?? table.columns.firstIndex { ItemVocabulary.titleColumns.contains(plain($0)) } ?? (ids == 0 ? 1 : 0)
    if title == nil {
      notes.append(
        DataNote(
          .assumed, "the names of items are the column \"\(table.columns[names])\" of \(source.name)",
          setting: "name"))
    }
    var vocabulary = self
    vocabulary.titles = [String](repeating: "", count: count)
    for row in 0..<table.count {
      let fields = try table.row(row)
      guard let number = number(fields[ids].trimmingBlanks) else { continue }
      vocabulary.titles[Int(number)] = fields[names].trimmingBlanks
    }
    let missing = vocabulary.titles.count(where: \.isEmpty)
    notes.append(
      missing == 0
        ? DataNote(.found, "all items have names")
        : DataNote(.warning, "\(missing) of \(count) items have no name in \(source.name)"))
    return (vocabulary, notes)
  }
}
