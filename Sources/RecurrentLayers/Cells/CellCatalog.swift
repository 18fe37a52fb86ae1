/// The cells that files and flags know by name. A new cell that is to have a name gets one line here.
public enum CellCatalog: String, Sendable, Codable, CaseIterable {
  /// ``Elman`` with tanh.
  case elman
  /// ``Elman`` with max(x, 0).
  case elmanReLU = "elman-relu"
  /// ``LSTM``.
  case lstm
  /// ``GRU`` with the reset gate after the product.
  case gru
  /// ``GRU`` with the reset gate before the product.
  case gruResetBefore = "gru-reset-before"
  /// ``MinGRU``.
  case minGRU = "min-gru"
  /// ``MinLSTM``.
  case minLSTM = "min-lstm"
  /// ``IndRNN`` with max(x, 0).
  case indRNN = "indrnn"
  /// ``SRU``.
  case sru
  /// ``QRNN`` with fo-pooling.
  case qrnn
  /// ``SLSTM``.
  case slstm
  /// ``MLSTM``.
  case mlstm

  /// What only some cells have.
  public struct Options: Sendable, Equatable {
    /// ``QRNN/window``.
    public var window: Int
    /// Heads of ``SLSTM`` and ``MLSTM``, a divisor of the units; nil for 4, or 2 or 1 where that does not divide them.
    public var headCount: Int?

    /// Each cell's own, unless said otherwise.
    public init(window: Int = 2, headCount: Int? = nil) {
      self.window = window
      self.headCount = headCount
    }

    /// The heads of a cell of `hiddenSize` units.
    func headCount(hiddenSize: Int) -> Int {
      headCount ?? [4, 2].first { hiddenSize % $0 == 0 } ?? 1
    }
  }

  /// A cell of `hiddenSize` units over `inputSize` inputs.
  ///
  /// Of `initialization` the cells without a product over the state take the weights of the input, those with an
  /// initialisation of their own nothing.
  public func make(
    inputSize: Int, hiddenSize: Int, initialization: RecurrentInitialization = .uniform,
    options: Options = Options(), key: RandomKey
  ) -> AnyCell {
    let initializer = initialization.input
    switch self {
    case .minGRU:
      return AnyCell(MinGRU(inputSize: inputSize, hiddenSize: hiddenSize, initializer: initializer, key: key))
    case .minLSTM:
      return AnyCell(
        MinLSTM(inputSize: inputSize, hiddenSize: hiddenSize, initializer: initializer, key: key))
    case .indRNN:
      return AnyCell(IndRNN(inputSize: inputSize, hiddenSize: hiddenSize, initializer: initializer, key: key))
    case .sru: return AnyCell(SRU(inputSize: inputSize, hiddenSize: hiddenSize, key: key))
    case .qrnn:
      return AnyCell(
        QRNN(
          inputSize: inputSize, hiddenSize: hiddenSize, window: options.window, initializer: initializer,
          key: key))
    case .slstm:
      return AnyCell(
        SLSTM(
          inputSize: inputSize, hiddenSize: hiddenSize, headCount: options.headCount(hiddenSize: hiddenSize),
          initializer: initializer, key: key))
    case .mlstm:
      return AnyCell(
        MLSTM(
          inputSize: inputSize, hiddenSize: hiddenSize, headCount: options.headCount(hiddenSize: hiddenSize),
          initializer: initializer, key: key))
    case .elman:
      return AnyCell(
        Elman(inputSize: inputSize, hiddenSize: hiddenSize, initialization: initialization, key: key))
    case .elmanReLU:
      return AnyCell(
        Elman(
          inputSize: inputSize, hiddenSize: hiddenSize, activation: .relu, initialization: initialization,
          key: key))
    case .lstm:
      return AnyCell(
        LSTM(inputSize: inputSize, hiddenSize: hiddenSize, initialization: initialization, key: key))
    case .gru:
      return AnyCell(
        GRU(inputSize: inputSize, hiddenSize: hiddenSize, initialization: initialization, key: key))
    case .gruResetBefore:
      return AnyCell(
        GRU(
          inputSize: inputSize, hiddenSize: hiddenSize, reset: .beforeProduct, initialization: initialization,
          key: key))
    }
  }
}

extension CellCatalog {
  /// The number of parameters of such a cell, without making it.
  public func parameterCount(inputSize: Int, hiddenSize: Int, options: Options = Options()) -> Int {
    switch self {
    case .elman, .elmanReLU: hiddenSize * (inputSize + hiddenSize + 2)
    case .gru, .gruResetBefore: 3 * hiddenSize * (inputSize + hiddenSize + 2)
    case .lstm: 4 * hiddenSize * (inputSize + hiddenSize + 2)
    case .minGRU: 2 * hiddenSize * (inputSize + 1)
    case .minLSTM: 3 * hiddenSize * (inputSize + 1)
    case .indRNN: hiddenSize * (inputSize + 2)
    case .sru: hiddenSize * ((inputSize == hiddenSize ? 3 : 4) * inputSize + 4)
    case .qrnn: 3 * hiddenSize * (options.window * inputSize + 1)
    case .slstm:
      4 * hiddenSize * (inputSize + 1 + hiddenSize / options.headCount(hiddenSize: hiddenSize))
    case .mlstm:
      (4 * hiddenSize + 2 * options.headCount(hiddenSize: hiddenSize)) * (inputSize + 1)
    }
  }
}
