extension Setting where Value == TokenKind {
  /// What the network writes one after the other.
  static var captionUnit: Setting {
    Setting(
      "unit", standard: .word,
      help: "What a token is: a word, a piece of a word for large vocabularies, a character.")
  }
}

extension Setting where Value == [String] {
  /// The columns with captions.
  static var captionColumns: Setting {
    Setting(
      "transcript-column", .texts, "a,b",
      help: "The column with the caption; of several each is a caption of its own.")
  }
}

extension CaptioningTask {
  /// What the task learns, in the sentence that the help begins with.
  public static let summary =
    "Train a model that says in a sentence what happens in a recording: films as GIF or video, features of pictures, sound."

  /// Arguments of commands that the help shows as examples.
  public static let usages = [
    "clips/captions.csv --output captions.bundle",
    "features.csv --input-column npy --transcript-column first,second --output scenes.bundle",
  ]

  /// Adam.
  public static let standardOptimizer = OptimizerCatalog.adam

  /// The sizes of the decoder, beside units of the network that reads.
  static func standardWriter(memorySize: Int) -> TextDecoder.Configuration {
    TextDecoder.Configuration(
      embeddingSize: 128, hiddenSize: 256, memorySize: memorySize, dropoutRate: 0.3, outputDropoutRate: 0.3,
      labelSmoothing: 0.1)
  }

  /// The sizes and rates of the model beside the features.
  private static var ownModel: [any SettingDescription] {
    let writer = standardWriter(memorySize: 0)
    return [
      Setting<Int>(
        "hidden", .integer(1...1 << 16), "n", standard: 128,
        help: "Units in each direction of a layer that reads; the layer that writes has twice as many."),
      Setting<Int>("layers", .integer(1...64), "n", standard: 2, help: "Layers that read."),
      Setting.embedding.describing(standard: writer.embeddingSize), Setting.convolutions,
      Setting.pictureConvolutions, Setting.dropout,
      Setting.outputDropout.describing(standard: 0.3),
      Setting.labelSmoothing.describing(
        "How much of the probability of the right token goes to all others in training.", standard: 0.1),
    ]
  }

  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    [
      SettingsGroup(
        "Data",
        [
          Setting.inputColumn.describing(
            "The column with the path of a recording; several lines with the same one are captions of it."),
          Setting.captionColumns,
          Setting.groupColumn.describing(
            "The column with who is seen or heard; of four or more none is in two parts."),
          Setting.splitColumn, Setting.wordTimes, Setting.split,
        ]),
      SettingsGroup(
        "Text",
        [
          Setting.captionUnit,
          Setting.vocabularySize.describing(
            "The most tokens (default: all characters or words, 6000 pieces)."),
          Setting.wordTimeWeight,
        ]),
      SettingsGroup(
        "Features and model",
        SettingsGroup.recordingFeatures + ownModel + SettingsGroup.recordingChanges),
      .beamSearch(
        "Captions that the search keeps from token to token.", "Captions that are given of each recording.",
        [Setting.maxLength]),
      .cell,
    ]
  }

  /// The columns that settings name.
  static func columns(_ settings: Settings) -> TranscriptColumns {
    let captions = settings[.captionColumns] ?? []
    return TranscriptColumns(
      input: settings[.inputColumn], transcript: captions.first,
      alternatives: captions.count > 1 ? Array(captions.dropFirst()) : nil, group: settings[.groupColumn],
      split: settings[.splitColumn])
  }
}

extension TextDecoder.Configuration {
  /// These sizes and rates, with what is set in their place.
  func applying(_ settings: Settings) -> TextDecoder.Configuration {
    var own = self
    own.embeddingSize = settings[.embedding] ?? embeddingSize
    own.hiddenSize = settings[.hidden].map { 2 * $0 } ?? hiddenSize
    own.dropoutRate = settings[.dropout].map { Float($0) } ?? dropoutRate
    own.outputDropoutRate = settings[.outputDropout].map { Float($0) } ?? outputDropoutRate
    own.labelSmoothing = settings[.labelSmoothing].map { Float($0) } ?? labelSmoothing
    return own
  }
}
