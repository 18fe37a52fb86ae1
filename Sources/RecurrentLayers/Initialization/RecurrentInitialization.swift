/// How the parameters of a recurrent cell are drawn before training.
///
/// Matrices are drawn gate by gate: each gate is a matrix of H rows of its own.
public struct RecurrentInitialization: Sendable, Equatable {
  /// For the weights of the input; nil for PyTorch's uniform in ± 1 / sqrt(H).
  public var input: Initializer?
  /// For the weights of the state; nil for PyTorch's uniform in ± 1 / sqrt(H).
  public var recurrent: Initializer?
  /// For the biases; nil for PyTorch's uniform in ± 1 / sqrt(H).
  public var bias: Initializer?
  /// What the two biases of the forget gate add up to (Jozefowicz et al. 2015 advise 1); nil leaves them as drawn.
  public var forgetBias: Float?
  /// What the two biases of the update gate of a GRU add up to, which keeps the state where it is near 1; nil leaves them as
  /// drawn.
  public var updateBias: Float?

  /// An initialisation.
  public init(
    input: Initializer? = nil, recurrent: Initializer? = nil, bias: Initializer? = nil,
    forgetBias: Float? = nil, updateBias: Float? = nil
  ) {
    self.input = input
    self.recurrent = recurrent
    self.bias = bias
    (self.forgetBias, self.updateBias) = (forgetBias, updateBias)
  }

  /// PyTorch's: everything uniform in ± 1 / sqrt(H).
  public static let uniform = RecurrentInitialization()
  /// Keras': Xavier for the input, orthogonal for the state, zero biases, one for the forget gate.
  public static let orthogonal = RecurrentInitialization(
    input: .xavierUniform, recurrent: .orthogonal, bias: .constant(0), forgetBias: 1)

  /// The parameters of a cell with `gates` gates; `forgetGate` is the number of the forget gate, if there is one, and
  /// `stateSize` the width of the state, if that is not H.
  package func weights(
    gates: Int, inputSize: Int, hiddenSize: Int, stateSize: Int? = nil, hasBias: Bool, forgetGate: Int?,
    key: RandomKey
  ) -> RecurrentWeights {
    trapUnless(
      inputSize > 0 && hiddenSize > 0,
      "a recurrent cell needs at least one input and one unit, received \(inputSize) and \(hiddenSize)")
    let standard = Initializer.uniform(bound: 1 / Float(hiddenSize).squareRoot())
    func matrix(_ initializer: Initializer?, columns: Int, part: Int) -> Tensor {
      concatenate(
        (0..<gates).map { gate in
          (initializer ?? standard).matrix(
            rows: hiddenSize, columns: columns, key: key.child(part).child(gate))
        })
    }
    func biases(part: Int) -> Tensor? {
      guard hasBias else { return nil }
      return Tensor(shape: [clampedProduct(gates, hiddenSize)]) {
        var values = (bias ?? standard).matrix(rows: gates, columns: hiddenSize, key: key.child(part)).scalars
        if let forgetBias, let forgetGate {
          let value = part == 2 ? forgetBias : 0
          for unit in 0..<hiddenSize { values[forgetGate * hiddenSize + unit] = value }
        }
        return values
      }
    }
    return RecurrentWeights(
      inputHidden: matrix(input, columns: inputSize, part: 0),
      hiddenHidden: matrix(recurrent, columns: stateSize ?? hiddenSize, part: 1), inputBias: biases(part: 2),
      hiddenBias: biases(part: 3))
  }
}
