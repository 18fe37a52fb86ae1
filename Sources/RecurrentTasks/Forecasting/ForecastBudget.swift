/// What a training with defaults may cost, so that nobody waits for hours: the windows and epochs that it has.
///
/// Counted are multiplications of weights with numbers, of which a thread of a processor does ten to thirty billion a second: a training
/// stays below an hour of one thread, mostly far. Windows of an epoch are given up first, since their places are drawn anew in each
/// epoch, then epochs.
struct ForecastBudget {
  /// Multiplications of a training.
  static let multiplications = 2e13
  /// Multiplications of the evaluation of a model.
  static let evaluation = 5e12
  /// Windows of an epoch below which epochs are given up.
  private static let leastWindows = 256
  private static let leastEpochs = 4
  /// What a step of a layer costs at least, however small it is.
  private static let leastOfStep = 2e4

  /// Windows of an epoch, at most.
  let windows: Int
  /// Epochs, at most.
  let epochs: Int
  /// Multiplications of the training.
  let total: Double

  /// Counts what learning from some windows costs.
  ///
  /// - Parameters:
  ///   - sizes: of the network.
  ///   - windowCount: windows of an epoch, as many as there may be.
  ///   - epochs: how many of these are wanted, by the windows of each.
  init(_ sizes: ForecastNetworkConfiguration, windowCount: Int, epochs wanted: (Int) -> Int) {
    let one = 3 * ForecastBudget.prediction(sizes, paths: 1)
    func total(_ windows: Int, _ epochs: Int) -> Double { one * Double(windows) * Double(epochs) }
    var (windows, epochs) = (windowCount, wanted(windowCount))
    while windows > ForecastBudget.leastWindows, total(windows, epochs) > ForecastBudget.multiplications {
      windows = max(ForecastBudget.leastWindows, windows / 2)
      // fewer windows are no reason for more of them in the end
      epochs = min(wanted(windows), max(ForecastBudget.leastEpochs, 2 * epochs))
      if total(windows, epochs) > ForecastBudget.multiplications {
        epochs = max(
          ForecastBudget.leastEpochs, Int(ForecastBudget.multiplications / (one * Double(windows))))
      }
    }
    if total(windows, epochs) > ForecastBudget.multiplications {
      epochs = max(
        min(epochs, ForecastBudget.leastEpochs), Int(ForecastBudget.multiplications / (one * Double(windows)))
      )
    }
    (self.windows, self.epochs, self.total) = (windows, epochs, total(windows, epochs))
  }

  /// Multiplications of the prediction of a window.
  static func prediction(_ sizes: ForecastNetworkConfiguration, paths: Int) -> Double {
    let linear = sizes.hasLinearSkip ? sizes.horizon * sizes.context : 0
    let step = max(Double(sizes.parameterCount - linear), leastOfStep * Double(sizes.layerCount))
    let steps: Int
    switch sizes.kind {
    case .segments: steps = sizes.inputSegments + sizes.outputSegments
    case .autoregressive: steps = sizes.context + paths * sizes.horizon
    }
    return Double(sizes.targetCount) * (Double(steps) * step + Double(linear))
  }

  /// Windows of which an evaluation makes forecasts, at most.
  static func evaluated(_ sizes: ForecastNetworkConfiguration) -> Int {
    max(100, Int(min(evaluation / prediction(sizes, paths: sizes.pathCount), 1e12)))
  }

  /// In words.
  var text: String {
    let minutes = total / 2e10 / 60
    let time =
      minutes < 1
      ? "less than a minute" : minutes < 2 ? "about a minute" : "about \(Int(minutes.rounded())) minutes"
    return
      "\(epochs) epochs of \(windows) windows, \(time) of one thread that multiplies 20 billion times a second"
  }
}
