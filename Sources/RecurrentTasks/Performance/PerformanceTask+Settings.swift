extension PerformanceTask {
  /// What the task learns, in the sentence that the help begins with.
  public static let summary =
    "Train a model that plays: music as it was recorded, with the touch, in hundredths of a second."

  /// Arguments of commands that the help shows as examples.
  public static let usages = ["recordings/ --output pianist.bundle"]

  /// It plays.
  public static func uses(of bundle: String) -> [String] {
    ["recurrent generate \(bundle) --output new.mid", "recurrent evaluate \(bundle) <data>"]
  }

  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    let network = MusicConfiguration()
    return [
      SettingsGroup(
        "Music",
        [
          Setting.transpose.describing(
            "Move performances to train on by up to so many semitones up or down, another way in every epoch; 0 for never."
          ), Setting.program,
          Setting.pedal.describing(
            "Let notes go on while the sustain pedal is down (default: on; off by `--no-pedal`)."),
          Setting.windowSteps.describing(
            "Events of a long performance that are read at once in training; the first eighth is what the network knows already (default: 512)."
          ),
          Setting.split.describing(standard: MusicTask.standardShares),
        ]),
      SettingsGroup(
        "Model",
        [
          Setting.cell.describing(standard: .lstm),
          Setting.hidden.describing(standard: network.hiddenSize),
          Setting.layers.describing("Recurrent layers.", standard: network.layerCount),
          Setting.embedding.describing("Width of the token vectors.", standard: network.embeddingSize),
          Setting.dropout.describing(
            "Dropout on token vectors, between layers and before the output.", standard: 0.3),
        ]), .cell,
    ]
  }

  /// Shares that are none, instruments that are none, and a cell that cannot be what is asked of it.
  public static func issue(of settings: Settings) -> String? { MusicTask.issue(of: settings) }
}
