extension Setting where Value == TokenKind {
  /// What the network writes one after the other.
  static var transcriptUnit: Setting {
    Setting(
      "unit",
      help:
        "What the network writes one after the other (default: character, word where there are too few frames for "
        + "characters).")
  }
}

extension Setting where Value == String {
  /// The column with the transcript.
  static var transcriptColumn: Setting {
    .column("transcript-column", help: "The column with what is said, signed or written.")
  }
  /// A table with the times of words.
  static var wordTimes: Setting {
    Setting(
      "word-times", .text, "file",
      help: "A table with each word of the recordings and its times (default: one that lies in the folder).")
  }
}

extension Setting where Value == Int {
  /// Frames that a step of the network gives.
  static var upsample: Setting {
    Setting(
      "upsample", .integer(1...64), "n", standard: 1,
      help: "Frames that each step of the network gives, for texts that are long for their recordings.")
  }
  /// Steps of what follows that a causal network sees.
  static var lookahead: Setting {
    Setting(
      "lookahead", .integer(0...64), "n", standard: 0,
      help: "Steps of what follows that a causal network sees, counted behind the convolutions with a stride."
    )
  }
  /// Hypotheses of the search.
  static var beam: Setting {
    Setting(
      "beam", .integer(1...1 << 16), "n", standard: TranscriptSearch().beam,
      help: "Hypotheses that the search keeps from frame to frame.")
  }
  /// Hypotheses.
  static var best: Setting {
    Setting(
      "best", .integer(1...1 << 16), "n", standard: TranscriptSearch().best,
      help: "Hypotheses that are given of each recording.")
  }
}

extension Setting where Value == TaskDuration {
  /// When words are decided.
  static var commitAfter: Setting {
    Setting(
      "commit-after", written: "seconds",
      help:
        "Decide a word of the best text so long after its end, in recordings as in streams (default: 2 seconds, or 500 steps "
        + "without times).")
  }
  /// How much later than they are said words are learnt.
  static var wordTimeDelay: Setting {
    Setting(
      "word-time-delay", written: "seconds",
      help:
        "How long after a word the outputs learn to say it, where times of words are known (default: 0.2 seconds of sound for "
        + "networks that look back alone, else 0).")
  }
}

extension Setting where Value == Double {
  /// The distance of points along a stroke.
  static var pointSpacing: Setting {
    Setting(
      "point-spacing", .number(0.005...10), "x", standard: TranscriptionTask.standardSpacing,
      help: "The distance of points along a stroke of a pen, as a share of its usual height.")
  }
  /// How much words at their times count.
  static var wordTimeWeight: Setting {
    Setting(
      "word-time-weight", .number(0...100), "x", standard: 1,
      help:
        "How much the times of words count in training beside the transcripts, where they are known; 0 for not at all."
    )
  }
}

extension SettingsGroup {
  /// What can be set about the features of recordings with texts, and the cell behind them.
  static let recordingFeatures: [any SettingDescription] = [
    Setting.bands, Setting.coefficients,
    Setting<Int>("deltas", .integer(0...2), "n", standard: 0, help: Setting<Int>.deltas.summary),
    Setting.sampleRate, Setting.stack, Setting.stride, Setting.level, Setting.scaling, Setting.pointSpacing,
    Setting.cell,
  ]

  /// What can be set about changes of them in training.
  static let recordingChanges: [any SettingDescription] = [
    Setting.noise, Setting.scale, Setting.stretch, Setting.timeMasks, Setting.featureMasks,
    Setting.timeMaskSize, Setting.featureMaskSize, Setting.speeds, Setting.shift, Setting.flips,
    Setting.brightness, Setting.frameJitter, Setting.slant,
  ]
}

extension TranscriptionTask {
  /// What the task learns, in the sentence that the help begins with.
  public static let summary =
    "Train a model that writes down what is said, signed or written: sound, lips, strokes of a pen or sensors to text."

  /// Arguments of commands that the help shows as examples.
  public static let usages = [
    "clips/transcripts.tsv --output speech.bundle",
    "clips/ --causal --lookahead 2 --output live.bundle",
    "clips/ --language-model words.arpa --output better.bundle",
    "lips/captions.csv --unit word --output lips.bundle",
    "lines.jsonl.gz --output pen.bundle",
  ]

  /// Adam.
  public static let standardOptimizer = OptimizerCatalog.adam
  /// Points along a stroke, in heights of it.
  static let standardSpacing = 0.1

  /// The sizes and rates of the model beside the features.
  private static let ownModel: [any SettingDescription] = [
    Setting<Int>(
      "hidden", .integer(1...1 << 16), "n",
      help: "Units in a recurrent layer (default: 128, of causal models 192)."),
    Setting<Int>(
      "layers", .integer(1...64), "n", help: "Recurrent layers (default: 2, of causal models 3)."),
    Setting.convolutions, Setting.pictureConvolutions, Setting.causal, Setting.lookahead,
    Setting.upsample,
    Setting.dropout,
  ]

  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    [
      SettingsGroup(
        "Data",
        [
          Setting.inputColumn.describing("The column with the path of a recording."),
          Setting.transcriptColumn,
          Setting.groupColumn.describing(
            "The column with who speaks, signs or writes; of four or more none is in two parts."),
          Setting.splitColumn, Setting.wordTimes, Setting.split,
        ]),
      SettingsGroup(
        "Text",
        [
          Setting.transcriptUnit,
          Setting.vocabularySize.describing(
            "The most units (default: all characters or words, of pieces 256 beside the bytes)."),
          Setting.beam, Setting.best, Setting.commitAfter, Setting.wordTimeWeight,
          Setting.wordTimeDelay,
        ]),
      SettingsGroup(
        "Language",
        [
          Setting.languageModel, Setting.languageWeight, Setting.wordBonus, Setting.wordList,
          Setting.unknownWords, Setting.hotWords,
        ]),
      SettingsGroup(
        "Features and model",
        SettingsGroup.recordingFeatures + ownModel + SettingsGroup.recordingChanges),
      .cell,
    ]
  }

  /// Only a causal network has anything to look ahead to.
  public static func issue(of settings: Settings) -> String? {
    if settings[.lookahead] ?? 0 > 0, settings[.causal] != true {
      return
        "lookahead is \(settings[.lookahead] ?? 0), expected 0 without causal: the network sees all that follows"
    }
    return settings.splitIssue ?? CellChoice(settings).issue
  }

  /// The columns that settings name.
  static func columns(_ settings: Settings) -> TranscriptColumns {
    TranscriptColumns(
      input: settings[.inputColumn], transcript: settings[.transcriptColumn], group: settings[.groupColumn],
      split: settings[.splitColumn])
  }
}
