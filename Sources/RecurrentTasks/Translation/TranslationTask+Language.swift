import RecurrentReports

extension Setting where Value == Bool {
  /// What becomes of unknown words.
  static var copyUnknown: Setting {
    Setting(
      "copy-unknown", .bool,
      help: "Of words as tokens: write for an unknown word the one of the text that it looks at most.")
  }
}

extension TranslationTask {
  /// How much a language model counts where nothing is said.
  static let standardLanguageWeight = 0.2

  /// What can be set about the language of translations.
  static let languageSettings = SettingsGroup(
    "Language",
    [
      Setting.languageModel,
      Setting.languageWeight.describing(
        "The weight of the language model, whose logarithms are added to those of the network.",
        standard: standardLanguageWeight),
      Setting.wordBonus.describing("What each word adds to the score of a text.", standard: 0),
      Setting.wordList, Setting.unknownWords, Setting.hotWords,
    ])

  /// What the search is to know of texts, by settings; nil for nothing.
  ///
  /// - Throws: ``DataError`` or a format error.
  func language(_ settings: Settings) throws -> SearchLanguage? {
    var own = language ?? SearchLanguage()
    if language == nil { (own.alpha, own.beta) = (TranslationTask.standardLanguageWeight, 0) }
    own = try own.applying(settings)
    let isEmpty = !own.hasModel && own.words == nil && own.hotWords.isEmpty
    return isEmpty ? nil : own
  }

  /// What is to be said about the language.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` for a language model of which the network can write nothing.
  func languageNotes() throws -> [DataNote] {
    try language?.notes { units.unknownCount(in: $0) > 0 } ?? []
  }

  /// The search over the tokens. Asked where there is no ``issue``.
  func makeSearch() -> BeamSearch {
    cache.value {
      // spelling takes a while, and only a language asks for it
      guard language != nil, let spelling = try? units.spelling(), let scorer = language?.scorer(spelling)
      else { return BeamSearch(settings: search) }
      func make(_ scorer: some Scorer) -> BeamSearch { BeamSearch(scorer: scorer, settings: search) }
      return make(scorer)
    }
  }

  /// The language model.
  public var resources: [String: [UInt8]] { language?.resources ?? [:] }

  /// Takes over the language model.
  public mutating func restoreResources(_ resource: (String) throws -> [UInt8]) throws {
    try language?.restore(resource)
  }
}
