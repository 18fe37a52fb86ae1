/// A linear map from the look-back to each step of the horizon: what a network has to beat (Zeng et al. 2023,
/// arXiv:2205.13504, and Toner and Darlow 2024, arXiv:2403.14587, who solve it in closed form as here).
///
/// The last value is taken away first and put back behind, and ridge regression finds the weights:
///
///     y - y_last = W (x - y_last) + b,      W = argmin |error|² + λ |W|²
///
/// λ, the length of the look-back and whether targets share their weights are chosen by the squared error in the validation part.
/// What is known of the past alone is read beside x, where it is any.
public struct LinearForecast: Sendable, Equatable {
  /// L: steps that are looked back over.
  public private(set) var lookBack: Int
  /// H: steps that are predicted.
  public private(set) var horizon: Int
  /// The last steps of the look-back whose numbers of the past are read, and how many numbers these are together.
  private var pastSteps: Int
  private var pastCount: Int
  /// Whether all targets share their weights.
  public private(set) var isShared = true
  /// λ as a share of the mean square of an input.
  public private(set) var ridge = 0.0
  /// Of each target, or of all, `[L + M + 1, H]`: a row for each value, for each of the M numbers of the past, and for the bias.
  private var weights: [[Double]] = []

  /// Steps that are looked back over, of which those that the validation part likes best are taken.
  static let lookBacks = [24, 48, 96, 336, 720]
  /// The mean squared error in the validation part, on the scale of the windows.
  public private(set) var validationError = Double.infinity
  private static let ridges = [1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10]
  private static let windowLimit = 20_000

  /// Fits a map to training windows and chooses by those of the validation part; nil where there are none.
  ///
  /// - Parameters:
  ///   - task: whose scales are used.
  ///   - training: windows; each place within their slack counts.
  ///   - validation: windows.
  ///   - lookBack: L; at most that of the task.
  ///   - sharesAlways: whether targets share their weights even where the validation part likes others better.
  public init?(
    task: ForecastingTask, training: [ForecastWindow], validation: [ForecastWindow], lookBack: Int,
    sharesAlways: Bool = false
  ) {
    self.lookBack = lookBack
    horizon = task.horizon
    pastSteps = min(lookBack, task.network.pastLookBack)
    pastCount = pastSteps * task.featurizer.pastCount
    let targets = task.featurizer.targets.count
    let sums = self.sums(task, training)
    guard sums.contains(where: { $0.rows > 0 }), !validation.isEmpty else { return nil }
    let total = sums.reduce(into: MomentSums(count: inputCount, outputs: horizon)) { $0.add($1) }
    for isShared in targets > 1 && !sharesAlways ? [true, false] : [true] {
      for ridge in LinearForecast.ridges {
        var candidate = self
        candidate.isShared = isShared
        candidate.ridge = ridge
        let solved = (isShared ? [total] : sums).compactMap { $0.solved(ridge: ridge) }
        guard solved.count == (isShared ? 1 : targets) else { continue }
        candidate.weights = solved
        let stride = max(1, validation.count / 300)
        let chosen = Swift.stride(from: 0, to: validation.count, by: stride).map { validation[$0] }
        candidate.validationError = candidate.error(task, chosen)
        if candidate.validationError < validationError { self = candidate }
      }
    }
    if weights.isEmpty { return nil }
  }

  /// The best map over the look-backs that are tried, or nil; see ``init(task:training:validation:lookBack:sharesAlways:)``.
  static func best(
    task: ForecastingTask, training: [ForecastWindow], validation: [ForecastWindow],
    sharesAlways: Bool = false
  ) -> LinearForecast? {
    // longer look-backs than that of the network are not known of every window
    let seasons = [1, 2].map { $0 * task.seasonLength + 1 }
    return Set((lookBacks + seasons).map { min($0, task.lookBack) }).sorted().compactMap {
      LinearForecast(
        task: task, training: training, validation: validation, lookBack: $0, sharesAlways: sharesAlways)
    }.min { $0.validationError < $1.validationError }
  }

  /// Numbers that a forecast is made of, the last of which is 1.
  private var inputCount: Int { lookBack + pastCount + 1 }

  /// The weights that all targets share: of the look-back `[H, lookBack]` and of the past `[H, past]`, with zeros for what is not
  /// looked back over, and the bias `[H]`.
  ///
  /// - Parameters:
  ///   - length: steps of the look-back of the result, at least those of the map.
  ///   - past: numbers of the past of the result, at least those of the map.
  func shared(lookBack length: Int, past: Int) -> (weight: [Float], past: [Float], bias: [Float]) {
    let own = weights[0]
    func part(_ first: Int, _ count: Int, width: Int) -> [Float] {
      var part = [Float](repeating: 0, count: horizon * width)
      for place in 0..<horizon {
        for step in 0..<count {
          part[place * width + width - count + step] = Float(own[(first + step) * horizon + place])
        }
      }
      return part
    }
    return (
      part(0, lookBack, width: length), part(lookBack, pastCount, width: past),
      own.suffix(horizon).map { Float($0) }
    )
  }

  /// The forecast of a window by target and step, on the transformed scale of the data.
  public func forecast(_ window: ForecastWindow, task: ForecastingTask) -> [[Double]] {
    let batch = LinearForecast.batch(task, [window], lookBack: lookBack)
    let past = batch.past(count: pastSteps)
    return (0..<batch.targetCount).map { target in
      numbers(batch, row: target, past).map { batch.scales[target].restored($0) }
    }
  }

  /// The forecast of a row of a batch of one window on its scale, from the numbers of the past of the window.
  private func numbers(_ batch: ForecastBatch, row: Int, _ past: [Float]) -> [Double] {
    let own = weights[isShared ? 0 : row % batch.targetCount]
    // the bias
    var result = Array(own.suffix(horizon))
    result.withUnsafeMutableBufferPointer { result in
      own.withUnsafeBufferPointer { own in
        for step in 0..<lookBack + pastCount {
          let value = Double(
            step < lookBack ? batch.history[row * lookBack + step] : past[step - lookBack])
          for place in 0..<horizon { result[place] += value * own[step * horizon + place] }
        }
      }
    }
    return result
  }

  private func error(_ task: ForecastingTask, _ windows: [ForecastWindow]) -> Double {
    var (sum, count) = (0.0, 0.0)
    for window in windows {
      let batch = LinearForecast.batch(task, [window], lookBack: lookBack)
      let past = batch.past(count: pastSteps)
      for row in 0..<batch.targetCount {
        for (step, number) in numbers(batch, row: row, past).enumerated() {
          let place = row * horizon + step
          guard batch.weights[place] > 0 else { continue }
          let difference = Double(batch.truths[place]) - number
          sum += difference * difference
          count += 1
        }
      }
    }
    return count > 0 ? sum / count : .infinity
  }

  /// Windows on the scale of their last value.
  private static func batch(
    _ task: ForecastingTask, _ windows: [ForecastWindow], lookBack: Int
  ) -> ForecastBatch {
    var featurizer = task.featurizer
    switch featurizer.normalization {
    case .meanAndDeviation: featurizer.normalization = .lastAndDeviation
    // counts that are zero throughout a look-back have no deviation there
    case .meanSize, .shrunkenMeanSize: featurizer.normalization = .last
    case .last, .lastAndDeviation, .lastAndVolatility: break
    }
    return ForecastBatch(windows, featurizer: featurizer, lookBack: lookBack, horizon: task.horizon)
  }

  /// What the regression of each target has to know of the training windows.
  private func sums(_ task: ForecastingTask, _ windows: [ForecastWindow]) -> [MomentSums] {
    let total = windows.reduce(0) { $0 + $1.slack + 1 }
    let distance = max(1, (total + LinearForecast.windowLimit - 1) / LinearForecast.windowLimit)
    var (chosen, place) = ([ForecastWindow](), 0)
    for window in windows {
      for step in 0...window.slack {
        if place % distance == 0 {
          chosen.append(ForecastWindow(series: window.series, origin: window.origin + step))
        }
        place += 1
      }
    }
    let targets = task.featurizer.targets.count
    var sums = Array(
      repeating: MomentSums(count: inputCount, outputs: horizon), count: targets)
    for start in Swift.stride(from: 0, to: chosen.count, by: 256) {
      let batch = LinearForecast.batch(
        task, Array(chosen[start..<min(start + 256, chosen.count)]), lookBack: lookBack)
      let past = batch.past(count: pastSteps)
      for target in 0..<targets { sums[target].add(batch, target: target, past: past) }
    }
    return sums
  }
}
