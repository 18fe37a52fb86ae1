extension Setting where Value == TokenKind {
  /// What the network reads and writes one after the other.
  static var translationUnit: Setting {
    Setting(
      "unit", standard: .piece,
      help: "What a token is: a piece of a word for languages, a character for transliteration and spelling.")
  }
}

extension Setting where Value == String {
  /// The column with the text.
  static var sourceColumn: Setting {
    .column("source-column", help: "The column of a table with the text, by its name or number.")
  }
  /// The language of the text.
  static var sourceLanguage: Setting {
    Setting("source-language", .text, "code", help: "The language of the text where data have several: en.")
  }
  /// The language of the translation.
  static var targetLanguage: Setting {
    Setting(
      "target-language", .text, "code", help: "The language of the translation where data have several: de.")
  }
}

extension Setting where Value == [String] {
  /// The columns with translations.
  static var translationColumns: Setting {
    Setting(
      "target-column", .texts, "a,b",
      help:
        "The column of a table with the translation, by its name or number; of several each is a reference.")
  }
}

extension Setting where Value == Int {
  /// The most tokens of a batch.
  static var batchTokens: Setting {
    Setting(
      "batch-tokens", .integer(1...1 << 30), "n", standard: 1_250,
      help: "The most tokens of a step: its pairs times the longest side.")
  }
}

extension TranslationTask {
  /// What the task learns, in the sentence that the help begins with.
  public static let summary =
    "Train a model that translates: from a language to another, names to another script, text to a summary."

  /// Arguments of commands that the help shows as examples.
  public static let usages = [
    "train.en train.de --valid val.en --valid val.de --output en-de.bundle",
    "pairs.tsv --source-column 2 --target-column 1 --output back.bundle",
    "names.tsv --unit character --output transliteration.bundle",
  ]

  /// Adam.
  public static let standardOptimizer = OptimizerCatalog.adam

  /// Halved where the loss does not fall.
  public static let standardSchedule = ScheduleName.plateau

  private static let network = TranslationConfiguration()

  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    [
      SettingsGroup(
        "Data",
        [
          Setting.sourceColumn, Setting.translationColumns, Setting.sourceLanguage, Setting.targetLanguage,
          Setting.split.describing(standard: standardShares),
        ]),
      SettingsGroup(
        "Text",
        [
          Setting.translationUnit,
          Setting.vocabularySize.describing(
            "The most tokens of both languages together (default: all characters or words, 6000 pieces)."),
          Setting.copyUnknown,
        ]),
      SettingsGroup(
        "Model",
        [
          Setting.embedding.describing(standard: network.embeddingSize),
          Setting.hidden.describing(
            "Units in each direction of a layer that reads; the layer that writes has twice as many.",
            standard: network.hiddenSize),
          Setting.layers.describing("Layers that read.", standard: network.layerCount),
          Setting.dropout.describing(
            "Dropout on token vectors, between layers, and on what was read.", standard: 0.2),
          Setting.outputDropout.describing(standard: 0.4),
          Setting.wordDropout.describing("Leave out tokens of the text in training.", standard: 0.1),
          Setting.labelSmoothing.describing(
            "How much of the probability of the right token goes to all others in training.", standard: 0.1),
          Setting.batchTokens,
        ]),
      .beamSearch(
        "Translations that the search keeps from token to token.",
        "Translations that are given of each text.",
        [Setting.maxRatio]),
      languageSettings,
    ]
  }

  /// The shares of the pairs for training, validation and test, where the data do not say.
  static let standardShares = [0.9, 0.05, 0.05]

  /// Shares that are none, and words to be copied where tokens are none.
  public static func issue(of settings: Settings) -> String? {
    if settings[.copyUnknown] ?? false, settings.value(.translationUnit) != .word {
      return "copy-unknown is on, expected off without unit word: other tokens write every word"
    }
    return settings.splitIssue
  }
}

extension ParallelSides {
  /// What settings name, and others where they name nothing.
  func applying(_ settings: Settings) -> ParallelSides {
    ParallelSides(
      sourceColumn: settings[.sourceColumn] ?? sourceColumn,
      targetColumns: settings[.translationColumns] ?? targetColumns,
      sourceLanguage: settings[.sourceLanguage] ?? sourceLanguage,
      targetLanguage: settings[.targetLanguage] ?? targetLanguage)
  }
}

extension TranslationConfiguration {
  /// These sizes and rates, with what is set in their place.
  func applying(_ settings: Settings) -> TranslationConfiguration {
    TranslationConfiguration(
      embeddingSize: settings[.embedding] ?? embeddingSize, hiddenSize: settings[.hidden] ?? hiddenSize,
      layerCount: settings[.layers] ?? layerCount,
      dropoutRate: settings[.dropout].map { Float($0) } ?? dropoutRate,
      outputDropoutRate: settings[.outputDropout].map { Float($0) } ?? outputDropoutRate,
      wordDropoutRate: settings[.wordDropout].map { Float($0) } ?? wordDropoutRate,
      labelSmoothing: settings[.labelSmoothing].map { Float($0) } ?? labelSmoothing)
  }
}
