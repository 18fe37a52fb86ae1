extension Setting where Value == ControlKind {
  /// What is learnt about control.
  public static var controlKind: Setting {
    Setting(
      "kind", of: "kind", standard: .simulation,
      help:
        "What is learnt: a system, whose outputs follow from its inputs, or a driver, who does something for what is observed. With "
        + "`reinforcement` a policy learns by acting, which is the task of that name.")
  }
}

extension Setting where Value == ActionChoice {
  /// The one action that a distribution becomes.
  public static var actionChoice: Setting {
    Setting(
      "action", of: "choice", standard: .mean,
      help: "Of a driver with numbers: the mean of all that it may do, or the mean of the likeliest way.")
  }
}

extension Setting where Value == ControlColumns.OutputKind {
  /// Whether outputs are numbers or moves.
  public static var outputKind: Setting {
    Setting(
      "output-kind", of: "kind",
      help: "Whether outputs are numbers or one of a few moves (default: moves where they are words).")
  }
}

extension Setting where Value == [Double] {
  /// Units of the layers that read each step by itself.
  public static var dense: Setting {
    Setting(
      "dense", .numbers(0...65_536, count: nil), "a,b",
      help:
        "Units of layers that read each step by itself, before the recurrent ones; 0 for none (default: 0, of moves 64,64)."
    )
  }
}

extension Setting where Value == [String] {
  /// The columns that go in.
  public static var inputs: Setting {
    Setting(
      "inputs", .texts, "a,b",
      help:
        "The columns that go in: inputs of a system, observations of a driver (default: all other numbers).")
  }
  /// The columns that come out.
  public static var outputs: Setting {
    Setting(
      "outputs", .texts, "a,b", help: "The columns that come out: outputs of a system, actions of a driver.")
  }
}

extension Setting where Value == String {
  /// The column that tells episodes apart.
  public static var episode: Setting {
    .column(
      "episode",
      help:
        "The column that tells episodes apart, each of which begins anew; a column `episode` is taken for it by itself."
    )
  }
}

extension Setting where Value == String {
  /// The bundle of a system that a driver is tried on.
  public static var system: Setting {
    Setting(
      "system", .text, "bundle",
      help: "Evaluating a driver: the bundle of a system, which answers it in a closed loop.")
  }
}

extension Setting where Value == Int {
  /// Samples whose measured outputs are read first.
  public static var warmUpSamples: Setting {
    Setting(
      "warm-up", .integer(0...1 << 20), "n", standard: 50,
      help:
        "Of a system: samples at the beginning whose measured outputs are read too, to find its state; they are not evaluated."
    )
  }
  /// Networks that are trained side by side.
  public static var restarts: Setting {
    Setting(
      "restarts", .integer(1...ControlConfiguration.mostRestarts), "n",
      help: "Networks that are trained side by side, each from another beginning (default: 5, of a driver 3)."
    )
  }
  /// How many of them are kept.
  public static var ensemble: Setting {
    Setting(
      "ensemble", .integer(1...ControlConfiguration.mostRestarts), "n",
      help:
        "How many of them are kept, those with the least error on the validation part; their mean counts (default: 3)."
    )
  }
  /// Normal distributions of an action.
  public static var actionMixtures: Setting {
    Setting(
      "mixtures", .integer(1...1 << 10), "n", standard: 1,
      help:
        "Of a driver with numbers: normal distributions of an action; several for what is done now in one way, now in another."
    )
  }
}

extension Setting where Value == Bool {
  /// Whether a driver reads what it did last.
  public static var previousAction: Setting {
    Setting(
      "previous-action", .bool,
      help:
        "Of a driver: read the action before, which training hides every second time. The error falls, and the driver may do nothing but "
        + "go on with what it did.")
  }
}

extension ControlTask {
  /// What the task learns, in the sentence that the help begins with.
  public static let summary =
    "Train a model of a system from its inputs and outputs, or a driver from what was done: tanks, drones, robots."

  /// Arguments of commands that the help shows as examples.
  public static let usages = [
    "log.csv --inputs u --outputs y --warm-up 50 --output tank.bundle",
    "drives.csv --kind imitation --episode run --inputs s1,s2 --outputs steer --output driver.bundle",
  ]

  /// The shares for training, validation and test, where the data do not say.
  static let standardShares = [0.7, 0.15, 0.15]

  /// Steps of a window behind the warm-up, where none are set. What a controller gives out may be a sum of all errors before, which
  /// short windows do not show; moves mostly follow from what is seen.
  static func standardWindow(_ kind: ControlKind, hasMoves: Bool) -> Int {
    kind == .simulation ? 200 : hasMoves ? 64 : 256
  }

  /// The deviation of noise on the inputs, where none is set: that of a driver with numbers would be learnt as a blunter controller.
  static func standardNoise(hasMoves: Bool) -> Float { hasMoves ? 0.01 : 0 }

  /// Batches of an epoch of windows that begin anywhere, at least.
  static let batchesOfEpoch = 16

  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    [
      SettingsGroup(
        "Data",
        [
          Setting.controlKind, Setting.inputs, Setting.outputs, Setting.outputKind, Setting.episode,
          Setting.time, Setting.ignoredColumns, Setting.dateOrder, Setting.decimal,
          Setting.split.describing(
            "Shares for training, validation and test, where no other data are given for them; of one episode by time.",
            standard: standardShares),
        ]),
      .tables,
      SettingsGroup(
        "Control",
        [
          Setting.warmUpSamples, Setting.restarts, Setting.ensemble, Setting.actionMixtures,
          Setting.actionChoice,
          Setting.previousAction, Setting.system,
          Setting.windowSteps.describing(
            "Steps of an episode that are read at once in training, behind the warm-up of a system (default: 200, of a driver 256, with moves 64)."
          ),
          Setting.noise.describing(
            "Noise on the inputs in training, on their common scale (default: 0, of moves 0.01)."),
        ]),
      SettingsGroup(
        "Model",
        [
          Setting.scaling,
          Setting.ranges.describing(
            "Tell the values of an input apart by so many ranges: makes thresholds easy to learn (default: no ranges, of moves 16)."
          ), Setting.dense, Setting.cell,
          Setting.hidden.describing("Units of a layer (default: 32, of a driver 64)."), Setting.layers,
          Setting.dropout.describing(
            "Dropout between layers and before the output (default: 0, of moves 0.1)."),
        ]),
      .cell,
    ]
  }

  /// What goes with one kind alone, more networks kept than trained, and a cell that cannot be what is asked of it.
  public static func issue(of settings: Settings) -> String? {
    let kind = settings.value(.controlKind)
    if kind == .imitation, settings[.warmUpSamples] != nil {
      return "warm-up is for the kind simulation: a driver begins with the beginning of an episode"
    }
    if kind == .simulation, settings[.outputKind] == .discrete {
      return "output-kind is discrete, expected continuous for the kind simulation"
    }
    if kind == .simulation, settings[.previousAction] ?? false {
      return "previous-action is for the kind imitation"
    }
    if kind == .simulation, settings[.system] != nil { return "system is for the kind imitation" }
    let restarts = settings[.restarts] ?? standardRestarts(kind)
    if let ensemble = settings[.ensemble], ensemble > restarts {
      return "ensemble is \(ensemble), expected no more than the \(restarts) networks of restarts"
    }
    return settings.splitIssue ?? CellChoice(settings).issue
  }

  /// Networks that are trained side by side, where nothing is set.
  static func standardRestarts(_ kind: ControlKind) -> Int { kind == .simulation ? 5 : 3 }
}

extension ControlColumns {
  /// The columns that settings name, and for the rest those that are known.
  init(_ settings: Settings, known: ControlColumns? = nil) {
    self.init(
      inputs: settings[.inputs] ?? known?.inputs, outputs: settings[.outputs] ?? known?.outputs,
      episode: settings[.episode], time: settings[.time],
      ignored: settings[.ignoredColumns] ?? known?.ignored ?? [],
      outputKind: settings[.outputKind] ?? known?.outputKind, format: settings.tableFormat)
    (knownFormat, knownEpisode, knownTime) = (known?.knownFormat, known?.knownEpisode, known?.knownTime)
  }
}

extension ControlConfiguration {
  /// The sizes that settings ask for.
  init(_ settings: Settings, _ kind: ControlKind, hasMoves: Bool) {
    let isDriver = kind == .imitation
    let restarts = settings[.restarts] ?? ControlTask.standardRestarts(kind)
    self.init(
      cell: CellChoice(settings),
      denseSizes: settings[.dense].map { $0.map { Int($0) }.filter { $0 > 0 } }
        ?? (hasMoves ? [64, 64] : []),
      hiddenSize: settings[.hidden] ?? (isDriver ? 64 : 32),
      layerCount: settings[.layers] ?? 1,
      dropoutRate: settings[.dropout].map { Float($0) } ?? (hasMoves ? 0.1 : 0), restartCount: restarts,
      ensembleSize: settings[.ensemble] ?? min(3, restarts))
  }
}
