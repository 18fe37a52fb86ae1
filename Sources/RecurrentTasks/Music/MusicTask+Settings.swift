extension Setting where Value == MusicRepresentation {
  /// What a model of music predicts of a step.
  public static var representation: Setting {
    Setting(
      "representation", standard: .events,
      help:
        "What is predicted of a step: one event after the other, jointly, or each key by itself. Likelihoods of the two are not "
        + "comparable. With `performance` nothing stands on a grid: keys, times and touch are learnt as they are played, which is the "
        + "task of that name.")
  }
}

extension Setting where Value == Int {
  /// The most semitones that pieces are moved.
  public static var transpose: Setting {
    Setting(
      "transpose", .integer(0...12), "n", standard: 5,
      help:
        "Move pieces to train on by up to so many semitones up or down, another way in every epoch; 0 for never."
    )
  }
  /// Steps of a quarter.
  public static var stepsPerQuarter: Setting {
    Setting(
      "steps-per-quarter", .integer(1...96), "n",
      help: "Steps of a quarter; 12 has triplets (default: 4, of piano rolls 1).")
  }

  /// Units that each key has by itself.
  static var keyHidden: Setting {
    Setting(
      "key-hidden", .integer(0...1 << 12), "n", standard: 0,
      help:
        "Of independent keys: units that each key has by itself, with the same weights for all, so that music is learnt in all keys at once, "
        + "such as 48; 0 for none.")
  }
}

extension Setting where Value == Double {
  /// The dropout rate of these.
  static var keyDropout: Setting {
    Setting(
      "key-dropout", .number(0...1, isOpenAbove: true), "p", standard: 0.3,
      help: "Dropout before the output of these units.")
  }
}

extension Setting where Value == [Double] {
  /// The instruments that are read.
  public static var program: Setting {
    Setting(
      "program", .numbers(0...127, count: nil), "a,b",
      help:
        "The instruments of MIDI files that are read, by their numbers from 0 (default: all but percussion).")
  }
}

extension Setting where Value == Bool {
  /// Whether the sustain pedal is read.
  public static var pedal: Setting {
    Setting("pedal", .bool, help: "Let notes go on while the sustain pedal is down.")
  }
}

extension MusicTask {
  /// What the task learns, in the sentence that the help begins with.
  public static let summary =
    "Train a model that writes music, goes on with the beginning of a piece, or harmonises a melody."

  /// Arguments of commands that the help shows as examples.
  public static let usages = [
    "midi-folder/ --output bach.bundle", "chorales.json --representation roll --output roll.bundle",
    "composers/ --output styles.bundle",
    "a.mid b.mid --valid c.mid --steps-per-quarter 12 --program 0 --output piano.bundle",
  ]

  /// The shares of the pieces for training, validation and test, where the data do not say.
  static let standardShares = [0.8, 0.1, 0.1]

  /// It writes.
  public static func uses(of bundle: String) -> [String] {
    ["recurrent generate \(bundle) --output new.mid", "recurrent evaluate \(bundle) <data>"]
  }

  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    [
      SettingsGroup(
        "Music",
        [
          Setting.representation, Setting.transpose, Setting.stepsPerQuarter, Setting.program, Setting.pedal,
          Setting.windowSteps.describing(
            "Steps of a long piece that are read at once in training; the first eighth is what the network knows already (default: 512)."
          ),
          Setting.styles.describing(
            "Learn the styles of pieces, so that they can be asked for: the folder of a file, such as its composer (default: where there are "
              + "several, each of 4 pieces on the mean)."),
          Setting.split.describing(standard: standardShares),
        ]),
      SettingsGroup(
        "Model",
        [
          Setting.cell.describing(standard: .lstm),
          Setting.hidden.describing(standard: MusicConfiguration().hiddenSize),
          Setting<Int>(
            "layers", .integer(1...64), "n", help: "Recurrent layers (default: 2, of independent keys 1)."),
          Setting.keyHidden,
          Setting.embedding.describing("Width of the token vectors of events.", standard: 64),
          Setting.dropout.describing(
            "Dropout on token vectors, between layers and before the output (default: 0.3, of independent keys 0.5)."
          ), Setting.keyDropout,
        ]), .cell,
    ]
  }

  /// Shares that are none, and a cell that cannot be what is asked of it.
  public static func issue(of settings: Settings) -> String? {
    if let programs = settings[.program], !programs.allSatisfy({ $0 == $0.rounded() }) {
      return "program is \(programs.fieldValue.text), expected whole numbers"
    }
    return settings.splitIssue ?? CellChoice(settings, standard: .lstm).issue
  }
}

extension MusicGrid {
  /// The grid that settings ask for.
  init(_ settings: Settings, known: MusicGrid? = nil) {
    let own = known ?? MusicGrid()
    self.init(
      stepsPerQuarter: settings[.stepsPerQuarter] ?? own.stepsPerQuarter,
      programs: settings[.program].map { $0.map { Int($0) } } ?? own.programs,
      usesPedal: settings[.pedal] ?? own.usesPedal)
  }
}
