/// Which columns or languages of parallel text are the source and the target; nil where the data are to tell.
public struct ParallelSides: Sendable, Equatable, Codable {
  /// The column of a table with the sentences, by its name, or by its number from 1.
  public var sourceColumn: String?
  /// The columns with translations, several for several references.
  public var targetColumns: [String]
  /// The languages, such as `en`, which also stands for `en-GB`.
  public var sourceLanguage, targetLanguage: String?

  /// Names or numbers of columns, and languages.
  public init(
    sourceColumn: String? = nil, targetColumns: [String] = [], sourceLanguage: String? = nil,
    targetLanguage: String? = nil
  ) {
    (self.sourceColumn, self.targetColumns) = (sourceColumn, targetColumns)
    (self.sourceLanguage, self.targetLanguage) = (sourceLanguage, targetLanguage)
  }

  static let sourceNames = ["source", "src", "source_text", "sentence", "input", "original"]
  static let targetNames = [
    "target", "tgt", "trg", "target_text", "translation", "reference", "references", "output",
  ]

  /// Whether a language that data name is the one that is asked for, or a kind of it: `en-GB` of `en`, also `English`.
  static func isLanguage(_ name: String, _ asked: String) -> Bool {
    func plain(_ text: String) -> String { text.lowercased().replacing("_", with: "-") }
    let (name, asked) = (plain(name), plain(asked))
    return name == asked || name.hasPrefix(asked + "-")
      || LanguageNames.code(of: name).map { $0 == LanguageNames.code(of: asked) ?? asked } ?? false
  }

  /// Whether a text looks like the code of a language: `en`, `deu`, `pt-BR`, `zh_Hans`.
  static func looksLikeLanguage(_ text: String) -> Bool {
    let parts = text.split(whereSeparator: { $0 == "-" || $0 == "_" })
    guard let first = parts.first, parts.count <= 3, (2...3).contains(first.utf8.count) else { return false }
    return first.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) && $0 > 0x40 }
      && parts.dropFirst().allSatisfy {
        (2...4).contains($0.utf8.count) && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
      }
  }

  /// The places of columns.
  struct Places {
    var source: Int
    var targets: [Int]
    /// Whether nobody said so.
    var areAssumed = false
  }

  /// Whether the first fields of a table are the names of its columns.
  ///
  /// - Parameter second: the fields behind them; nil where there are none.
  func isHeader(_ fields: [String], before second: [String]?) -> Bool {
    let names = fields.map(\.trimmingBlanks)
    let asked = ([sourceColumn].compactMap { $0 } + targetColumns).filter { Int($0) == nil }
    if !asked.isEmpty {
      return asked.contains { name in names.contains { $0.lowercased() == name.lowercased() } }
    }
    guard Set(names).count == names.count else { return false }
    let words = names.count {
      let name = $0.lowercased()
      return ParallelSides.sourceNames.contains(name) || ParallelSides.targetNames.contains(name)
    }
    if words >= 2 { return true }
    // "german" beside "deutsch" is a pair
    if Set(names.compactMap { LanguageNames.code(of: $0) }).count >= 2 { return true }
    // of short words each row looks like codes
    let areCodes = { (row: [String]) in row.count(where: ParallelSides.looksLikeLanguage) >= 2 }
    return areCodes(names) && names == names.map { $0.prefix(2).lowercased() + $0.dropFirst(2) }
      && second.map { !areCodes($0) } ?? false
  }

  /// Finds the columns.
  ///
  /// - Parameters:
  ///   - columns: the names of all, `1`, `2` and so on in a table without names.
  ///   - path: the table, for errors.
  ///   - haveOrder: whether the first columns are the likeliest; members of JSON have no order.
  ///   - needsTargets: whether a table with sentences alone is refused.
  /// - Throws: ``DataError/noColumn(path:name:available:)`` or
  ///   ``DataError/invalidSetting(name:expected:found:)``.
  func places(
    in columns: [String], path: String, haveOrder: Bool = true, needsTargets: Bool
  ) throws(DataError) -> Places {
    let lower = columns.map { $0.trimmingBlanks.lowercased() }
    func place(_ name: String) throws(DataError) -> Int {
      if let place = columns.firstIndex(of: name) ?? lower.firstIndex(of: name.lowercased()) { return place }
      if let number = Int(name), columns.indices.contains(number - 1) { return number - 1 }
      throw .noColumn(path: path, name: name, available: Array(columns.prefix(20)))
    }
    func place(_ language: String?, _ names: [String]) -> Int? {
      let byLanguage = language.flatMap { asked in lower.firstIndex { ParallelSides.isLanguage($0, asked) } }
      return byLanguage ?? names.lazy.compactMap { lower.firstIndex(of: $0) }.first
    }
    var source = place(sourceLanguage, ParallelSides.sourceNames)
    if let sourceColumn { source = try place(sourceColumn) }
    var targets: [Int] = []
    for name in targetColumns { targets.append(try place(name)) }
    if targets.isEmpty, let found = place(targetLanguage, ParallelSides.targetNames), found != source {
      targets = [found]
    }
    // of two columns the other one
    var areAssumed = false
    let areNumbers = columns.allSatisfy { Int($0) != nil }
    let isPair = columns.count == 2 && (haveOrder || source != nil || !targets.isEmpty)
    if source == nil, isPair || areNumbers {
      source = columns.indices.first { !targets.contains($0) }
      areAssumed = true
    }
    if targets.isEmpty, needsTargets, isPair || areNumbers, let source, columns.count > 1 {
      targets = [source == 0 ? 1 : 0]
      areAssumed = true
    }
    if source == nil, !needsTargets, columns.count == 1 { source = 0 }
    guard let found = source, !targets.isEmpty || !needsTargets else {
      throw .invalidSetting(
        name: source == nil ? "source-column" : "target-column",
        expected:
          "the column with the \(source == nil ? "sentences" : "translations") of \(path), which no name tells",
        found: "none; the columns are \(columns.prefix(20).map { "\"\($0)\"" }.joined(separator: ", "))")
    }
    if targets.contains(found) {
      throw .invalidSetting(
        name: "target-column", expected: "another column than `source-column`", found: "\"\(columns[found])\""
      )
    }
    return Places(source: found, targets: targets, areAssumed: areAssumed)
  }
}
