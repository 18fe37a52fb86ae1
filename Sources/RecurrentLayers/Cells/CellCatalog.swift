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

  /// A cell of `hiddenSize` units over `inputSize` inputs.
  public func make(
    inputSize: Int, hiddenSize: Int, initialization: RecurrentInitialization = .uniform, key: RandomKey
  ) -> AnyCell {
    switch self {
    case .elman:
      AnyCell(Elman(inputSize: inputSize, hiddenSize: hiddenSize, initialization: initialization, key: key))
    case .elmanReLU:
      AnyCell(
        Elman(
          inputSize: inputSize, hiddenSize: hiddenSize, activation: .relu, initialization: initialization,
          key: key))
    case .lstm:
      AnyCell(LSTM(inputSize: inputSize, hiddenSize: hiddenSize, initialization: initialization, key: key))
    case .gru:
      AnyCell(GRU(inputSize: inputSize, hiddenSize: hiddenSize, initialization: initialization, key: key))
    case .gruResetBefore:
      AnyCell(
        GRU(
          inputSize: inputSize, hiddenSize: hiddenSize, reset: .beforeProduct, initialization: initialization,
          key: key))
    }
  }
}
