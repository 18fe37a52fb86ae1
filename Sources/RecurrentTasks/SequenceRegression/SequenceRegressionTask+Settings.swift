extension Setting where Value == Int {
  static var windowSteps: Setting {
    Setting(
      "window-steps", .integer(8...1 << 20), "n",
      help:
        "Steps of a long sequence that are read at once in training; the first half is what the network knows already."
    )
  }
}

extension SequenceRegressionTask {
  /// What the task learns, in the sentence that the help begins with.
  public static var summary: String {
    "Train a model that gives each step of a sequence numbers: loads, joint angles, concentrations, the outputs of a system."
  }

  /// Arguments of commands that the help shows as examples.
  public static var usages: [String] {
    [
      "tank.csv --target level --causal --test other.csv --output tank.bundle",
      "gait.csv --id-column trial --target hip,knee --output gait.bundle",
    ]
  }

  /// Units in a recurrent layer.
  static let standardHiddenSize = 48

  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    [
      SettingsGroup(
        "Data",
        [
          Setting.target.describing("The columns to predict; all other numbers are read."),
          Setting.idColumn, Setting.time, Setting.ignoredColumns,
          Setting.categories.describing(
            "Columns of words that are read as categories (default: those with few words that name nobody)."),
          Setting.dateOrder, Setting.decimal,
          Setting.split.describing(
            "Shares for training, validation and test, where no other data are given for them; of one sequence by time."
          ),
        ]),
      .tables,
      SettingsGroup(
        "Features and model",
        [
          Setting.scaling, Setting.ranges, Setting.windowSteps, Setting.cell,
          Setting.hidden.describing(standard: standardHiddenSize), Setting.layers,
          Setting.convolutions.describing("Convolutions over time: features x steps; none for none."),
          Setting.causal, Setting.dropout, Setting.noise,
        ]),
      .cell,
    ]
  }

  /// Convolutions with a stride leave steps out.
  public static func issue(of settings: Settings) -> String? {
    let strided = settings[.convolutions]?.first { (ConvolutionConfiguration(word: $0)?.stride ?? 1) > 1 }
    if let strided {
      return "convolutions has \(strided), expected none with a stride: each step gets a prediction"
    }
    return settings.splitIssue ?? CellChoice(settings).issue
  }
}
