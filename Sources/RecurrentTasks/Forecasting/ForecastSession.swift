/// A row of a series as it comes in.
public struct ForecastStep: Sendable, Equatable {
  /// The targets, transformed, `[C]`; NaN where one is missing.
  public var values: [Double]
  /// What is known ahead of this step and of the steps of the horizon behind it, one after the other, at most `[H + 1, V]`. The
  /// last P of V numbers are what is known of the past alone: those of the step before in the first row, of this step in the
  /// second, and the others are not read.
  public var covariates: [Float]
  /// What is the same throughout the series, `[S]`.
  public var statics: [Float]

  /// A row.
  public init(values: [Double], covariates: [Float] = [], statics: [Float] = []) {
    self.values = values
    self.covariates = covariates
    self.statics = statics
  }
}

/// Predicts the horizon anew after each row, with the bits that the whole series gives.
///
/// The look-back is kept, and read whole for a forecast: each has a scale of its own, so that nothing of a forecast could be kept for
/// the next one.
public struct ForecastSession: TaskSession {
  private let task: ForecastingTask
  private let model: ForecastNetwork
  /// The targets of the last rows, at most as many as are looked back over.
  private var values: [Double] = []
  /// What was known of each of these rows but the last.
  private var covariates: [Float] = []
  /// The last row.
  private var last: ForecastStep?

  private var targetCount: Int { task.featurizer.targets.count }
  private var width: Int { task.featurizer.covariateCount }

  init(task: ForecastingTask, model: ForecastNetwork) {
    self.task = task
    self.model = model
    values.reserveCapacity((task.lookBack + 1) * task.featurizer.targets.count)
    covariates.reserveCapacity((task.lookBack + 1) * task.featurizer.covariateCount)
  }

  /// Reads a row. Traps where it has not as many numbers as the task reads.
  public mutating func read(_ step: ForecastStep) {
    trapUnless(
      step.values.count == targetCount,
      "ForecastSession: expected \(targetCount) targets, received \(step.values.count)")
    trapUnless(
      (width...(task.horizon + 1) * width).contains(step.covariates.count),
      "ForecastSession: expected \(width) to \((task.horizon + 1) * width) covariates, received "
        + "\(step.covariates.count)")
    trapUnless(
      step.statics.count == task.featurizer.staticCount,
      "ForecastSession: expected \(task.featurizer.staticCount) statics, received \(step.statics.count)")
    if let last { covariates.append(contentsOf: last.covariates.prefix(width)) }
    values.append(contentsOf: step.values)
    last = step
    guard values.count > task.lookBack * targetCount else { return }
    values.removeFirst(targetCount)
    covariates.removeFirst(min(width, covariates.count))
  }

  /// The forecast of the steps behind the last row.
  public var prediction: Forecast {
    let series = ForecastSeries(
      source: TimeSeries(targets: task.featurizer.targets, values: values), values: values,
      covariates: covariates + (last?.covariates ?? []), covariateCount: width,
      pastCount: task.featurizer.pastCount, statics: last?.statics ?? [])
    return task.predictions(model, to: [ForecastWindow(series: series, origin: values.count / targetCount)])[
      0]
  }

  /// The forecast of the steps behind the last row.
  public var outputs: [Forecast] { [prediction] }

  /// The look-back.
  public var state: SessionState {
    SessionState(
      tensors: [
        (name: "covariates", value: Tensor(covariates)),
        (name: "ahead", value: Tensor(last?.covariates ?? [])),
        (name: "statics", value: Tensor(last?.statics ?? [])),
      ], integers: [(name: "values", values: values.map(\.stored))])
  }

  /// Goes on from a look-back that was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is that of another model, or damaged.
  public mutating func restore(_ state: SessionState) throws {
    values = try state.integers("values").map { Double(stored: $0) }
    let rows = values.count / targetCount
    try state.check(
      values.count % targetCount == 0 && rows <= task.lookBack, "its rows are not those of a look-back")
    covariates = try state.tensor("covariates", [max(0, rows - 1) * width]).scalars
    let isEmpty = rows == 0
    let ahead = try state.rows("ahead", width: 1, atMost: isEmpty ? 0 : (task.horizon + 1) * width)
    let statics = try state.tensor("statics", [isEmpty ? 0 : task.featurizer.staticCount]).scalars
    last =
      isEmpty
      ? nil : ForecastStep(values: values.suffix(targetCount), covariates: ahead, statics: statics)
  }
}
