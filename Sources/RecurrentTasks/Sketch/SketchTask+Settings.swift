extension Setting where Value == Bool {
  /// Whether what a brush does is learnt.
  static var brush: Setting {
    Setting(
      "brush", .bool,
      help:
        "Learn what the pen does beside its way, pressure, width and colour: channels of InkML, lines and colours of SVG, `channels` and `colors` of "
        + "lines of JSON (default: those that all drawings have and that vary).")
  }
}

extension Setting where Value == Int {
  /// The most points of a drawing.
  static var maxPoints: Setting {
    Setting(
      "max-points", .integer(2...1 << 16), "n", standard: 250,
      help: "Leave drawings of more points out.")
  }
  /// Normal distributions of the next point.
  static var mixtures: Setting {
    Setting(
      "mixtures", .integer(1...1 << 10), "n", standard: SketchConfiguration().mixtureCount,
      help: "Normal distributions of the next point.")
  }
  /// Numbers that stand for a drawing.
  static var latent: Setting {
    Setting(
      "latent", .integer(0...1 << 12), "n", standard: 0,
      help:
        "Numbers that stand for a drawing as a whole, for variations and what lies between two: such as 128; 0 for none."
    )
  }
  /// Units of what reads drawings whole.
  static var encoderHidden: Setting {
    Setting(
      "encoder-hidden", .integer(1...1 << 16), "n", standard: SketchConfiguration().encoderSize,
      help: "With `latent`: units in each direction of what reads drawings whole.")
  }
}

extension Setting where Value == Double {
  /// How much drawings are scaled at random.
  static var scalingNoise: Setting {
    Setting(
      "scale-noise", .number(0...0.9), "x", standard: 0.15,
      help: "Training scales the width and the height of a drawing by up to so much.")
  }
  /// How many points are left out at random.
  static var dropPoints: Setting {
    Setting(
      "drop-points", .number(0...0.9), "p", standard: 0.1,
      help: "Training leaves so many of the points within strokes out.")
  }
  /// The weight of the divergence.
  static var latentWeight: Setting {
    Setting(
      "kl-weight", .number(0...1e6), "x", standard: LatentLoss().weight,
      help: "With `latent`: how much the divergence of the latent vector counts in the end.")
  }
  /// Epochs until the divergence counts.
  static var latentEpochs: Setting {
    Setting(
      "kl-epochs", .number(0...1e6, isOpenBelow: true), "n", standard: LatentLoss().epochs,
      help: "With `latent`: epochs after which it counts nine tenths of that.")
  }
  /// Nats that cost nothing.
  static var latentTolerance: Setting {
    Setting(
      "kl-tolerance", .number(0...1e6), "x", standard: LatentLoss().tolerance,
      help: "With `latent`: nats of a drawing that cost nothing.")
  }
}

extension SketchTask {
  /// What the task learns, in the sentence that the help begins with.
  public static let summary =
    "Train a model that draws: from the strokes of sketches, characters, signatures."

  /// Arguments of commands that the help shows as examples.
  public static let usages = [
    "train.ndjson --valid valid.ndjson --output kanji.bundle",
    "drawings/ --latent 128 --output drawings.bundle",
    "sketchrnn.npz --hidden 512 --epochs 40 --output cats.bundle",
  ]

  /// Of so many points to train on a layer has as many units as the one of sketch-rnn: on 406,000 points of kanji it is ahead of one of
  /// half as many by 0.4 nats a point, at four times the work.
  static let manyPoints = 200_000
  /// The units of such a layer.
  static let manyUnits = 512

  /// Adam.
  public static let standardOptimizer = OptimizerCatalog.adam

  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    [
      SettingsGroup("Data", [Setting.split, Setting.styles, Setting.brush, Setting.maxPoints]),
      SettingsGroup(
        "Model",
        [
          Setting.cell.describing(standard: SketchConfiguration().cell),
          Setting.hidden.describing(
            "Units of a layer (default: \(SketchConfiguration().hiddenSize), of \(manyPoints) points and more \(manyUnits))."
          ),
          Setting.layers, Setting.mixtures,
          Setting.dropout.describing(standard: 0.1), Setting.latent, Setting.encoderHidden,
          Setting.latentWeight, Setting.latentEpochs, Setting.latentTolerance,
        ]),
      SettingsGroup("Augmentation", [Setting.scalingNoise, Setting.dropPoints]),
      SettingsGroup(
        "Cell",
        SettingsGroup.cell.settings.map {
          $0.name == Setting.layerNorm.name
            ? Setting.layerNorm.describing(
              "LSTM: layer normalisation of the products and of the cell state, in float32 (default: on).")
            : $0
        }),
    ]
  }

  /// It draws.
  public static func uses(of bundle: String) -> [String] {
    ["recurrent generate \(bundle) --output drawing.svg", "recurrent evaluate \(bundle) <data>"]
  }

  /// Shares that are none, and a cell that cannot be what is asked of it.
  public static func issue(of settings: Settings) -> String? {
    settings.splitIssue ?? cell(settings).issue
  }

  /// The cell, with layer normalisation where it is an LSTM and nobody says otherwise.
  static func cell(_ settings: Settings) -> CellChoice {
    var settings = settings
    if settings[.cell] ?? .lstm == .lstm, settings[.layerNorm] == nil {
      settings[.layerNorm] = settings[.precision] ?? .float32 == .float32
    }
    return CellChoice(settings, standard: .lstm)
  }
}

extension SketchConfiguration {
  /// These sizes and rates, with what is set in their place.
  func applying(_ settings: Settings) -> SketchConfiguration {
    let cell = SketchTask.cell(settings)
    return SketchConfiguration(
      cell: cell.cell, cellOptions: cell.options, precision: cell.precision,
      hiddenSize: settings[.hidden] ?? hiddenSize, layerCount: settings[.layers] ?? layerCount,
      mixtureCount: settings[.mixtures] ?? mixtureCount, latentSize: settings[.latent] ?? latentSize,
      encoderSize: settings[.encoderHidden] ?? encoderSize,
      dropoutRate: settings[.dropout].map { Float($0) } ?? dropoutRate)
  }
}
