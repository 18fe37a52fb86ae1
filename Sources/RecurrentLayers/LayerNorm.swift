/// Layer normalisation with trained scale and shift (Ba et al. 2016, arXiv:1607.06450).
public struct LayerNorm: Module {
  /// `[F]`.
  public var weight: Tensor
  /// `[F]`.
  public var bias: Tensor
  /// Added to the variance.
  public let epsilon: Float

  /// Scale one, shift zero.
  public init(size: Int, epsilon: Float = 1e-5) {
    weight = Tensor(ones: [size])
    bias = Tensor(zeros: [size])
    self.epsilon = epsilon
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("weight", &weight)
    visitor.visit("bias", &bias)
  }

  /// Normalises along the last axis. `[..., F]` in and out.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    layerNorm(x, weight: weight, bias: bias, epsilon: epsilon)
  }
}
