import RecurrentReports

/// A forecast that is ready to be trained: the task, the windows, how to train, and why all is so.
public struct ForecastPlan: Sendable {
  /// The task, not calibrated yet.
  public let task: ForecastingTask
  /// How to train it where nothing is set.
  public let suggested: TaskSettings
  /// The series as the network reads them.
  public let series: [ForecastSeries]
  /// The parts of each series.
  public let parts: [SeriesParts]
  /// The windows of each part.
  public let windows: ForecastWindows
  /// What was found in the data, and chosen.
  public let notes: [DataNote]

  /// How the data are cut where no split is set.
  public static let standardSplit = DataShares.shares(training: 0.6, validation: 0.2, test: 0.2)
  /// ``standardSplit`` as the shares for training, validation and test.
  static let standardShares = [0.6, 0.2, 0.2]
  /// Windows of an epoch: places are drawn anew in each, so that all are seen in time.
  static let trainingLimit = 4000
  /// Windows to choose and calibrate by.
  static let validationLimit = 600
  /// Numbers that are predicted, at most, where a model is evaluated.
  private static let testLimit = 12_000_000

  /// Which of some windows are evaluated: all of them, or where their numbers are more than can be waited for those at regular
  /// distances, with a note about it.
  static func evaluated(_ count: Int, _ task: ForecastingTask) -> (places: [Int], notes: [DataNote]) {
    let numbers = count * task.horizon * task.featurizer.targets.count
    let most = ForecastBudget.evaluated(task.network)
    let distance = max(1, (numbers + testLimit - 1) / testLimit, (count + most - 1) / most)
    let places = Array(stride(from: 0, to: count, by: distance))
    let note = DataNote(
      .assumed, "\(grouped(places.count)) of \(grouped(count)) windows, at regular distances, are evaluated")
    return (places, distance > 1 ? [note] : [])
  }

  /// Plans a forecast.
  ///
  /// - Parameters:
  ///   - table: the series.
  ///   - horizon: steps that are predicted.
  ///   - split: how the data are cut.
  ///   - asked: what is set.
  /// - Throws: ``DataError`` where the data do not suffice or options do not fit.
  public init(
    _ table: SeriesTable, horizon: Int, split: DataShares = ForecastPlan.standardSplit,
    settings asked: Settings = Settings()
  ) throws(DataError) {
    if let issue = ForecastingTask.issue(of: asked) {
      throw .invalidSetting(name: "the settings", expected: "ones that go together", found: issue)
    }
    parts = try split.parts(of: table.series, horizon: horizon)
    let training = parts.map(\.training)
    let traits = SeriesTraits(table.series, training)
    let choice = ForecastChoice(table, traits, horizon: horizon, asked)
    let transform = choice.transform
    let featurizer = try ForecastFeaturizer.fit(
      table.series, training: training, calendar: choice.calendar, transform: transform,
      normalization: choice.normalization)
    let network = choice.network(featurizer)
    if let issue = network.issue {
      throw .invalidSetting(name: "the network", expected: "sizes that go together", found: issue)
    }
    task = ForecastingTask(
      columns: table.columns, featurizer: featurizer, network: network, output: choice.output,
      levels: asked.value(.quantiles), seasonLength: choice.seasonLength, seed: asked.value(.seed))
    var series: [ForecastSeries] = []
    for one in table.series { series.append(try featurizer(one, ahead: horizon)) }
    self.series = series
    let (parts, task) = (parts, task)
    func windows(_ limit: Int) -> ForecastWindows {
      ForecastWindows(
        series, parts: parts, lookBack: task.lookBack, horizon: horizon, trainingLimit: limit,
        validationLimit: ForecastPlan.validationLimit)
    }
    let all = windows(ForecastPlan.trainingLimit)
    let budget = choice.budget(network, windowCount: all.training.count)
    self.windows = budget.windows < all.training.count ? windows(budget.windows) : all
    guard !self.windows.training.isEmpty, !self.windows.validation.isEmpty else {
      throw .invalidSetting(
        name: "horizon", expected: "one for which there are windows with values in each part of the data",
        found: "\(horizon), with \(all.training.count) windows to train on and "
          + "\(all.validation.count) to choose by")
    }
    suggested = choice.suggested(windowCount: self.windows.training.count, epochs: budget.epochs)
    let cost = asked[.epochs] == nil ? [DataNote(.assumed, budget.text, setting: "epochs")] : []
    notes = table.notes + choice.notes + [ForecastPlan.note(parts, split)] + cost
  }

  private static func note(_ parts: [SeriesParts], _ split: DataShares) -> DataNote {
    let steps = [\SeriesParts.training, \.validation, \.test].map { SeriesParts.longest(parts, $0) }
    return DataNote(
      split == standardSplit ? .assumed : .found,
      "the first \(steps[0]) steps are trained on, the next \(steps[1]) choose and calibrate, the last \(steps[2]) test",
      setting: "split")
  }
}
