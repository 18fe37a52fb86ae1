/// What may be asked of a cell by name beyond its sizes.
public struct CellOptions: Sendable, Equatable, Codable {
  /// For LSTMs.
  public var lstm: LSTMOptions
  /// For Elman cells, in place of tanh; nil for the activation of the name.
  public var activation: Activation?
  /// Noise in training.
  public var regularization: RecurrentRegularization

  /// Options; without arguments none.
  public init(
    lstm: LSTMOptions = LSTMOptions(), activation: Activation? = nil,
    regularization: RecurrentRegularization = .none
  ) {
    self.lstm = lstm
    self.activation = activation
    self.regularization = regularization
  }
}

extension CellCatalog {
  /// Why cells of this name cannot have the options, as a sentence; nil when they can.
  public func objection(to options: CellOptions) -> String? {
    let rates = options.regularization
    for rate in [
      rates.zoneout, rates.zoneoutCell, rates.inputDropout, rates.recurrentDropout, rates.weightDrop,
    ] where !(rate >= 0 && rate < 1) {
      return "a rate of noise inside the cell is \(rate), expected at least 0 and below 1"
    }
    if let size = options.lstm.projectionSize, !(1...1 << 16).contains(size) {
      return "the projection is to \(size) numbers, expected 1 to \(1 << 16)"
    }
    if let clip = options.lstm.cellClip, !(clip > 0 && clip.isFinite) {
      return "the cell clip is \(clip), expected a positive number"
    }
    if let activation = options.activation, !(activation.alpha.isFinite && activation.beta.isFinite) {
      return "the activation has the parameters \(activation.alpha) and \(activation.beta), expected numbers"
    }
    if family != .lstm {
      if options.lstm != LSTMOptions() {
        return
          "peepholes, coupled gates, layer normalisation, projection and cell clip belong to lstm, not \(rawValue)"
      }
      if rates.zoneoutCell != 0 { return "only lstm has a cell state for zoneout, \(rawValue) has none" }
    }
    if options.activation != nil, self != .elman { return "an activation belongs to elman, not \(rawValue)" }
    return nil
  }

  /// What the names have in common.
  enum Family {
    case elman, lstm, gru
  }

  var family: Family {
    switch self {
    case .elman, .elmanReLU: .elman
    case .lstm: .lstm
    case .gru, .gruResetBefore: .gru
    }
  }

  /// The width of the output of a cell of `hiddenSize` units.
  public func outputSize(hiddenSize: Int, options: CellOptions = CellOptions()) -> Int {
    options.lstm.projectionSize ?? hiddenSize
  }

  /// The number of parameters of a cell, without making it.
  public func parameterCount(
    inputSize: Int, hiddenSize: Int, options: CellOptions = CellOptions()
  ) -> Int {
    let lstm = options.lstm
    let gates =
      switch family {
      case .elman: 1
      case .gru: 3
      case .lstm: lstm.couplesGates ? 3 : 4
      }
    let state = outputSize(hiddenSize: hiddenSize, options: options)
    return gates * hiddenSize * (inputSize + state + 2)
      + (lstm.projectionSize.map { $0 * hiddenSize } ?? 0)
      + (lstm.hasPeepholes ? (gates - 1) * hiddenSize : 0)
      + (lstm.normalizesLayers ? 2 * (gates + 1) * hiddenSize : 0)
  }
}
