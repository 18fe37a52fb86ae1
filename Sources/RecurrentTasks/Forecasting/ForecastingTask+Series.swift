import RecurrentReports

extension ForecastingTask {
  /// The windows behind the ends of series: what comes next.
  ///
  /// - Parameter series: read with ``columns`` and the frequency of ``featurizer``.
  /// - Throws: ``DataError`` where there are too few steps, no value to go by, or too little is known ahead.
  public func next(_ series: [TimeSeries]) throws(DataError) -> [ForecastWindow] {
    var windows: [ForecastWindow] = []
    for one in series {
      let name = one.id.isEmpty ? "the series" : "the series \"\(one.id)\""
      guard one.stepCount >= network.leastLookBack else {
        throw .invalidSetting(
          name: name,
          expected: "at least \(network.leastLookBack) steps to go by, \(lookBack) for the best forecast",
          found: "\(one.stepCount)")
      }
      guard one.known.isEmpty || one.futureCount >= horizon else {
        throw .invalidSetting(
          name: name,
          expected: "\(horizon) rows behind the last target with \(one.known.joined(separator: ", "))",
          found: "\(one.futureCount)")
      }
      let series = try featurizer(one, ahead: horizon)
      let begin = max(0, one.stepCount - lookBack) * one.targets.count
      for (target, name) in one.targets.enumerated()
      where !stride(from: begin + target, to: one.values.count, by: one.targets.count).contains(where: {
        series.values[$0].isFinite
      }) {
        throw .invalidSetting(
          name: "the column \"\(name)\"", expected: "a value among the last \(lookBack) steps", found: "none")
      }
      windows.append(ForecastWindow(series: series, origin: one.stepCount))
    }
    return windows
  }

  /// The windows of series whose horizon is known, to be evaluated.
  ///
  /// - Parameters:
  ///   - series: read with ``columns`` and the frequency of ``featurizer``.
  ///   - stride: steps from one window to the next.
  /// - Throws: ``DataError`` where no series has a look-back and a horizon.
  public func windows(_ series: [TimeSeries], stride: Int = 1) throws(DataError) -> [ForecastWindow] {
    var windows: [ForecastWindow] = []
    for one in series {
      let series = try featurizer(one, ahead: horizon)
      let first = min(lookBack, max(network.leastLookBack, one.stepCount - horizon))
      for origin in Swift.stride(from: first, through: one.stepCount - horizon, by: max(1, stride)) {
        windows.append(ForecastWindow(series: series, origin: origin))
      }
    }
    guard !windows.isEmpty else {
      throw .invalidSetting(
        name: "the data", expected: "at least \(network.leastLookBack + horizon) steps",
        found: "\(series.map(\.stepCount).max() ?? 0)")
    }
    return windows
  }

  /// A target of a forecast as a fan.
  ///
  /// - Parameters:
  ///   - forecast: the prediction.
  ///   - window: to what.
  ///   - target: which of the targets.
  public func fanChart(_ forecast: Forecast, of window: ForecastWindow, target: Int) -> FanChart {
    let source = window.series.source
    func point(_ step: Int, _ value: Double) -> (x: Double, y: Double) { (source.time(of: step), value) }
    let column = source.column(target)
    let begin = max(0, window.origin - max(2 * horizon, min(lookBack, 4 * horizon)))
    // narrower bands than half and wider ones than 95 % hide more than they show
    let intervals = ForecastScores.intervals(levels).filter { (0.49...0.951).contains($0.nominal) }
    let bands = intervals.reversed().map { own in
      FanChart.Band(
        share: own.nominal,
        points: (0..<horizon).map { step in
          let quantiles = forecast.quantiles[target][step]
          return (source.time(of: window.origin + step), quantiles[own.low], quantiles[own.high])
        })
    }
    let name = source.targets[target]
    return FanChart(
      title: source.id.isEmpty ? name : "\(name) of \(source.id)",
      xLabel: source.frequency.isCalendar ? "time" : "step", yLabel: name,
      axis: source.frequency.isCalendar ? .dates : .numbers,
      history: (begin..<window.origin).map { point($0, column[$0]) },
      truth: (window.origin..<max(window.origin, min(window.origin + horizon, source.stepCount)))
        .map { point($0, column[$0]) },
      median: (0..<horizon).map {
        point(window.origin + $0, forecast.median(target: target, step: $0))
      }, bands: bands)
  }
}
