/// The output of a language model, by name.
public enum SoftmaxName: String, NamedSetting {
  /// One softmax over all tokens.
  case full
  /// ``AdaptiveSoftmax``.
  case adaptive
}

extension LanguageModelConfiguration.Initialization: NamedSetting {}

extension Setting where Value == Int {
  /// The most tokens.
  public static var vocabularySize: Setting {
    Setting(
      "vocabulary-size", .integer(2...1 << 24), "n",
      help: "The most tokens (default: all characters, 10000 words, 2000 byte pairs).")
  }
  /// How often a token must occur to be kept.
  public static var minCount: Setting {
    Setting(
      "min-count", .integer(1...1 << 30), "n", standard: 1, help: "How often a token must occur to be kept.")
  }
  /// Steps of a window of backpropagation through time.
  public static var sequenceLength: Setting {
    Setting(
      "sequence-length", .integer(1...1 << 24), "n",
      help: "Steps of a window of backpropagation through time.")
  }
}

extension Setting where Value == Bool {
  /// Take what stands between blanks for words.
  public static var pretokenised: Setting {
    Setting(
      "pretokenised", .bool,
      help:
        "Take what stands between blanks for words, and keep all of them where rare ones are <unk> (default: where marks stand alone, as in Penn Treebank "
        + "and WikiText).")
  }
  /// Choose by the validation part how the model goes on learning from what it reads.
  public static var tuneAdaptation: Setting {
    Setting(
      "tune-adaptation", .bool,
      help:
        "When the training is done, choose by the validation part how the model goes on learning from what it reads later, where "
        + "that is asked for, and keep that in the bundle.")
  }
  /// Use the token vectors as the weights of the output.
  public static var tieEmbeddings: Setting {
    Setting("tie-embeddings", .bool, help: "Use the token vectors as the weights of the output.")
  }
  /// One dropout mask for all steps of a window.
  public static var variationalDropout: Setting {
    Setting("variational-dropout", .bool, help: "One dropout mask for all steps of a window.")
  }
  /// Vary the lengths of windows at random, as AWD-LSTM does.
  public static var randomSequenceLength: Setting {
    Setting("random-sequence-length", .bool, help: "Vary the lengths of windows at random, as AWD-LSTM does.")
  }
}

extension Setting where Value == SoftmaxName {
  /// One softmax over all tokens, or an adaptive one.
  public static var softmax: Setting {
    Setting(
      "softmax", standard: .full,
      help:
        "The output: one softmax over all tokens, or an adaptive one, which is faster and smaller for large "
        + "vocabularies and spends little on rare tokens.")
  }
}

extension Setting where Value == [Double] {
  /// Where the clusters of the adaptive softmax begin, in tokens by falling frequency.
  public static var cutoffs: Setting {
    Setting(
      "cutoffs", .numbers(1...0x1p31, count: nil), "a,b,...",
      help:
        "Where the clusters of the adaptive softmax begin, in tokens by falling frequency (default: a tenth and two "
        + "fifths of the vocabulary).")
  }
}

extension Setting where Value == Double {
  /// How much narrower each cluster is than the one before.
  public static var adaptiveDivision: Setting {
    Setting(
      "adaptive-division", .number(1...(.greatestFiniteMagnitude)), "x", standard: 4,
      help: "How much narrower each cluster is than the one before.")
  }
}

extension Setting where Value == Double {
  /// The range of all parameters before training.
  public static var initialRange: Setting {
    Setting(
      "initial-range", .number(0...1e6, isOpenBelow: true), "x",
      help: "Draw all parameters from -x to x, whatever the initialisation is.")
  }
}

extension Setting where Value == LanguageModelConfiguration.Initialization {
  /// How recurrent weights are drawn.
  public static var initialization: Setting {
    Setting("initialization", standard: .uniform, help: "How recurrent weights are drawn.")
  }
}

extension Setting where Value == MemorySize {
  /// The memory that the training may take, such as 512MB or 2GiB.
  public static var bpttMemory: Setting {
    Setting(
      "bptt-memory", written: "size",
      help:
        "The memory that the training may take, such as 512MB or 2GiB: windows that are too long for it are computed "
        + "again in chunks, with the same gradient (default: no limit).")
  }
}

extension LanguageModelTask {
  /// Adam.
  public static let standardOptimizer = OptimizerCatalog.adam
  /// The shares of the text for training, validation and test.
  static let standardShares = [0.9, 0.05, 0.05]

  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    [
      SettingsGroup(
        "Text",
        [
          Setting.unit.describing(
            "What one token stands for (default: a character, of nucleotide sequences a base)."),
          Setting.vocabularySize, Setting.minCount, Setting.pretokenised, Setting.k, Setting.softMask,
          Setting.reverseComplement.describing(
            "Train on stretches of nucleotide sequences as they stand or as their reverse complements, anew in each epoch (default: "
              + "on where tokens are made of bases)."),
          Setting.split.describing(
            "Shares of the text for training, validation and test.", standard: standardShares),
        ]),
      SettingsGroup(
        "Model",
        [
          Setting.cell.describing(standard: .lstm), Setting.hidden, Setting.layers, Setting.embedding,
          Setting.tieEmbeddings, Setting.softmax, Setting.cutoffs, Setting.adaptiveDivision,
          Setting.dropout.describing("Dropout on token vectors, between layers and before the output."),
          Setting.variationalDropout, Setting.initialization, Setting.initialRange,
        ]),
      .cell,
      SettingsGroup("Windows", [Setting.sequenceLength, Setting.randomSequenceLength, Setting.bpttMemory]),
      SettingsGroup("Adaptation", [Setting.tuneAdaptation]),
      SettingsGroup("Conversations", [Setting.chatUser, Setting.chatAssistant, Setting.chatSystem]),
    ]
  }

  /// Whether the cell and the output can be what is asked of them.
  public static func issue(of settings: Settings) -> String? {
    if settings[.pretokenised] == true, settings[.unit] != .word {
      return "pretokenised is for words, expected unit word"
    }
    if settings[.softmax] == .full {
      for name in ["cutoffs", "adaptive-division"] where settings.values[name] != nil {
        return "softmax is full, expected adaptive where \(name) is given"
      }
    }
    if let cutoffs = settings[.cutoffs],
      !cutoffs.allSatisfy({ $0 == $0.rounded() })
        || !AdaptiveSoftmax.isValid(cutoffs: cutoffs.map { Int($0) }, classCount: .max)
    {
      return
        "cutoffs is \(cutoffs.fieldValue.text), expected whole numbers that rise from 1, such as 2000,10000"
    }
    if settings[.reverseComplement] == true, let unit = settings[.unit], !unit.isOfBases {
      return "reverse-complement is on beside the unit \(unit.rawValue), expected the unit base or k-mer"
    }
    if settings[.initialRange] != nil, settings.values["initialization"] != nil {
      return "initialization is set beside initial-range, expected one of them"
    }
    if let issue = ValueIssue.found({ () throws(ValueIssue) in _ = try ChatTemplate(settings) }) {
      return issue
    }
    return settings.splitIssue ?? settings.basesIssue ?? CellChoice(settings, standard: .lstm).issue
  }

  /// A configuration and a course of training that give a good model at the first try, from the size of the training text:
  /// batches grow with the text until a step keeps the processor busy; epochs shrink with it, so that the whole training reads
  /// about eight million characters; wider networks go with more text.
  ///
  /// - Parameters:
  ///   - tokenCount: of the training text.
  ///   - unit: what a token stands for; nil for what is set, or a character.
  ///   - settings: what is set.
  public static func standard(
    tokenCount: Int, unit: TextUnit? = nil, _ settings: Settings = Settings()
  ) -> (configuration: LanguageModelConfiguration, suggested: TaskSettings) {
    let unit = unit ?? settings[.unit] ?? .character
    let isSmallUnit = unit == .character || unit == .byte || unit == .base
    let standardLength = min(isSmallUnit ? 128 : 35, max(8, tokenCount / 16))
    var batchSize = 1
    while batchSize < (isSmallUnit ? 64 : 32), tokenCount >= 2 * batchSize * standardLength * 60 {
      batchSize *= 2
    }
    let learningRate = batchSize >= 32 ? 4e-3 : 2e-3
    let sequenceLength = settings[.sequenceLength] ?? standardLength
    // as many streams as have a window of that length
    while batchSize > 1, batchSize * sequenceLength >= tokenCount { batchSize /= 2 }
    let budget = isSmallUnit ? 8_000_000 : 4_000_000
    let cell = CellChoice(settings, standard: .lstm)
    let clusters = settings[.cutoffs] != nil || settings[.adaptiveDivision] != nil
    let isAdaptive = settings[.softmax] ?? (clusters ? .adaptive : .full) == .adaptive
    let configuration = LanguageModelConfiguration(
      unit: unit, vocabularySize: settings[.vocabularySize] ?? (unit == .word ? 10_000 : nil),
      minimumCount: settings.value(.minCount), cell: cell.cell, cellOptions: cell.options,
      hiddenSize: settings[.hidden] ?? (tokenCount < 200_000 ? 128 : 256),
      layerCount: settings.value(.layers),
      embeddingSize: settings[.embedding] ?? (unit == .base ? 16 : isSmallUnit ? 64 : 128),
      tiesEmbeddings: settings[.tieEmbeddings] ?? false,
      adaptiveSoftmax: isAdaptive
        ? AdaptiveSoftmaxConfiguration(
          cutoffs: (settings[.cutoffs] ?? []).map { Int($0) }, division: settings.value(.adaptiveDivision))
        : nil,
      dropoutRate: settings[.dropout].map { Float($0) } ?? (tokenCount < 200_000 ? 0.3 : 0.1),
      isDropoutVariational: settings[.variationalDropout] ?? false,
      initialization: settings.value(.initialization),
      initialRange: settings[.initialRange].map { Float($0) }, precision: cell.precision,
      sequenceLength: sequenceLength,
      isSequenceLengthRandom: settings[.randomSequenceLength] ?? false, bpttMemory: settings[.bpttMemory],
      readsBothStrands: unit.isOfBases ? settings[.reverseComplement] ?? true : nil,
      tunesAdaptation: settings[.tuneAdaptation] == true ? true : nil)
    return (
      configuration,
      TaskSettings(
        batchSize: batchSize, optimizer: .adam, learningRate: learningRate, weightDecay: 0,
        training: TrainerSettings(
          epochs: min(40, max(2, (budget + tokenCount / 2) / max(tokenCount, 1))),
          schedule: LearningRateSchedule(.cosine(final: 0.05)), clipNorm: 1))
    )
  }
}
