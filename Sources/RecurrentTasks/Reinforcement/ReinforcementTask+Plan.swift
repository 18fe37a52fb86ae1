import RecurrentReports

extension ReinforcementTask {
  /// Steps with random actions that show the scales of observations and rewards.
  private static let explorationSteps = 2000

  /// Looks at the environment and chooses the model.
  ///
  /// - Throws: ``EnvironmentError``, or ``DataError`` where none is named.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<ReinforcementTask> {
    let settings = request.settings
    guard let name = settings[.environment] else {
      throw DataError.invalidSetting(
        name: "environment",
        expected:
          "one of \(EnvironmentCatalog.names.joined(separator: ", ")), or a command such as \"python env.py\"",
        found: "none")
    }
    if let first = request.data.first {
      throw DataError.invalidSetting(
        name: "environment", expected: "no data beside it, for a policy learns by acting",
        found: "\"\(first.name)\"")
    }
    let choice = EnvironmentChoice(name, timeout: settings.value(.answerTimeout))
    let recipe = ReinforcementRecipe(name)
    let ppo = recipe.applying(settings)
    var environment = try CheckedEnvironment(choice)
    let (scaler, rewardScale) = try explore(&environment, ppo, seed: request.seed, progress)
    let spaces = environment.spaces
    let cell = CellChoice(settings, standard: recipe.cell)
    var network = SequenceNetworkConfiguration(
      featureCount: spaces.observations.count, isCausal: true, cell: cell.cell,
      hiddenSize: settings[.hidden] ?? standardHiddenSize, layerCount: settings.value(.layers),
      dropoutRate: 0)
    (network.cellOptions, network.precision) = (cell.options, cell.precision)
    let isProcess = EnvironmentCatalog.isCommand(name)
    let task = ReinforcementTask(
      environment: name, timeout: choice.timeout, spaces: spaces, scaler: scaler,
      rewardScale: rewardScale, network: network, ppo: ppo,
      trainsControl: settings[.control] ?? !isProcess)
    if let issue = network.issue { throw TaskError.settings(issue) }
    let episodes = task.seeds(settings[.testEpisodes] ?? (isProcess ? 20 : 100), 2).map { Example(seed: $0) }
    var plan = TrainingPlan(
      task: task, training: ExampleSource([]), validation: ExampleSource([]),
      test: ExampleSource(episodes), suggested: recipe.training(rows: ppo.rowCount), settings: settings,
      notes: notes(task), unitName: "steps")
    plan.sizes = (ppo.stepCount, ppo.validationEpisodes, episodes.count)
    plan.facts.targets = actionNames(spaces.actions)
    plan.facts.columns = ["observations": spaces.observations]
    return plan
  }

  /// Acts at random, to see the scales of the observations, and that of the discounted sum of rewards.
  private static func explore(
    _ environment: inout CheckedEnvironment, _ ppo: PPOSettings, seed: UInt64,
    _ progress: (String, Double) -> Void
  ) throws -> (scaler: ChannelScaler, rewardScale: Double) {
    let key = RandomKey(seed: seed).child(4)
    let spaces = environment.spaces
    let width = spaces.actions.size
    var columns = [[Float]](repeating: [], count: spaces.observations.count)
    func see(_ observation: [Float]) {
      for (channel, value) in observation.enumerated() { columns[channel].append(value) }
    }
    var (sums, sum, episode) = ([Double](), 0.0, 0)
    see(try environment.reset(seed: key.child(0).bits, episode: 1))
    for step in 0..<explorationSteps {
      if step % 100 == 0 { progress("looking around", Double(step) / Double(explorationSteps)) }
      let uniforms = key.child(-1).uniforms(width, from: step * width)
      let action =
        switch spaces.actions {
        case .discrete(let names): [Float(min(Int(uniforms[0] * Float(names.count)), names.count - 1))]
        case .continuous(let bounds): zip(bounds, uniforms).map { $0.value(2 * $1 - 1) }
        }
      let next = try environment.step(action)
      see(next.observation)
      sum = ppo.discount * sum + next.reward
      sums.append(sum)
      guard next.hasEnded else { continue }
      (episode, sum) = (episode + 1, 0)
      see(try environment.reset(seed: key.child(episode).bits, episode: episode + 1))
    }
    let mean = sums.reduce(0, +) / Double(sums.count)
    let spread = (sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sums.count)).squareRoot()
    let scale = spread > 1e-6 ? 1 / spread : 1
    return (ChannelScaler(method: .standard, fitting: columns), scale)
  }

  /// What the actions are called.
  static func actionNames(_ actions: ActionSpace) -> [String] {
    switch actions {
    case .discrete(let names): names
    case .continuous(let bounds): bounds.map(\.name)
    }
  }

  private static func notes(_ task: ReinforcementTask) -> [DataNote] {
    let (spaces, ppo) = (task.spaces, task.ppo)
    let done =
      switch spaces.actions {
      case .discrete(let names): "one of \(names.joined(separator: ", "))"
      case .continuous(let bounds):
        bounds.map { "\($0.name) from \(significant(Double($0.low))) to \(significant(Double($0.high)))" }
          .joined(separator: ", ")
      }
    return [
      DataNote(
        .found,
        "\(task.environment): observed are \(spaces.observations.joined(separator: ", ")); done is \(done); episodes of at most "
          + "\(counted(spaces.stepLimit, "step"))", setting: "environment"),
      DataNote(
        .assumed,
        "\(counted(ppo.rowCount, "environment")) side by side, \(ppo.passCount) passes over each "
          + "\(counted(ppo.rolloutSteps, "step")) of them", setting: "rollout-steps"),
    ]
  }

  /// Reads recorded observations, from tables with the names of the observations as columns.
  ///
  /// - Throws: ``DataError`` or a format error; ``TaskError/unsupported(_:)`` where returns are asked for.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    guard !needsTargets else {
      throw TaskError.unsupported(
        "a policy is evaluated by letting it act: `recurrent drive BUNDLE` does, and recorded data cannot")
    }
    let featurizer = featurizer
    let records = try RecordSource(
      recordings: data, events: nil, columns: settings.recordingColumns,
      known: RecordingColumns.Known(channels: spaces.observations),
      needsLabels: false)
    return ExampleSource(records) { Example(features: try featurizer($0)) }
  }
}
