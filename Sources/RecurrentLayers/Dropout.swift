/// Dropout as a layer: nothing in inference.
public struct Dropout: Module {
  /// The probability that an element is dropped, 0 ..< 1.
  public let rate: Float
  /// Whether a sequence `[T, B, F]` gets one mask for all steps.
  public let isVariational: Bool

  /// Dropout of a given rate.
  public init(rate: Float, isVariational: Bool = false) {
    trapUnless(rate >= 0 && rate < 1, "Dropout: expected a rate in 0 ..< 1, received \(rate)")
    self.rate = rate
    self.isVariational = isVariational
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {}

  /// Any shape in and out; with one mask for all steps `[T, B, F]`.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    guard case .training(_, let firstStep, _, _) = mode, let key = mode.rowKey, rate > 0 else { return x }
    return isVariational
      ? variationalDropout(x, rate: rate, key: key)
      : dropout(x, rate: rate, key: key, firstStep: firstStep)
  }
}
