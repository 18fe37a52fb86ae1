extension ForecastingTask {
  /// Means and quantiles; a window gets the prediction that it gets alone.
  public func predictions(_ model: ForecastNetwork, to examples: [ForecastWindow]) -> [Forecast] {
    normalizedForecasts(model, batch(examples)).map { prediction($0) }
  }

  /// What the network predicts on the scale of the windows, before it is calibrated.
  func normalizedForecasts(_ model: ForecastNetwork, _ batch: ForecastBatch) -> [NormalizedForecast] {
    let (count, width, levelCount) = (featurizer.targets.count, horizon, levels.count)
    var forecasts = batch.windows.indices.map { index in
      NormalizedForecast(
        scales: Array(batch.scales[index * count..<(index + 1) * count]),
        means: [Double](repeating: 0, count: count * width),
        quantiles: [Double](repeating: 0, count: count * width * levelCount))
    }
    func fill(_ summary: (_ row: Int, _ step: Int) -> (mean: Double, quantiles: [Double])) {
      for row in 0..<batch.rowCount {
        for step in 0..<width {
          let (place, own) = (row % count * width + step, summary(row, step))
          forecasts[row / count].means[place] = own.mean
          for level in 0..<levelCount {
            forecasts[row / count].quantiles[place * levelCount + level] = own.quantiles[level]
          }
        }
      }
    }
    if let own = model.autoregressive {
      let paths = own.paths(batch, key: RandomKey(seed: seed).child(17))
      let pathCount = network.pathCount
      fill { row, step in
        let draws = (0..<pathCount).map { Double(paths[(row * pathCount + $0) * width + step]) }.sorted()
        return (draws.reduce(0, +) / Double(pathCount), levels.map { sampleQuantile(draws, $0) })
      }
    } else if let own = model.segments {
      let numbers = own(batch, mixingWeight: mixingWeight).scalars
      let size = output.size(levels: levels)
      fill { row, step in
        let start = (row * width + step) * size
        return output.summary(
          of: numbers[start..<start + size], size: batch.scales[row].size, levels: levels)
      }
    }
    return forecasts
  }

  /// A forecast calibrated and on the scale of the data.
  private func prediction(_ raw: NormalizedForecast) -> Forecast {
    let (count, width, levelCount) = (featurizer.targets.count, horizon, levels.count)
    var forecast = Forecast(
      levels: levels, means: Array(repeating: [], count: count), quantiles: Array(repeating: [], count: count)
    )
    let normalized = calibration?.changeShare.map { raw.keeping($0, levels: levels) } ?? raw
    for target in 0..<count {
      let scale = normalized.scales[target]
      for step in 0..<width {
        let place = target * width + step
        var quantiles = Array(normalized.quantiles[place * levelCount..<(place + 1) * levelCount])
        if let calibration { quantiles = calibration.applied(quantiles, levels: levels, step: step) }
        let values = quantiles.map { quantile in
          let value = featurizer.transform.undone(scale.restored(quantile))
          return output == .negativeBinomial ? max(0, value) : value
        }
        forecast.quantiles[target].append(values)
        // behind a logarithm the mean is not that of what was predicted
        let mean =
          featurizer.transform == .none
          ? scale.restored(normalized.means[place]) : quantileMean(values, levels: levels)
        let median = levels.index(of: 0.5).map { values[$0] } ?? mean
        forecast.means[target].append(median + (calibration?.skewShare ?? 1) * (mean - median))
      }
    }
    return forecast
  }

  /// Fits how much the linear map of the network counts, whether its changes are better than none, and by how much quantiles are
  /// moved so that their coverage is the nominal one.
  ///
  /// - Throws: what reading the windows throws.
  public mutating func calibrate(_ model: ForecastNetwork, on examples: ExampleSource<ForecastWindow>) throws
  {
    let model = packed(model)
    let numbers = featurizer.targets.count * horizon * levels.count
    let stride = max(1, examples.count / ForecastCalibration.windowLimit(numbers: numbers))
    let chosen = try Swift.stride(from: 0, to: examples.count, by: stride).map { try examples[$0] }
    let parts = BatchedExamples.batches(of: chosen.map { cost(of: $0) }).map { $0.map { chosen[$0] } }
    mixingWeight = bestMixingWeight(model, parts)
    let share = changeShare(model, parts)
    var fit = ForecastCalibration.Fit(levels: levels, horizon: horizon, changeShare: share)
    for windows in parts {
      let batch = batch(windows)
      for (index, forecast) in normalizedForecasts(model, batch).enumerated() {
        fit.add(share.map { forecast.keeping($0, levels: levels) } ?? forecast, batch, window: index)
      }
    }
    calibration = fit.result
  }

  /// How much of the predicted changes is kept; nil for all of it, and where zero does not stand for no change.
  private func changeShare(_ model: ForecastNetwork, _ parts: [[ForecastWindow]]) -> Double? {
    guard featurizer.normalization.takesLastAway, !output.isDistribution else { return nil }
    var change = ForecastChange(levels: levels, horizon: horizon)
    for windows in parts {
      let batch = batch(windows)
      for (index, forecast) in normalizedForecasts(model, batch).enumerated() {
        change.add(forecast, batch, window: index)
      }
    }
    return change.share < 1 ? change.share : nil
  }

  /// The weight of the linear map with the least loss; half, unless another one is clearly better, as windows overlap and
  /// what comes may be different.
  private func bestMixingWeight(_ model: ForecastNetwork, _ parts: [[ForecastWindow]]) -> Float {
    guard let own = model.segments, own.linearSkip != nil else { return 0.5 }
    let candidates: [Float] = [0.5, 0.25, 0.75, 0, 1]
    var losses = [Double](repeating: 0, count: candidates.count)
    for windows in parts {
      let batch = batch(windows)
      let weight = batch.weights.reduce(0) { $0 + Double($1) }
      let (network, linear) = (own(batch, mixingWeight: 0), own(batch, mixingWeight: 1))
      for (index, candidate) in candidates.enumerated() {
        let loss = output.loss(
          network + (linear - network) * candidate, truths: batch.truths, weights: batch.weights, sizes: [],
          levels: levels)
        losses[index] += weight * Double(loss.scalar)
      }
    }
    losses[0] *= 0.95
    return zip(losses, candidates).min { $0.0 < $1.0 }?.1 ?? 0.5
  }
}
