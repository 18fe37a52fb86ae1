/// A linear map with bias: y = x W^T + b.
public struct Linear: Module {
  /// `[O, I]`.
  public var weight: Tensor
  /// `[O]`, or nil without bias.
  public var bias: Tensor?
  private var preparedWeight: PreparedWeights?

  /// PyTorch's initialisation: everything uniform in ± 1 / sqrt(I).
  public init(
    inputSize: Int, outputSize: Int, hasBias: Bool = true, initializer: Initializer? = nil, key: RandomKey
  ) {
    let standard = Initializer.uniform(bound: 1 / Float(inputSize).squareRoot())
    weight = (initializer ?? standard).matrix(rows: outputSize, columns: inputSize, key: key.child(0))
    bias =
      hasBias
      ? standard.matrix(rows: 1, columns: outputSize, key: key.child(1)).reshaped(to: [outputSize]) : nil
  }

  /// A map with the given parameters, `[O, I]` and `[O]`.
  package init(weight: Tensor, bias: Tensor?) {
    self.weight = weight
    self.bias = bias
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    preparedWeight = nil  // a visitor may change the weight
    visitor.visit("weight", &weight)
    visitor.visit("bias", &bias)
  }

  /// The same map with its weight in the form that kernels read, for many short calls with fixed weights.
  public func packed() -> Linear {
    var copy = self
    copy.preparedWeight = weight.backend.prepareRight(weight, transposed: true)
    return copy
  }

  /// The map as a stage of a stack that is stepped; nil where its backend has no such form.
  var stepStage: StepStage? {
    guard let prepared = preparedWeight ?? weight.backend.prepareRight(weight, transposed: true) else {
      return nil
    }
    return .product(
      PreparedProduct(
        weights: prepared, inputSize: weight.shape[1], outputSize: weight.shape[0], bias: bias?.detached))
  }

  /// - Parameter x: `[..., I]`.
  /// - Returns: `[..., O]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    if let preparedWeight {
      let (rows, columns) = (x.asMatrix, weight.shape[0])
      trapUnless(
        rows.shape[1] == weight.shape[1],
        "Linear: expected input [..., \(weight.shape[1])], received shape \(x.shape)")
      return rows.backend.matmul(rows, prepared: preparedWeight, columns: columns, bias: bias)
        .viewed(as: x.shape.dropLast() + [columns])
    }
    return matmul(x, weight, transposeB: true, bias: bias)
  }
}
