/// One number y by a ``Distribution``, of whose P parameters a network gives each row: `y ~ Value(parameters)`.
public struct NumberOutput<Value: Distribution>: OutputDistribution {
  /// The P parameters of the distribution, in the order of its initializer.
  public var parameters: [OutputParameter] { Value.parameters }
  /// D = 1.
  public var size: Int { 1 }

  /// The output of a distribution, which is the type's.
  public init() {}

  /// The weighted mean of `-log p(y | parameters)`, of shape [], in nats.
  ///
  /// - Parameters:
  ///   - numbers: of the network, `[N, P]`.
  ///   - targets: y, `[N, 1]`.
  ///   - weights: `[N]`; nil for ones.
  public func loss(_ numbers: Tensor, _ targets: Tensor, weights: Tensor?) -> Tensor {
    let shape = [targets.count]
    return Value.loss(
      targets.reshaped(to: shape), parameters(numbers).map { $0.reshaped(to: shape) }, weights: weights)
  }

  /// A draw of one number, by the uniform numbers 2 `index` and 2 `index` + 1 of the key.
  public func sample(_ parameters: [Double], key: RandomKey, index: Int) -> [Float] {
    func uniform(_ place: Int) -> Double { Double(key.uniform(at: 2 * index + place)) + 0x1p-25 }
    return [Float(Value(parameters).sample(uniform(0), uniform(1)))]
  }

  /// The mean of the distribution, one number.
  public func mean(_ parameters: [Double]) -> [Double] { [Value(parameters).mean] }

  /// The number below which lies the share `level` of the probability, 0 < `level` < 1.
  public func quantile(_ level: Double, _ parameters: [Double]) -> [Double] {
    [Value(parameters).quantile(level)]
  }
}
