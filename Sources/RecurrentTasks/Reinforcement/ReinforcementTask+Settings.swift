extension Setting where Value == String {
  /// Where a policy acts.
  public static var environment: Setting {
    Setting(
      "environment", .text, "name",
      help:
        "Where the policy acts: \(EnvironmentCatalog.names.joined(separator: ", ")), a maze of another length, or a command such as \"python env.py\" that runs a process."
    )
  }
}

extension Setting where Value == Int {
  /// Steps of experience.
  public static var experience: Setting {
    Setting(
      "steps", .integer(1...1 << 40), "n", standard: PPOSettings().stepCount,
      help: "Steps of experience, over all rows.")
  }
  /// Environments side by side.
  public static var rows: Setting {
    Setting("rows", .integer(1...1 << 12), "n", help: "Environments side by side.")
  }
  /// Steps between updates.
  public static var rolloutSteps: Setting {
    Setting(
      "rollout-steps", .integer(1...1 << 16), "n",
      help: "Steps of each row between two updates; gradients go back as far.")
  }
  /// Passes over a rollout.
  public static var passes: Setting {
    Setting("passes", .integer(1...1 << 12), "n", help: "Passes over the steps of a rollout.")
  }
  /// Steps that are remembered at first.
  public static var memory: Setting {
    Setting(
      "memory", .integer(0...1 << 20), "n",
      help:
        "GRU, LSTM: gates that keep the state for up to so many steps at first, for what is far apart; 0 for none (default: the length of a maze)."
    )
  }
  /// Episodes that choose.
  public static var validationEpisodes: Setting {
    Setting(
      "validation-episodes", .integer(0...1 << 16), "n",
      help: "Episodes after each epoch that choose the policy to keep; 0 to keep the last one.")
  }
  /// Episodes that evaluate.
  public static var testEpisodes: Setting {
    Setting(
      "test-episodes", .integer(1...1 << 20), "n",
      help: "Episodes that evaluate the result (default: 100, for a process 20).")
  }
}

extension Setting where Value == Double {
  /// γ.
  public static var discount: Setting {
    Setting("discount", .number(0...1), "x", help: "What a reward is worth one step later.")
  }
  /// λ.
  public static var trace: Setting {
    Setting(
      "trace", .number(0...1), "x",
      help: "How far advantages look ahead before the critic is believed (lambda).")
  }
  /// ε.
  public static var clipRange: Setting {
    Setting(
      "clip-range", .number(0...1000, isOpenBelow: true), "x", standard: PPOSettings().clipRange,
      help: "How far the ratio of probabilities may move in an update; it falls to 0.")
  }
  /// How much the critic counts.
  public static var valueWeight: Setting {
    Setting(
      "value-weight", .number(0...1e6), "x", standard: PPOSettings().valueWeight,
      help: "How much the error of the critic counts.")
  }
  /// How much the entropy counts.
  public static var entropyWeight: Setting {
    Setting("entropy-weight", .number(0...1e6), "x", help: "How much the entropy of the policy counts.")
  }
  /// Seconds of a process.
  public static var answerTimeout: Setting {
    Setting(
      "timeout", .number(0...1e6, isOpenBelow: true), "s",
      standard: ProcessEnvironment.standardTimeout, help: "Seconds that a process has for each answer.")
  }
}

extension Setting where Value == Bool {
  /// Whether the control is trained.
  public static var control: Setting {
    Setting(
      "control", .bool,
      help:
        "Train the same network without memory beside, for comparison (default: on for environments that are built in)."
    )
  }
}

extension ReinforcementTask {
  /// What the task learns, in the sentence that the help begins with.
  public static var summary: String {
    "Train a policy with a memory by letting it act: in an environment that is built in, or in a process."
  }

  /// Arguments of commands that the help shows as examples.
  public static var usages: [String] {
    [
      "--environment cartpole-no-velocity --steps 100000 --output balance.bundle",
      "--environment \"python env.py\" --output policy.bundle",
    ]
  }

  /// Acting, and a stream of observations.
  public static func uses(of bundle: String) -> [String] {
    ["recurrent drive \(bundle) --episodes 100", "recurrent predict \(bundle) --stream"]
  }

  /// Adam.
  public static var standardOptimizer: OptimizerCatalog { .adam }

  /// What is learnt comes from an environment.
  public static func needsData(_ settings: Settings) -> Bool { false }

  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    [
      SettingsGroup(
        "Environment",
        [
          Setting.environment, Setting.experience, Setting.rows, Setting.validationEpisodes,
          Setting.testEpisodes, Setting.answerTimeout,
        ]),
      SettingsGroup(
        "Learning",
        [
          Setting.rolloutSteps, Setting.passes, Setting.discount, Setting.trace, Setting.clipRange,
          Setting.valueWeight, Setting.entropyWeight, Setting.clipNorm.describing(standard: 0.5),
          Setting.control,
        ]),
      SettingsGroup(
        "Model",
        [
          Setting.cell, Setting.hidden.describing(standard: standardHiddenSize), Setting.layers,
          Setting.memory,
        ]),
      SettingsGroup(
        "Cell",
        [
          Setting.precision, Setting.activation, Setting.peepholes, Setting.coupledGates, Setting.layerNorm,
          Setting.projection, Setting.cellClip, Setting.window, Setting.heads,
        ]),
    ]
  }

  /// Units in a recurrent layer.
  static let standardHiddenSize = 64

  /// A cell that cannot be what is asked of it.
  public static func issue(of settings: Settings) -> String? { CellChoice(settings).issue }
}
