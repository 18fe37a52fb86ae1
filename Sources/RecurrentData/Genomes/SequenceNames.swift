/// Which sequence of a file is meant by a name in a table of features or of events.
///
/// A name that a sequence has as it stands means that one alone. Else `AB0001` means `AB0001.2` and the other way round; two versions are
/// never taken for each other, since places differ between them.
struct SequenceNames {
  private var exact: [String: Set<Int>] = [:]
  /// By the names without their versions, those of sequences that have one.
  private var plain: [String: Set<Int>] = [:]

  init(_ entries: [SequenceEntry]) {
    for (number, entry) in entries.enumerated() {
      for name in [entry.name] + entry.otherNames {
        exact[name, default: []].insert(number)
        if let own = SequenceNames.plain(name) { plain[own, default: []].insert(number) }
      }
    }
  }

  /// A name without its version; nil where it has none.
  private static func plain(_ name: String) -> String? {
    guard let point = name.lastIndex(of: "."), point > name.startIndex else { return nil }
    let version = name[name.index(after: point)...]
    return !version.isEmpty && version.allSatisfy(\.isNumber) ? String(name[..<point]) : nil
  }

  /// The number of the sequence; nil where the file has none of this name.
  ///
  /// - Parameters:
  ///   - name: what a table calls it.
  ///   - path: the table, for errors.
  /// - Throws: ``DataError`` where several sequences may be meant.
  func number(of name: String, path: String) throws(DataError) -> Int? {
    let found =
      exact[name] ?? (SequenceNames.plain(name).map { exact[$0] } ?? plain[name]) ?? []
    guard found.count < 2 else {
      throw .invalidSetting(
        name: "events", expected: "names that mean one sequence each",
        found: "\"\(name)\" in \(path), which may be any of \(found.count)")
    }
    return found.first
  }
}
