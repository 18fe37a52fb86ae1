extension Setting where Value == Int {
  /// First evaluate by cross-validation with so many parts.
  public static var folds: Setting {
    Setting("folds", .integer(2...1000), "n", help: "First evaluate by cross-validation with so many parts.")
  }
}

extension Setting where Value == Bool {
  /// Read pictures of MNIST's kind pixel by pixel instead of row by row.
  public static var pixels: Setting {
    Setting("pixels", .bool, help: "Read pictures of MNIST's kind pixel by pixel instead of row by row.")
  }
  /// First evaluate by leaving out one group after the other.
  public static var leaveOneOut: Setting {
    Setting("leave-one-out", .bool, help: "First evaluate by leaving out one group after the other.")
  }
  /// Put the mean of what the layers read beside them (LSTM-FCN).
  public static var poolInputs: Setting {
    Setting("pool-inputs", .bool, help: "Put the mean of what the layers read beside them (LSTM-FCN).")
  }
  /// Let rare classes or labels count more.
  public static var balance: Setting {
    Setting(
      "balance", .bool,
      help:
        "Let rare classes or labels count more: inversely to their frequency, up to \(ClassWeights.bound) times."
    )
  }
}

extension Setting where Value == Double {
  /// Dropout on the features that the network reads.
  public static var featureDropout: Setting {
    .rate("feature-dropout", help: "Dropout on the features that the network reads.")
  }
  /// Care less for what is right already.
  public static var focal: Setting {
    Setting("focal", .number(0...10), "x", standard: 0, help: "Care less for what is right already.")
  }
  /// Probability that is spread over all classes.
  public static var labelSmoothing: Setting {
    Setting("label-smoothing", .number(0...0.9), "x", help: "Probability that is spread over all classes.")
  }
}

extension Setting where Value == [String] {
  /// How the outputs become one vector.
  public static var pooling: Setting {
    Setting(
      "pooling", .texts, "mean,max",
      help: "How the outputs become one vector: mean, max, last, attention; several stand side by side.")
  }
}

extension ClassificationTask {
  /// The distance of points along a stroke, as a share of the size of a character.
  static let standardSpacing = 0.1

  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    [
      SettingsGroup(
        "Data",
        [
          Setting.inputColumn, Setting.labelColumn, Setting.splitColumn, Setting.groupColumn,
          Setting.idColumn,
          Setting.time, Setting.ignoredColumns, Setting.dateOrder, Setting.decimal, Setting.pixels,
          Setting.split, Setting.folds, Setting.leaveOneOut,
        ]),
      .tables,
      SettingsGroup(
        "Features",
        [
          Setting.unit, Setting.k, Setting.softMask, Setting.lengthLimit, Setting.evidence, Setting.scaling,
          Setting.ranges, Setting.bands,
          Setting.coefficients, Setting.deltas, Setting.level,
          Setting.sampleRate, Setting.stack, Setting.stride,
          Setting.windowSteps.describing(
            "Read longer sequences in windows of so many steps (default: whole, films of more than \(longFilm) pictures in windows of "
              + "\(standardWindow))."),
          Setting.skeleton, Setting.pen,
          Setting.pointSpacing.describing(
            "The distance of points along a stroke of a pen, as a share of the size of the character.",
            standard: standardSpacing),
        ]),
      SettingsGroup(
        "Model",
        [
          Setting.cell, Setting.hidden, Setting.layers, Setting.embedding, Setting.convolutions,
          Setting.pictureConvolutions, Setting.pooling, Setting.poolInputs, Setting.causal, Setting.dropout,
          Setting.featureDropout,
        ]),
      .cell,
      SettingsGroup(
        "Loss and augmentation",
        [
          Setting.balance, Setting.focal, Setting.labelSmoothing, Setting.noise, Setting.stretch,
          Setting.scale,
          Setting.crop, Setting.timeMasks, Setting.featureMasks, Setting.shift, Setting.flips,
          Setting.wordDropout, Setting.timeMaskSize, Setting.featureMaskSize, Setting.brightness,
          Setting.frameJitter, Setting.speeds, Setting.slant, Setting.rotation, Setting.reverseComplement,
        ]),
    ]
  }
}
