/// A row of a series as it comes in.
public struct ForecastStep: Sendable, Equatable {
  /// The targets, transformed; NaN where one is missing.
  public var values: [Double]
  /// What is known ahead of this step and of all steps of the horizon behind it, one after the other.
  public var covariates: [Float]
  /// What is the same throughout the series.
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
/// The look-back is kept, and read whole for an prediction: each has a scale of its own, so that nothing of an prediction could be
/// kept for the next one.
public struct ForecastStream: SequenceStream {
  /// The task whose predictions these are.
  public typealias Task = ForecastingTask

  private let task: ForecastingTask
  private let model: ForecastNetwork
  /// The last rows, at most as many as are looked back over.
  private var rows: [ForecastStep] = []

  init(task: ForecastingTask, model: ForecastNetwork) {
    self.task = task
    self.model = model
  }

  /// Reads a row.
  public mutating func push(_ step: ForecastStep) {
    trapUnless(
      step.values.count == task.featurizer.targets.count,
      "ForecastStream.push: expected \(task.featurizer.targets.count) targets, received \(step.values.count)")
    rows.append(step)
    if rows.count > task.lookBack { rows.removeFirst() }
  }

  /// The forecast of the steps behind the last row.
  public var prediction: Forecast {
    let width = task.featurizer.covariateCount
    var covariates = rows.dropLast().flatMap { $0.covariates.prefix(width) }
    covariates += rows.last?.covariates ?? []
    let values = rows.flatMap(\.values)
    let series = ForecastSeries(
      source: TimeSeries(targets: task.featurizer.targets, values: values), values: values,
      covariates: covariates, covariateCount: width, statics: rows.last?.statics ?? [])
    return task.predictions(model, to: [ForecastWindow(series: series, origin: rows.count)])[0]
  }

  /// The rows, to be kept and gone on with.
  public var state: StreamState {
    get {
      let kept = rows.enumerated().flatMap { row, step in
        [
          (name: "covariates.\(row)", value: Tensor(step.covariates)),
          (name: "statics.\(row)", value: Tensor(step.statics)),
        ]
      }
      return StreamState(
        tensors: kept,
        integers: [
          (name: "count", values: [Int64(rows.count)]),
          (name: "values", values: rows.flatMap { $0.values.map(\.stored) }),
        ])
    }
    set {
      let (width, values) = (task.featurizer.targets.count, newValue.integers("values"))
      rows = (0..<Int(newValue.integers("count")[0])).map { row in
        ForecastStep(
          values: values[row * width..<(row + 1) * width].map { Double(stored: $0) },
          covariates: newValue.tensor("covariates.\(row)").scalars,
          statics: newValue.tensor("statics.\(row)").scalars)
      }
    }
  }
}
