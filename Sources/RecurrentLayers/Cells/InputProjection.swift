/// The product of a cell over its input, x W^T + b, for all steps at once.
///
/// `package` because ``ScanCell`` asks for it.
package struct InputProjection: Sendable {
  /// `[G * H, I]`.
  var weight: Tensor
  /// `[G * H]`, or nil without bias.
  var bias: Tensor?
  private var preparedWeight: PreparedWeights?

  init(weight: Tensor, bias: Tensor?) {
    self.weight = weight
    self.bias = bias
  }

  /// G matrices `[H, I]`, each drawn on its own, and a bias; uniform in ± 1 / sqrt(I) where nothing else is said.
  init(
    gates: Int, inputSize: Int, hiddenSize: Int, hasBias: Bool, initializer: Initializer?, key: RandomKey
  ) {
    let standard = Initializer.uniform(bound: 1 / Float(max(1, inputSize)).squareRoot())
    weight = (initializer ?? standard).gates(
      gates, hiddenSize: hiddenSize, inputSize: inputSize, key: key.child(0))
    bias =
      hasBias
      ? standard.matrix(rows: 1, columns: clampedProduct(gates, hiddenSize), key: key.child(1))
        .reshaped(to: [clampedProduct(gates, hiddenSize)])
      : nil
  }

  var inputSize: Int { weight.shape[1] }
  var outputSize: Int { weight.shape[0] }

  /// Shows both to `visitor`.
  mutating func walk(_ visitor: inout some ParameterVisitor) {
    preparedWeight = nil  // a visitor may change the weight
    visitor.visit("weight_ih", &weight)
    visitor.visit("bias_ih", &bias)
  }

  /// The same with its weight in the form that kernels read.
  func packed() -> InputProjection {
    var copy = self
    copy.preparedWeight = weight.backend.prepareRight(weight, transposed: true)
    return copy
  }

  /// `[N, I]` to `[N, G * H]`, with another bias when one is given.
  func callAsFunction(_ rows: Tensor, bias other: Tensor? = nil) -> Tensor {
    if let preparedWeight, rows.node == nil {
      return rows.backend.matmul(
        rows, prepared: preparedWeight, columns: outputSize, bias: (other ?? bias)?.detached)
    }
    return matmul(rows, weight, transposeB: true, bias: other ?? bias)
  }

  /// Zeros where the weight lives.
  func zeros(_ shape: [Int]) -> Tensor { weight.backend.filled(0, shape: shape) }
}

extension Initializer {
  /// G matrices `[H, I]`, each drawn on its own, one below the other.
  func gates(_ count: Int, hiddenSize: Int, inputSize: Int, key: RandomKey) -> Tensor {
    trapUnless(
      inputSize > 0 && hiddenSize > 0,
      "a recurrent cell needs at least one input and one unit, received \(inputSize) and \(hiddenSize)")
    return concatenate(
      (0..<count).map { matrix(rows: hiddenSize, columns: inputSize, key: key.child($0)) })
  }
}
