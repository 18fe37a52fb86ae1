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
  ///
  /// - Precondition: there is no ``objection(to:)`` to the options.
  public func make(
    inputSize: Int, hiddenSize: Int, options: CellOptions = CellOptions(),
    initialization: RecurrentInitialization = .uniform, key: RandomKey
  ) -> AnyCell {
    let objection = objection(to: options)
    trapUnless(objection == nil, "CellCatalog.make: \(objection ?? "")")
    let regularization = options.regularization
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
    }
  }
}
