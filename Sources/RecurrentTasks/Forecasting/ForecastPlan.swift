/// A forecast that is ready to be trained: the task, the windows, how to train, and why all is so.
///
///     let plan = try ForecastPlan(try SeriesTable(path: "load.csv"), horizon: 24)
///     let problem = try plan.problem()
///     let model = plan.task.initialModel(
///       key: RandomKey(seed: 1), training: plan.windows.training, validation: plan.windows.validation)
///     var trainer = Trainer(
///       problem: problem, model: model, optimizer: plan.optimizer, settings: plan.settings.training)
///     _ = try trainer.run()
///     let task = plan.calibrated(trainer.result)
///     let report = plan.backtest(task, trainer.result).run()
public struct ForecastPlan: Sendable {
  /// The task, not calibrated yet.
  public let task: ForecastingTask
  /// How to train it.
  public let settings: TaskSettings
  /// The series as the network reads them.
  public let series: [ForecastSeries]
  /// The parts of each series.
  public let parts: [ForecastSplit.Parts]
  /// The windows of each part.
  public let windows: ForecastWindows
  /// What was found in the data, and chosen.
  public let notes: [DataNote]

  /// How the data are cut unless somebody says otherwise.
  public static let standardSplit = ForecastSplit.shares(training: 0.6, validation: 0.2)
  /// Windows of an epoch: places are drawn anew in each, so that all are seen in time.
  static let trainingLimit = 4000
  /// Windows to choose and calibrate by.
  static let validationLimit = 600
  /// Numbers that are foretold, at most, where a model is judged.
  private static let testLimit = 20_000_000

  /// Steps from one window that is judged to the next: 1 unless the numbers are more than can be waited for.
  static func testStride(_ windows: [ForecastWindow], _ task: ForecastingTask) -> Int {
    max(1, (windows.count * task.horizon * task.featurizer.targets.count + testLimit - 1) / testLimit)
  }

  /// Plans a forecast.
  ///
  /// - Parameters:
  ///   - table: the series.
  ///   - horizon: steps that are foretold.
  ///   - split: how the data are cut.
  ///   - options: what is asked for.
  /// - Throws: ``DataError`` where the data do not suffice or options do not fit.
  public init(
    _ table: SeriesTable, horizon: Int, split: ForecastSplit = ForecastPlan.standardSplit,
    options: ForecastOptions = ForecastOptions()
  ) throws(DataError) {
    try ForecastPlan.check(options)
    parts = try split.parts(of: table.series, horizon: horizon)
    let training = parts.map(\.training)
    let traits = SeriesTraits(table.series, training)
    let choice = ForecastChoice(table, traits, horizon: horizon, options)
    let transform = choice.transform
    let featurizer = try ForecastFeaturizer.fit(
      table.series, training: training, calendar: choice.calendar, transform: transform,
      normalization: choice.normalization)
    let network = choice.network(featurizer)
    if let objection = network.objection {
      throw .invalidSetting(name: "the network", expected: "sizes that go together", found: objection)
    }
    task = ForecastingTask(
      columns: table.columns, featurizer: featurizer, network: network, output: choice.output,
      levels: options.levels, seasonLength: choice.seasonLength, seed: options.seed)
    var prepared: [ForecastSeries] = []
    for one in table.series { prepared.append(try featurizer(one, ahead: horizon)) }
    series = prepared
    windows = ForecastWindows(
      series, parts: parts, lookBack: task.lookBack, horizon: horizon,
      trainingLimit: ForecastPlan.trainingLimit, validationLimit: ForecastPlan.validationLimit)
    guard !windows.training.isEmpty, !windows.validation.isEmpty else {
      throw .invalidSetting(
        name: "--horizon", expected: "one for which there are windows with values in each part of the data",
        found: "\(horizon), with \(windows.training.count) windows to train on and "
          + "\(windows.validation.count) to choose by")
    }
    settings = choice.settings(
      windowCount: windows.training.count, targetCount: featurizer.targets.count)
    notes = table.notes + choice.notes + [ForecastPlan.note(parts, windows, split)]
  }

  private static func check(_ options: ForecastOptions) throws(DataError) {
    let levels = options.levels
    guard !levels.isEmpty, levels.allSatisfy({ $0 > 0 && $0 < 1 }),
      zip(levels, levels.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw .invalidSetting(
        name: "--quantiles", expected: "rising numbers between 0 and 1",
        found: levels.map { "\($0)" }.joined(separator: ", "))
    }
    for (name, value) in [
      ("--look-back", options.lookBack), ("--segment", options.segment), ("--hidden", options.hiddenSize),
      ("--layers", options.layerCount), ("--season", options.seasonLength), ("--epochs", options.epochs),
      ("--batch-size", options.batchSize),
    ] {
      if let value, value < 1 {
        throw .invalidSetting(name: name, expected: "at least 1", found: "\(value)")
      }
    }
  }

  private static func note(
    _ parts: [ForecastSplit.Parts], _ windows: ForecastWindows, _ split: ForecastSplit
  ) -> DataNote {
    let steps = [\ForecastSplit.Parts.training, \.validation, \.test].map { part in
      "\(parts.map { $0[keyPath: part].count }.max() ?? 0)"
    }
    return DataNote(
      split == standardSplit ? .assumed : .found,
      "the first \(steps[0]) steps are trained on, the next \(steps[1]) choose and calibrate, the last \(steps[2]) judge",
      setting: "split")
  }

  /// The training.
  ///
  /// - Throws: ``DataError`` where there is nothing to train on.
  public func problem() throws(DataError) -> SequenceTaskProblem<ForecastingTask> {
    try SequenceTaskProblem(
      task: task, training: windows.training, validation: windows.validation, batchSize: settings.batchSize,
      seed: settings.training.seed)
  }

  /// The optimiser.
  public var optimizer: any Optimizer {
    settings.optimizer.make(learningRate: settings.learningRate, weightDecay: settings.weightDecay)
  }

  /// The task with its intervals fitted to the validation part.
  public func calibrated(_ model: ForecastNetwork) -> ForecastingTask {
    var copy = task
    copy.calibrate(model, on: windows.validation)
    return copy
  }

  /// The walk through the last part.
  ///
  /// - Parameters:
  ///   - task: calibrated.
  ///   - model: the network.
  ///   - stride: steps from one window to the next; without one all windows, unless they are very many.
  public func backtest(_ task: ForecastingTask, _ model: ForecastNetwork, stride: Int? = nil) -> Backtest {
    let stride = max(1, stride ?? ForecastPlan.testStride(windows.test, task))
    let chosen = Swift.stride(from: 0, to: windows.test.count, by: stride).map { windows.test[$0] }
    return Backtest(task: task, model: model, windows: chosen)
  }
}
