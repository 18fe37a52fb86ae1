/// Texts of one name with the codes of languages as endings, line by line translations of each other: `train.en`, `train.de`.
struct ParallelStem {
  /// The path without the ending.
  let path: String
  /// The files by their endings; those that gzip compressed have another ending behind.
  let files: [(language: String, path: String)]
  /// The part that the name says.
  var part: DataPart? { DataPart(fileName: path.split(separator: "/").last.map(String.init) ?? path) }

  private init(path: String, files: [(language: String, path: String)]) {
    (self.path, self.files) = (path, files)
  }

  /// All stems in a folder that have files in two languages or more, by name.
  static func stems(in folder: String) throws(DataError) -> [ParallelStem] {
    var files: [String: [(language: String, path: String)]] = [:]
    for entry in try DataFolder.entries(folder) where !entry.isFolder {
      let name = entry.name.lowercased().hasSuffix(".gz") ? String(entry.name.dropLast(3)) : entry.name
      guard let point = name.lastIndex(of: "."), point > name.startIndex else { continue }
      let language = String(name[name.index(after: point)...])
      guard ParallelSides.looksLikeLanguage(language), !others.contains(language.lowercased()) else {
        continue
      }
      files[folder + "/" + name[..<point], default: []].append((language, entry.path))
    }
    return files.filter { $0.value.count > 1 }.map { ParallelStem(path: $0.key, files: $0.value) }
      .sorted { $0.path < $1.path }
  }

  /// Endings of files that look like languages and are none.
  private static let others: Set = [
    "md", "txt", "csv", "tsv", "tmx", "xml", "pdf", "zip", "tar", "tgz", "py", "sh", "log", "cfg", "ini",
    "bz2",
  ]

  /// The stem of a path without an ending that no file has; nil where it is none.
  static func stem(_ path: String) throws(DataError) -> ParallelStem? {
    let cut = path.lastIndex(of: "/")
    let folder = cut.map { String(path[..<$0]) } ?? "."
    guard !DataFolder.exists(path), DataFolder.isFolder(folder) else { return nil }
    let name = cut.map { String(path[path.index(after: $0)...]) } ?? path
    return try stems(in: folder).first { $0.path == folder + "/" + name }
  }

  /// A text in a language.
  typealias File = (language: String, path: String)

  /// The files of both languages.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where nobody says which of the languages they are.
  func pair(_ sides: ParallelSides) throws(DataError) -> (source: File, target: File) {
    var source = try file(sides.sourceLanguage, setting: "source-language")
    var target = try file(sides.targetLanguage, setting: "target-language")
    // of two languages the other one
    if files.count == 2 {
      if source == nil, let target { source = files.first { $0.path != target.path } }
      if target == nil, let source { target = files.first { $0.path != source.path } }
    }
    guard let first = source else { throw unknown("source-language", nil) }
    guard let second = target else { throw unknown("target-language", nil) }
    guard first.path != second.path else { throw unknown("target-language", second.language) }
    return (first, second)
  }

  private func file(_ asked: String?, setting: String) throws(DataError) -> File? {
    guard let asked else { return nil }
    guard
      let found = files.first(where: { $0.language == asked })
        ?? files.first(where: { ParallelSides.isLanguage($0.language, asked) })
    else { throw unknown(setting, asked) }
    return found
  }

  private func unknown(_ setting: String, _ found: String?) -> DataError {
    .invalidSetting(
      name: setting,
      expected: "one of the languages \(files.map(\.language).joined(separator: ", ")) of \(path)",
      found: found.map { "\"\($0)\"" } ?? "nothing")
  }
}
