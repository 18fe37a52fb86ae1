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
  /// What it predicts for a step.
  public var output: ForecastOutput
  /// The levels of the quantiles, rising.
  public var levels: [Double]
  /// After how many steps things usually repeat.
  public var seasonLength: Int
  /// Decides the paths that are drawn.
  public var seed: UInt64
  /// By how much quantiles are moved; nil before they were calibrated.
  public var calibration: ForecastCalibration?
  /// How much the linear map of a network of segments counts, from 0 to 1.
  public internal(set) var mixingWeight: Float = 0.5

  private enum CodingKeys: String, CodingKey {
    case columns, featurizer, network, output, levels, seasonLength, seed, calibration
    case mixingWeight = "lineShare"
  }

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

  /// A forecast looks at what was before alone.
  public var isCausal: Bool { true }

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

  /// The number of parameters of the network, by its sizes alone; -1 where these are impossible.
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

  /// The mean loss of all steps, those whose truth is missing left out, on the scale of the windows; its weight is the number of
  /// these steps.
  ///
  /// The network gives `[R, H, O]` for the R rows of the windows, one for each target, or where steps are predicted one after the
  /// other `[T, R, O]` for the T steps of context and horizon.
  public func loss(
    _ model: ForecastNetwork, _ examples: [ForecastWindow], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let batch = batch(examples)
    var sizes = batch.scales.map { Float($0.size) }
    let (outputs, truths, weights): (Tensor, [Float], [Float])
    if let own = model.autoregressive {
      outputs = own(batch, mode: mode)
      (truths, weights) = own.truths(batch)
      sizes = Array(repeatElement(sizes, count: truths.count / max(batch.rowCount, 1)).joined())
    } else if let own = model.segments {
      (outputs, truths, weights) = (own(batch, mode: mode), batch.truths, batch.weights)
      sizes = sizes.flatMap { repeatElement($0, count: horizon) }
    } else {
      fatalError("ForecastingTask.loss: the network has no part")
    }
    let mean = output.loss(outputs, truths: truths, weights: weights, sizes: sizes, levels: levels)
    return (mean, weights.reduce(0) { $0 + Double($1) })
  }
}
