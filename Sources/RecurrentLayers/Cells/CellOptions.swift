/// What may be asked of a cell by name beyond its sizes.
public struct CellOptions: Sendable, Equatable, Codable {
  /// For LSTMs.
  public var lstm: LSTMOptions
  /// For Elman cells, in place of tanh; nil for the activation of the name.
  public var activation: Activation?
  /// Noise in training.
  public var regularization: RecurrentRegularization
  /// For QRNNs, the steps that the convolution sees; nil for 2.
  public var window: Int?
  /// For sLSTM and mLSTM, the heads, a divisor of the units; nil for 4, or 2 or 1 where that does not divide them.
  public var headCount: Int?
  /// What the two biases of the gate that keeps the state add up to before training, that of the forget gate of an LSTM and of
  /// the update gate of a GRU; nil for that of the initialisation.
  public var forgetBias: Float?

  /// Options; without arguments none.
  public init(
    lstm: LSTMOptions = LSTMOptions(), activation: Activation? = nil,
    regularization: RecurrentRegularization = .none, window: Int? = nil, headCount: Int? = nil,
    forgetBias: Float? = nil
  ) {
    self.lstm = lstm
    self.activation = activation
    self.regularization = regularization
    self.window = window
    self.headCount = headCount
    self.forgetBias = forgetBias
  }

  /// The steps that the convolution of a QRNN sees.
  var convolutionWindow: Int { window ?? 2 }

  /// The heads of a cell of `hiddenSize` units.
  package func headCount(hiddenSize: Int) -> Int {
    headCount ?? [4, 2].first { hiddenSize % $0 == 0 } ?? 1
  }
}

extension CellCatalog {
  /// Why cells of this name cannot have the options, as a sentence; nil when they can.
  public func issue(with options: CellOptions) -> String? {
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
    if family == .scan, rates != .none {
      return "noise inside the cell belongs to elman, lstm and gru, \(rawValue) has none"
    }
    if let window = options.window, !(1...1 << 10).contains(window) {
      return "the window is \(window) steps, expected 1 to \(1 << 10)"
    }
    if let heads = options.headCount, !(1...1 << 10).contains(heads) {
      return "there are \(heads) heads, expected 1 to \(1 << 10)"
    }
    if options.window != nil, self != .qrnn { return "a window belongs to qrnn, not \(rawValue)" }
    if options.headCount != nil, self != .slstm, self != .mlstm {
      return "heads belong to slstm and mlstm, not \(rawValue)"
    }
    if let bias = options.forgetBias {
      guard bias.isFinite, abs(bias) <= 100 else {
        return "the forget bias is \(bias), expected a number of -100 to 100"
      }
      guard family == .gru || (family == .lstm && !options.lstm.couplesGates) else {
        return "a forget bias belongs to gru and to lstm without coupled gates, not \(rawValue)"
      }
    }
    if options.activation != nil, self != .elman { return "an activation belongs to elman, not \(rawValue)" }
    return nil
  }

  /// Why cells of this name with the options compute in float32 where `precision` is asked for, as a sentence; nil when
  /// they follow it. Noise that is drawn in training alone does not count in inference.
  public func issue(with precision: Precision, options: CellOptions, inTraining: Bool) -> String? {
    if precision == .float32 { return nil }
    if inTraining, precision == .int8 { return "int8 is for models that are trained" }
    let rates = options.regularization
    let known = "lstm, gru and elman with tanh or ReLU round their products to \(precision.rawValue)"
    if family == .scan { return "\(known); \(rawValue) computes in float32" }
    let isKnownActivation = [nil, .tanh, .relu].contains(options.activation)
    let isPlain = options.lstm == LSTMOptions() && isKnownActivation
    let isMasked = inTraining && rates.recurrentDropout != 0
    guard isPlain, rates.zoneout == 0, rates.zoneoutCell == 0, !isMasked else {
      return "\(known); with options inside the step \(rawValue) computes in float32"
    }
    return nil
  }

  /// What the names have in common.
  enum Family {
    case elman, lstm, gru, scan
  }

  var family: Family {
    switch self {
    case .elman, .elmanReLU: .elman
    case .lstm: .lstm
    case .gru, .gruResetBefore: .gru
    case .minGRU, .minLSTM, .indRNN, .sru, .qrnn, .slstm, .mlstm: .scan
    }
  }

  /// The width of the output of a cell of `hiddenSize` units.
  public func outputSize(hiddenSize: Int, options: CellOptions = CellOptions()) -> Int {
    options.lstm.projectionSize ?? hiddenSize
  }

  /// The number of parameters of a cell, found without the memory for them; 0 where there can be no such cell.
  ///
  /// - Parameters:
  ///   - inputSize: I.
  ///   - hiddenSize: H.
  ///   - options: of the cell.
  public func parameterCount(
    inputSize: Int, hiddenSize: Int, options: CellOptions = CellOptions()
  ) -> Int {
    guard issue(with: options) == nil, inputSize > 0, hiddenSize > 0,
      hiddenSize % options.headCount(hiddenSize: hiddenSize) == 0
    else { return 0 }
    return countParameters {
      make(inputSize: inputSize, hiddenSize: hiddenSize, options: options, key: RandomKey(seed: 0))
    }
  }
}
