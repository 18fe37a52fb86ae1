extension NaiveForecast {
  /// The line through the first and the last value, gone on with.
  public static func drift(_ history: [Double], horizon: Int) -> [Double] {
    guard let first = history.first, let last = history.last else {
      return [Double](repeating: .nan, count: horizon)
    }
    let slope = history.count > 1 ? (last - first) / Double(history.count - 1) : 0
    return (1...max(horizon, 1)).prefix(horizon).map { last + Double($0) * slope }
  }
}

/// A forecast that needs no network, with intervals from how far it was off in the validation part.
struct ForecastRival {
  private enum Kind {
    case seasonal(period: Int)
    case last
    case drift
    case linear(LinearForecast)
  }

  let name: String
  private let kind: Kind
  /// By target, step and level: what is added to the point, on the scale of the window.
  private var shifts: [[[Double]]] = []

  private init(_ name: String, _ kind: Kind, _ task: ForecastingTask, _ windows: [ForecastWindow]) {
    (self.name, self.kind) = (name, kind)
    let targets = task.featurizer.targets.count
    var errors = Array(repeating: Array(repeating: [Double](), count: task.horizon), count: targets)
    for window in windows {
      let points = points(window, task)
      for target in 0..<targets {
        let scale = ForecastRival.scale(window, task, target)
        for step in 0..<task.horizon {
          let place = (window.origin + step) * targets + target
          guard place < window.series.values.count, window.series.values[place].isFinite else { continue }
          errors[target][step].append((window.series.values[place] - points[target][step]) / scale)
        }
      }
    }
    shifts = errors.map { steps in
      steps.map { errors in
        let sorted = errors.filter(\.isFinite).sorted()
        return task.levels.map { sorted.isEmpty ? 0 : sampleQuantile(sorted, $0) }
      }
    }
  }

  /// The forecasts that every model is compared with.
  static func all(_ task: ForecastingTask, _ windows: ForecastWindows) -> [ForecastRival] {
    let validation = windows.validation
    var rivals = [ForecastRival("last value", .last, task, validation)]
    if task.seasonLength > 1 {
      let own = ForecastRival("seasonal naive", .seasonal(period: task.seasonLength), task, validation)
      rivals.insert(own, at: 0)
    }
    rivals.append(ForecastRival("drift", .drift, task, validation))
    if let best = LinearForecast.best(task: task, training: windows.training, validation: validation) {
      rivals.append(ForecastRival("linear", .linear(best), task, validation))
    }
    return rivals
  }

  private static func scale(_ window: ForecastWindow, _ task: ForecastingTask, _ target: Int) -> Double {
    let (width, values) = (window.series.targetCount, window.series.values)
    let steps = (max(0, window.origin - task.lookBack)..<window.origin).lazy.map {
      values[$0 * width + target]
    }
    return task.featurizer.normalization.scale(
      steps, deviation: task.featurizer.targetScaler.scales[target]
    ).size
  }

  /// By target and step, on the transformed scale.
  private func points(_ window: ForecastWindow, _ task: ForecastingTask) -> [[Double]] {
    if case .linear(let map) = kind { return map.forecast(window, task: task) }
    let (width, values) = (window.series.targetCount, window.series.values)
    return (0..<width).map { target in
      // gaps are filled with what was before them; what is long past matters to the slope alone
      var history: [Double] = []
      var begin = 0
      if case .seasonal(let period) = kind { begin = max(0, window.origin - 2 * period) }
      if case .last = kind { begin = max(0, window.origin - task.lookBack) }
      for step in begin..<window.origin {
        let value = values[step * width + target]
        if value.isFinite { history.append(value) } else if let last = history.last { history.append(last) }
      }
      switch kind {
      case .seasonal(let period):
        return NaiveForecast.seasonal(history, period: period, horizon: task.horizon)
      case .drift: return NaiveForecast.drift(history, horizon: task.horizon)
      default: return NaiveForecast.last(history, horizon: task.horizon)
      }
    }
  }

  /// The forecast of a window on the scale of the data.
  func forecast(_ window: ForecastWindow, _ task: ForecastingTask) -> Forecast {
    let transform = task.featurizer.transform
    var means = points(window, task)
    let quantiles = means.enumerated().map { target, points in
      let scale = ForecastRival.scale(window, task, target)
      return points.enumerated().map { step, point in
        shifts[target][step].map { transform.undone(point + scale * $0) }
      }
    }
    means = means.map { $0.map { transform.undone($0) } }
    return Forecast(levels: task.levels, means: means, quantiles: quantiles)
  }
}
