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

/// Foretells the horizon anew after each row, with the bits that the whole series gives.
///
/// The look-back is kept, and read whole for an answer: each has a scale of its own, so that nothing of an answer could be
/// kept for the next one.
public struct ForecastStream: SequenceStream {
  /// The task whose answers these are.
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
  public var answer: Forecast {
    let width = task.featurizer.covariateCount
    var covariates = rows.dropLast().flatMap { $0.covariates.prefix(width) }
    covariates += rows.last?.covariates ?? []
    let values = rows.flatMap(\.values)
    let series = ForecastSeries(
      source: TimeSeries(targets: task.featurizer.targets, values: values), values: values,
      covariates: covariates, covariateCount: width, statics: rows.last?.statics ?? [])
    return task.answers(model, to: [ForecastWindow(series: series, origin: rows.count)])[0]
  }

  /// The rows, to be kept and gone on with: each number as three floats, which hold its digits.
  public var tensors: [Tensor] {
    get {
      let width = task.featurizer.targets.count
      let values = rows.flatMap { $0.values.flatMap(ForecastStream.parts) }
      return [Tensor(values, shape: [rows.count, 3 * width])]
        + rows.flatMap { [Tensor($0.covariates), Tensor($0.statics)] }
    }
    set {
      let width = task.featurizer.targets.count
      let (count, numbers) = (newValue[0].shape[0], newValue[0].scalars)
      rows = (0..<count).map { row in
        ForecastStep(
          values: (0..<width).map { target in
            let start = (row * width + target) * 3
            return Double(numbers[start]) + Double(numbers[start + 1]) + Double(numbers[start + 2])
          }, covariates: newValue[1 + 2 * row].scalars, statics: newValue[2 + 2 * row].scalars)
      }
    }
  }

  /// A number as the sum of three floats.
  private static func parts(_ value: Double) -> [Float] {
    let first = Float(value)
    guard first.isFinite else { return [first, 0, 0] }
    let second = Float(value - Double(first))
    return [first, second, Float(value - Double(first) - Double(second))]
  }
}
