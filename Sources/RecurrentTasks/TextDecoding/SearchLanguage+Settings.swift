import RecurrentReports

extension Setting where Value == String {
  /// A language model.
  static var languageModel: Setting {
    Setting(
      "language-model", .text, "file",
      help:
        "A language model of words or characters that the search reads with: n-grams in a file of ARPA or KenLM, or the "
        + "bundle of a recurrent one.")
  }
  /// Phrases that are expected.
  static var hotWords: Setting {
    Setting(
      "hot-words", .text, "file",
      help:
        "Words and phrases that are expected, one a line, each perhaps with a tab and what it adds to the logarithm of a "
        + "probability (5 without).")
  }
  /// The words that there are.
  static var wordList: Setting {
    Setting(
      "word-list", .text, "file",
      help: "The words that there are, one a line (default: those of a language model of words).")
  }
}

extension Setting where Value == SearchLanguage.UnknownWordPolicy {
  /// What becomes of other words.
  static var unknownWords: Setting {
    Setting(
      "unknown-words", of: "policy", standard: .allow,
      help:
        "Words that are in no list: allow them, with a penalty for each character, or refuse texts with them."
    )
  }
}

extension Setting where Value == Double {
  /// The weight of a language model.
  static var languageWeight: Setting {
    Setting(
      "language-weight", .number(0...1000), "x",
      help: "The weight of the language model (default: what reads the validation part best).")
  }
  /// What each word adds.
  static var wordBonus: Setting {
    Setting(
      "word-bonus", .number(-1000...1000), "x",
      help: "What each word adds to the score of a text (default: what reads the validation part best).")
  }
}

extension SearchLanguage {
  /// What a hot word adds where nothing is said.
  private static let standardBoost = 5.0

  /// What settings ask for in place of what is there.
  ///
  /// - Throws: ``DataError`` or a format error.
  func applying(_ settings: Settings) throws -> SearchLanguage {
    var own = self
    own.unknownWords = settings[.unknownWords] ?? unknownWords
    if let path = settings[.languageModel] {
      if DataSource(path).isFolder {
        own.take(try SearchNetwork(bundle: path))
      } else {
        try own.take(NGramModel(DataSource(path)), path: path)
      }
    }
    own.alpha = settings[.languageWeight] ?? alpha
    own.beta = settings[.wordBonus] ?? beta
    own.areWeightsGiven = areWeightsGiven || settings[.languageWeight] != nil || settings[.wordBonus] != nil
    if let path = settings[.wordList] {
      let words = try SearchLanguage.lines(path).flatMap {
        $0.split(whereSeparator: \.isWhitespace).map(String.init)
      }
      guard !words.isEmpty else { throw DataError.empty(path: path) }
      own.words = words
    }
    if let path = settings[.hotWords] { own.hotWords = try SearchLanguage.hotWords(path) }
    return own
  }

  private static func lines(_ path: String) throws -> [Substring] {
    guard case .text(let text) = try Record.Content(reading: DataSource(path, format: .text)) else {
      return []
    }
    return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  }

  private static func hotWords(_ path: String) throws -> [HotWord] {
    var found: [HotWord] = []
    for (index, line) in try lines(path).enumerated() {
      let parts = line.split(separator: "\t", maxSplits: 1)
      guard let first = parts.first, first.contains(where: { !$0.isWhitespace }) else { continue }
      var boost = standardBoost
      if parts.count > 1 {
        let text = parts[1].filter { !$0.isWhitespace }
        guard let number = Double(text), (0...1e6).contains(number) else {
          throw DataError.malformed(
            path: path, place: .line(index + 1), expected: "a number from 0 on behind the tab",
            found: "\"\(parts[1].prefix(40))\"")
        }
        boost = number
      }
      found.append(HotWord(text: String(first), boost: boost))
    }
    guard !found.isEmpty else { throw DataError.empty(path: path) }
    return found
  }

  /// What is to be said about a language model for some units.
  ///
  /// - Parameter isUnknown: whether something in a text cannot be written.
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` for one whose tokens cannot be written at all.
  func notes(_ isUnknown: (String) -> Bool) throws(DataError) -> [DataNote] {
    guard hasModel else { return [] }
    let tokens = areCharacters ? "character" : "word"
    let share = unspellable(isUnknown)
    guard share < 1 else {
      throw .invalidSetting(
        name: "language-model", expected: "a model of the language of the texts that are written",
        found: "one of which the network cannot write a single \(tokens)")
    }
    var notes = ngrams?.model?.notes ?? []
    notes.append(
      DataNote(
        .found,
        "a \(name), \(counted(ngrams?.tokenCount ?? network?.task.vocabulary.count ?? 0, tokens))",
        setting: "language-model"))
    if share > 0 {
      notes.append(
        DataNote(
          .warning,
          "\(percent(share)) of the \(tokens)s of the language model have what the network cannot write",
          setting: "language-model"))
    }
    return notes
  }
}
