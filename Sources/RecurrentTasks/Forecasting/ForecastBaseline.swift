/// A forecast that needs no network: one number for each step, as the textbooks define it (Hyndman and Athanasopoulos,
/// "Forecasting: Principles and Practice", 5.2).
///
/// Its intervals come from how far it was off in the validation part. They lie around its points and never move them: all
/// errors of a baseline are those of its points, and its intervals are scored by their coverage alone.
struct ForecastBaseline {
  private enum Kind {
    case seasonal(period: Int)
    case last
    case drift
    case linear(LinearForecast)
  }

  let name: String
  private let kind: Kind
  /// By target, the half widths of the intervals on the scale of the window.
  private var intervals: [ConformalIntervals] = []

  private init(_ name: String, _ kind: Kind, _ task: ForecastingTask, _ windows: [ForecastWindow]) {
    (self.name, self.kind) = (name, kind)
    let targets = task.featurizer.targets.count
    var errors = Array(repeating: Array(repeating: [Double](), count: task.horizon), count: targets)
    for window in windows {
      let (points, scales) = (points(window, task), ForecastBaseline.scales(window, task))
      for target in 0..<targets {
        for step in 0..<task.horizon {
          let place = (window.origin + step) * targets + target
          guard place < window.series.values.count else { continue }
          let point = task.featurizer.transform.applied(points[target][step])
          errors[target][step].append(abs(window.series.values[place] - point) / scales[target])
        }
      }
    }
    let nominals = ForecastScores.intervals(task.levels).map(\.nominal)
    intervals = errors.map { steps in
      ConformalIntervals(nominals: nominals, scores: nominals.map { _ in steps })
    }
  }

  /// The forecasts that every model is compared with.
  static func all(_ task: ForecastingTask, _ windows: ForecastWindows) -> [ForecastBaseline] {
    let validation = windows.validation
    var baselines = [ForecastBaseline("last value", .last, task, validation)]
    if task.seasonLength > 1 {
      let own = ForecastBaseline("seasonal naive", .seasonal(period: task.seasonLength), task, validation)
      baselines.insert(own, at: 0)
    }
    baselines.append(ForecastBaseline("drift", .drift, task, validation))
    if let best = LinearForecast.best(task: task, training: windows.training, validation: validation) {
      baselines.append(ForecastBaseline("linear", .linear(best), task, validation))
    }
    return baselines
  }

  /// The size of the scale of a window, by target.
  static func scales(_ window: ForecastWindow, _ task: ForecastingTask) -> [Double] {
    let (width, values) = (window.series.targetCount, window.series.values)
    return (0..<width).map { target in
      let steps = (max(0, window.origin - task.lookBack)..<window.origin).lazy.map {
        values[$0 * width + target]
      }
      let deviation = task.featurizer.targetScaler.scales[target]
      return task.featurizer.normalization.scale(steps, deviation: deviation).size
    }
  }

  /// By target and step, on the scale of the data; not a number where the series has nothing to go by.
  func points(_ window: ForecastWindow, _ task: ForecastingTask) -> [[Double]] {
    if case .linear(let map) = kind {
      return map.forecast(window, task: task).map { $0.map(task.featurizer.transform.undone) }
    }
    let (width, values) = (window.series.targetCount, window.series.source.values)
    return (0..<width).map { target in
      func value(_ step: Int) -> Double { values[step * width + target] }
      switch kind {
      case .seasonal(let period):
        return NaiveForecast.seasonal(
          count: window.origin, period: period, horizon: task.horizon, value: value)
      case .drift: return NaiveForecast.drift(count: window.origin, horizon: task.horizon, value: value)
      default: return NaiveForecast.last(count: window.origin, horizon: task.horizon, value: value)
      }
    }
  }

  /// The intervals around a point, in the order of ``ForecastScores/intervals(_:)``, on the scale of the data.
  ///
  /// - Parameters:
  ///   - point: of the target and step, on the scale of the data.
  ///   - size: of the scale of the window, for the target.
  func bounds(
    _ point: Double, size: Double, _ task: ForecastingTask, target: Int, step: Int
  ) -> [(low: Double, high: Double)] {
    let transform = task.featurizer.transform
    let middle = transform.applied(point)
    return ForecastScores.intervals(task.levels).map { one in
      let half = (intervals[target].widening(nominal: one.nominal, step: step) ?? 0) * size
      return (transform.undone(middle - half), transform.undone(middle + half))
    }
  }
}
