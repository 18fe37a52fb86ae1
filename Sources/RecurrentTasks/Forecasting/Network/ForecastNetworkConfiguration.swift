/// The sizes of a forecasting network of either kind.
public struct ForecastNetworkConfiguration: Sendable, Equatable {
  /// How the horizon is predicted: at once, or step by step.
  public var kind: ForecastKind
  /// Steps that are read before the first that is predicted; of segments a whole number.
  public var context: Int
  /// H: steps that are predicted.
  public var horizon: Int
  /// C: targets.
  public var targetCount: Int
  /// V: numbers that a step reads besides, known ahead or of the step before.
  public var covariateCount = 0
  /// P: the last of these V numbers, which are known of the past alone.
  public var pastCount = 0
  /// S: numbers of a series.
  public var staticCount = 0
  /// Whether the network reads which values are missing.
  public var marksMissing = false
  /// What is predicted for a step; a distribution where steps are drawn one after the other.
  public var output: ForecastOutput
  /// The levels of the quantiles, where segments predict those.
  public var levels = Forecast.standardLevels
  /// The cell of the recurrent layers.
  public var cell: CellChoice
  /// D: the width of everything inside.
  public var hiddenSize: Int
  /// Recurrent layers.
  public var layerCount: Int
  /// Before the output, and between the layers of a network that predicts step by step.
  public var dropoutRate: Float

  /// W: steps that are read, or predicted, at once.
  public var segment = 1
  /// Whether a linear map of the look-back predicts beside a network of segments.
  public var hasLinearSkip = false

  /// How many steps before a step the values lie that it reads besides the one right before, where steps are predicted one after
  /// the other: seasons.
  public var lags: [Int] = []
  /// Paths that are drawn for a forecast, step by step.
  public var pathCount = 200

  /// The sizes of a network without covariates, with what its kind usually has.
  public init(_ kind: ForecastKind, context: Int, horizon: Int, targetCount: Int, output: ForecastOutput) {
    self.kind = kind
    self.context = context
    self.horizon = horizon
    self.targetCount = targetCount
    self.output = output
    switch kind {
    case .segments:
      (cell, hiddenSize, layerCount, dropoutRate) = (CellChoice(.gru), 128, 1, 0.5)
      hasLinearSkip = output != .negativeBinomial
    case .autoregressive:
      (cell, hiddenSize, layerCount, dropoutRate) = (CellChoice(.lstm), 40, 2, 0.1)
    }
  }

  /// L: steps that are looked back over: the context, and the longest lag before it.
  public var lookBack: Int { kind == .segments ? context : context + max(1, lags.max() ?? 1) }

  /// O: numbers that come out for each step.
  public var outputSize: Int { output.size(levels: levels) }

  /// K: the last steps of the look-back whose numbers of the past a linear map reads, so that all of them are a few hundred.
  public var pastLookBack: Int { min(context, max(1, 256 / max(pastCount, 1))) }

  /// n: segments that are read.
  public var inputSegments: Int { context / segment }
  /// m: segments that are predicted; the last one may reach beyond the horizon.
  public var outputSegments: Int { (horizon + segment - 1) / segment }

  /// I: numbers that are read at a step where steps are predicted one after the other.
  public var inputSize: Int {
    1 + lags.count + (marksMissing ? 1 : 0) + covariateCount + staticCount
      + (targetCount > 1 ? targetCount : 0)
  }

  /// Steps that a forecast needs at least.
  var leastLookBack: Int { kind == .segments ? segment : 2 }

  /// Steps of a cell for one window.
  var cost: Int {
    (kind == .segments ? inputSegments + outputSegments : context + horizon) * targetCount
  }

  /// The number of parameters, counted without memory for them. Asked where there is no ``issue``.
  public var parameterCount: Int { countParameters { ForecastNetwork(self, key: RandomKey(seed: 0)) } }

  /// Fresh recurrent layers.
  func recurrentLayers(
    inputSize: Int, dropoutRate: Float = 0, initialization: RecurrentInitialization = .uniform, key: RandomKey
  ) -> RecurrentLayer<AnyCell> {
    RecurrentLayer(layerCount: layerCount, inputSize: inputSize, dropoutRate: dropoutRate, key: key) {
      cell.cell.make(
        inputSize: $0, hiddenSize: hiddenSize, options: cell.options ?? CellOptions(),
        initialization: initialization, key: $1)
    }.with(precision: cell.precision)
  }

  /// Which of the numbers of a step is the middle of a forecast, and those that move with it `[O]`.
  var location: (middle: Int, moved: Tensor) {
    guard output == .quantiles else {
      return (0, Tensor((0..<outputSize).map { $0 == 0 ? 1 : 0 }))
    }
    let middle = levels.indices.min { abs(levels[$0] - 0.5) < abs(levels[$1] - 0.5) } ?? 0
    return (middle, Tensor(ones: [outputSize]))
  }
}
