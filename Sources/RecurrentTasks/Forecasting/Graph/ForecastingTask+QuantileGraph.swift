extension ForecastingTask {
  /// Calibrated quantiles and the mean on the scale of the windows, from the outputs of a network `[B, C, H, O]`: `[B, C, H, Q]` and
  /// `[B, C, H, 1]`.
  func quantiles(
    of numbers: String, _ builder: inout GraphBuilder
  ) throws -> (quantiles: String, mean: String) {
    let (count, size) = (featurizer.targets.count, output.size(levels: levels))
    let weights = quantileMeanWeights(levels).map { Float($0) }
    func sorted(_ value: String) -> String {
      builder.nodes(
        "TopK", [value, builder.integers([Int64(levels.count)])], outputs: 2,
        ["axis": .integer(-1), "largest": .integer(0)])[0]
    }
    let raw = output == .quantiles ? sorted(numbers) : numbers
    let moves = levels.map { level in
      (0..<horizon).map { Float(calibration?.intervals.widening(nominal: level, step: $0) ?? 0) }
    }
    let table = (0..<horizon).flatMap { step in moves.map { $0[step] } }
    let (low, high) = ForecastCalibration.bounds(levels)
    let results = try builder.record(
      GapCell(width: 1), [.init(raw, extents: [count, horizon, size])], prefix: "quantiles.",
      what: "the quantiles of a forecast"
    ) { _, values in
      var own = values[0]
      if let share = calibration?.changeShare {
        let middle = output == .quantiles ? ForecastCalibration.middle(levels) : 0
        own = own - own.sliced(axis: 3, middle..<middle + 1) * Float(1 - share)
      }
      let table = Tensor(table, shape: [1, 1, horizon, levels.count])
      guard output == .quantiles else { return [own + table, own] }
      let width = own.sliced(axis: 3, high..<high + 1) - own.sliced(axis: 3, low..<low + 1)
      // of no width the scale of the window is taken
      let isWide = minimum(relu(width * 1e30 - 1e24), Tensor(1))
      let moved = own + table * (width * isWide + (1 - isWide))
      let mean = (own * Tensor(weights)).sum(axis: 3).reshaped(to: width.shape)
      return [moved, mean]
    }
    return (calibration == nil ? results[0] : sorted(results[0]), results[1])
  }
}
