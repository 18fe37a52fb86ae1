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
  /// By target, step and interval, in the order of ``ForecastScores/intervals(_:)``, half its width on the scale of the
  /// window.
  private var halfWidths: [[[Double]]] = []

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
    halfWidths = errors.map { steps in
      steps.map { errors in nominals.map { ConformalIntervals.quantile(errors, $0) } }
    }
  }

  /// The forecasts that every model is compared with.
  static func all(_ task: ForecastingTask, _ windows: ForecastWindows) -> [ForecastBaseline] {
    var kinds: [(String, Kind)] = [("last value", .last), ("drift", .drift)]
    if task.seasonLength > 1 {
      kinds.insert(("seasonal naive", .seasonal(period: task.seasonLength)), at: 0)
    }
    if let best = LinearForecast.best(
      task: task, training: windows.training, validation: windows.validation)
    {
      kinds.append(("linear", .linear(best)))
    }
    return kinds.map { ForecastBaseline($0, $1, task, windows.validation) }
  }

  /// The size of the scale of a window, by target.
  static func scales(_ window: ForecastWindow, _ task: ForecastingTask) -> [Double] {
    task.featurizer.targets.indices.map { target in
      task.featurizer.normalization.scale(
        window.lookBack(task.lookBack, target: target),
        deviation: task.featurizer.targetScaler.scales[target],
        center: task.featurizer.targetScaler.centers[target]
      ).size
    }
  }

  /// By target and step, on the scale of the data; not a number where the series has nothing to go by.
  func points(_ window: ForecastWindow, _ task: ForecastingTask) -> [[Double]] {
    if case .linear(let map) = kind {
      return map.forecast(window, task: task).map { $0.map(task.featurizer.transform.undone) }
    }
    return task.featurizer.targets.indices.map { target in
      let past = window.past(target: target)
      switch kind {
      case .seasonal(let period):
        return NaiveForecast.wholeSeasons(past, period: period, horizon: task.horizon)
      case .drift: return NaiveForecast.drift(past, horizon: task.horizon)
      default: return NaiveForecast.last(past, horizon: task.horizon)
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
    return halfWidths[target][step].map { half in
      (transform.undone(middle - half * size), transform.undone(middle + half * size))
    }
  }
}
