/// What comes next in series of numbers, and how sure that is.
public struct ForecastingTask: BatchedTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "forecasting"

  /// Which columns of a table are read.
  public var columns: SeriesColumns
  /// From series to numbers.
  public var featurizer: ForecastFeaturizer
  /// The sizes of the network.
  public var network: ForecastNetworkConfiguration
  /// What it says about a step.
  public var output: ForecastOutput
  /// The levels of the quantiles, rising.
  public var levels: [Double]
  /// After how many steps things usually repeat.
  public var seasonLength: Int
  /// Decides the paths that are drawn.
  public var seed: UInt64
  /// By how much quantiles are moved; nil before they were calibrated.
  public var calibration: ForecastCalibration?
  /// How much the linear map of a segment-wise network counts, from 0 to 1.
  public private(set) var lineShare: Float = 0.5

  /// A task that was not calibrated yet.
  public init(
    columns: SeriesColumns, featurizer: ForecastFeaturizer, network: ForecastNetworkConfiguration,
    output: ForecastOutput, levels: [Double] = Forecast.standardLevels, seasonLength: Int, seed: UInt64 = 1
  ) {
    self.columns = columns
    self.featurizer = featurizer
    self.network = network
    self.output = output
    self.levels = levels
    self.seasonLength = seasonLength
    self.seed = seed
  }

  /// Steps that are predicted.
  public var horizon: Int { network.horizon }
  /// Steps that are looked back over.
  public var lookBack: Int { network.lookBack }

  /// A network with fresh parameters.
  public func makeModel(key: RandomKey) -> ForecastNetwork { ForecastNetwork(network, key: key) }

  /// A fresh network whose linear map, where it has one, is the ridge regression of the training windows where these are
  /// few; many windows teach it better.
  public func initialModel(
    key: RandomKey, plan: TrainingPlan<ForecastingTask>
  ) throws -> ForecastNetwork {
    var model = makeModel(key: key)
    let hasSameScale = featurizer.normalization == .last || featurizer.normalization == .lastAndDeviation
    let areFew = plan.training.count * featurizer.targets.count < 10_000
    guard model.segments?.linearSkip != nil, hasSameScale, areFew,
      let linear = LinearForecast.best(
        task: self, training: try plan.training.all(), validation: try plan.validation.all(),
        sharesAlways: true)
    else { return model }
    model.segments?.begin(with: linear)
    return model
  }

  /// Of the network; -1 where it is impossible.
  public var parameterCount: Int {
    network.issue == nil && (1...1 << 10).contains(levels.count) ? network.parameterCount : -1
  }

  /// Steps of the cells: the same for all windows.
  public func cost(of example: ForecastWindow) -> Int { network.cost }

  /// The window at another place nearby.
  public func augmented(_ example: ForecastWindow, key: RandomKey) -> ForecastWindow {
    guard example.slack > 0 else { return example }
    var copy = example
    let steps = Int(Double(key.uniform(at: 0)) * Double(example.slack + 1))
    copy.origin += min(steps, example.slack)
    return copy
  }

  func batch(_ windows: [ForecastWindow]) -> ForecastBatch {
    ForecastBatch(windows, featurizer: featurizer, lookBack: lookBack, horizon: horizon)
  }

  /// The mean loss of all steps, those whose truth is missing left out, on the scale of the windows.
  public func loss(
    _ model: ForecastNetwork, _ examples: [ForecastWindow], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let batch = batch(examples)
    let sizes = batch.scales.map { Float($0.size) }
    func mean(
      _ numbers: Tensor, _ truths: [Float], _ weights: [Float], _ sizes: [Float]
    ) -> (Tensor, Double) {
      let count = truths.count
      let loss = output.loss(
        numbers.reshaped(to: [count, numbers.shape[numbers.rank - 1]]), truths: Tensor(truths),
        weights: Tensor(weights), sizes: sizes, levels: levels)
      return (loss, weights.reduce(0) { $0 + Double($1) })
    }
    if let own = model.autoregressive {
      let (truths, weights) = own.truths(batch)
      let steps = truths.count / max(batch.rowCount, 1)
      return mean(own(batch, mode: mode), truths, weights, (0..<steps).flatMap { _ in sizes })
    }
    guard let own = model.segments else { fatalError("ForecastingTask.loss: the network has no part") }
    let perStep = output == .negativeBinomial ? sizes.flatMap { [Float](repeating: $0, count: horizon) } : []
    return mean(own(batch, mode: mode), batch.truths, batch.weights, perStep)
  }

  /// Means and quantiles; a window gets the prediction that it gets alone.
  public func predictions(_ model: ForecastNetwork, to examples: [ForecastWindow]) -> [Forecast] {
    normalizedForecasts(model, examples).map { prediction($0) }
  }

  /// What the network says on the scale of the windows, before it is calibrated.
  func normalizedForecasts(_ model: ForecastNetwork, _ windows: [ForecastWindow]) -> [NormalizedForecast] {
    let batch = batch(windows)
    let (count, width, levelCount) = (featurizer.targets.count, horizon, levels.count)
    var normalizedForecasts = windows.indices.map { index in
      NormalizedForecast(
        scales: Array(batch.scales[index * count..<(index + 1) * count]),
        means: [Double](repeating: 0, count: count * width),
        quantiles: [Double](repeating: 0, count: count * width * levelCount))
    }
    func set(_ row: Int, _ step: Int, _ mean: Double, _ quantiles: [Double]) {
      let place = row % count * width + step
      normalizedForecasts[row / count].means[place] = mean
      for level in 0..<levelCount {
        normalizedForecasts[row / count].quantiles[place * levelCount + level] = quantiles[level]
      }
    }
    if let own = model.autoregressive {
      let paths = own.paths(batch, key: RandomKey(seed: seed).child(17))
      let pathCount = own.configuration.pathCount
      for row in 0..<batch.rowCount {
        for step in 0..<width {
          let draws = (0..<pathCount).map { Double(paths[(row * pathCount + $0) * width + step]) }.sorted()
          set(row, step, draws.reduce(0, +) / Double(pathCount), levels.map { sampleQuantile(draws, $0) })
        }
      }
    } else if let own = model.segments {
      let numbers = own(batch, lineShare: lineShare).scalars
      let size = output.size(levels: levels)
      for row in 0..<batch.rowCount {
        for step in 0..<width {
          let start = (row * width + step) * size
          let normalized = output.normalized(
            numbers[start..<start + size], size: batch.scales[row].size, levels: levels)
          set(row, step, normalized.mean, normalized.quantiles)
        }
      }
    }
    return normalizedForecasts
  }

  /// A normalised forecast, calibrated and on the scale of the data.
  func prediction(_ normalized: NormalizedForecast) -> Forecast {
    let (count, width, levelCount) = (featurizer.targets.count, horizon, levels.count)
    var forecast = Forecast(
      levels: levels, means: Array(repeating: [], count: count), quantiles: Array(repeating: [], count: count)
    )
    for target in 0..<count {
      let scale = normalized.scales[target]
      for step in 0..<width {
        let place = target * width + step
        var quantiles = Array(normalized.quantiles[place * levelCount..<(place + 1) * levelCount])
        if let calibration { quantiles = calibration.applied(quantiles, levels: levels, step: step) }
        let values = quantiles.map { featurizer.transform.undone(scale.restored($0)) }
        forecast.quantiles[target].append(values)
        // behind a logarithm the mean is not that of what was predicted
        let mean =
          featurizer.transform == .none
          ? scale.restored(normalized.means[place]) : quantileMean(values, levels: levels)
        let median = forecast.median(target: target, step: step, or: mean)
        forecast.means[target].append(median + (calibration?.skewShare ?? 1) * (mean - median))
      }
    }
    return forecast
  }

  /// Fits how much the linear map of the network counts, and by how much quantiles are moved so that they hold what they
  /// promise.
  public mutating func calibrate(_ model: ForecastNetwork, on examples: ExampleSource<ForecastWindow>) throws
  {
    let prepared = packed(model)
    // far more than these say nothing more, as windows overlap
    let stride = max(1, examples.count / 600)
    let chosen = try Swift.stride(from: 0, to: examples.count, by: stride).map { try examples[$0] }
    lineShare = bestLineShare(prepared, chosen)
    var fit = ForecastCalibration.Fit(levels: levels, horizon: horizon)
    for start in Swift.stride(from: 0, to: chosen.count, by: 64) {
      let windows = Array(chosen[start..<min(start + 64, chosen.count)])
      let batch = batch(windows)
      for (index, normalized) in normalizedForecasts(prepared, windows).enumerated() {
        fit.add(normalized, batch, window: index)
      }
    }
    calibration = fit.result
  }

  /// The share of the linear map with the least loss; half, unless another one is clearly better, as windows overlap
  /// and what comes may be different.
  private func bestLineShare(_ model: ForecastNetwork, _ windows: [ForecastWindow]) -> Float {
    guard let own = model.segments, own.linearSkip != nil else { return 0.5 }
    let shares: [Float] = [0.5, 0.25, 0.75, 0, 1]
    var losses = [Double](repeating: 0, count: shares.count)
    for start in Swift.stride(from: 0, to: windows.count, by: 64) {
      let batch = batch(Array(windows[start..<min(start + 64, windows.count)]))
      let weight = batch.weights.reduce(0) { $0 + Double($1) }
      let (network, line) = (own(batch, lineShare: 0), own(batch, lineShare: 1))
      for (index, share) in shares.enumerated() {
        let numbers = network + (line - network) * share
        let loss = output.loss(
          numbers.reshaped(to: [batch.truths.count, numbers.shape[2]]), truths: Tensor(batch.truths),
          weights: Tensor(batch.weights), sizes: [], levels: levels)
        losses[index] += weight * Double(loss.scalar)
      }
    }
    losses[0] *= 0.95
    return zip(losses, shares).min { $0.0 < $1.0 }?.1 ?? 0.5
  }

  /// A forecast looks at what was before alone.
  public var isCausal: Bool { true }
}

/// What a network says about a window, on the scale of the window.
struct NormalizedForecast: Sendable {
  /// By target.
  var scales: [WindowNormalization.Scale]
  /// By target and step.
  var means: [Double]
  /// By target, step and level.
  var quantiles: [Double]
}

/// The quantile of sorted draws, between two of them on a line.
func sampleQuantile(_ sorted: [Double], _ level: Double) -> Double {
  let place = max(0, min(level * Double(sorted.count) - 0.5, Double(sorted.count - 1)))
  let low = Int(place)
  let high = min(low + 1, sorted.count - 1)
  return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
}
