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

  /// A cell of `hiddenSize` units over `inputSize` inputs.
  ///
  /// Of `initialization` the cells without a product over the state take the weights of the input; those with an
  /// initialisation of their own keep it.
  ///
  /// - Precondition: there is no ``issue(with:)`` to the options, and heads divide the units.
  public func make(
    inputSize: Int, hiddenSize: Int, options: CellOptions = CellOptions(),
    initialization: RecurrentInitialization = .uniform, key: RandomKey
  ) -> AnyCell {
    let issue = issue(with: options)
    trapUnless(issue == nil, "CellCatalog.make: \(issue ?? "")")
    let regularization = options.regularization
    let heads = options.headCount(hiddenSize: hiddenSize)
    var initialization = initialization
    if let bias = options.forgetBias {
      (initialization.forgetBias, initialization.updateBias) = (bias, bias)
    }
    let initializer = initialization.input
    switch self {
    case .elman, .elmanReLU:
      return AnyCell(
        Elman(
          inputSize: inputSize, hiddenSize: hiddenSize,
          activation: options.activation ?? (self == .elman ? .tanh : .relu), regularization: regularization,
          initialization: initialization, key: key))
    case .lstm:
      return AnyCell(
        LSTM(
          inputSize: inputSize, hiddenSize: hiddenSize, options: options.lstm, regularization: regularization,
          initialization: initialization, key: key))
    case .gru, .gruResetBefore:
      return AnyCell(
        GRU(
          inputSize: inputSize, hiddenSize: hiddenSize,
          reset: self == .gru ? .afterProduct : .beforeProduct, regularization: regularization,
          initialization: initialization, key: key))
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
          inputSize: inputSize, hiddenSize: hiddenSize, window: options.convolutionWindow,
          initializer: initializer, key: key))
    case .slstm:
      return AnyCell(
        SLSTM(
          inputSize: inputSize, hiddenSize: hiddenSize, headCount: heads, initializer: initializer, key: key))
    case .mlstm:
      return AnyCell(
        MLSTM(
          inputSize: inputSize, hiddenSize: hiddenSize, headCount: heads, initializer: initializer, key: key))
    }
  }
}
