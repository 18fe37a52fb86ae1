/// One number, by a ``Distribution`` whose parameters a network gives out.
public struct NumberOutput<Value: Distribution>: OutputDistribution {
  /// Those of the distribution.
  public var parameters: [OutputParameter] { Value.parameters }
  /// One.
  public var size: Int { 1 }

  /// A number.
  public init() {}

  /// The mean negative log-likelihood of targets `[N, 1]`.
  public func loss(_ numbers: Tensor, _ targets: Tensor, weights: Tensor?) -> Tensor {
    let shape = [targets.count]
    return Value.loss(
      targets.reshaped(to: shape), parameters(numbers).map { $0.reshaped(to: shape) }, weights: weights)
  }

  /// A draw by two uniform numbers of the key.
  public func sample(_ parameters: [Double], key: RandomKey, index: Int) -> [Float] {
    func uniform(_ place: Int) -> Double { Double(key.uniform(at: 2 * index + place)) + 0x1p-25 }
    return [Float(Value(parameters).sample(uniform(0), uniform(1)))]
  }

  /// Its mean.
  public func mean(_ parameters: [Double]) -> [Double] { [Value(parameters).mean] }

  /// Its quantile.
  public func quantile(_ level: Double, _ parameters: [Double]) -> [Double] {
    [Value(parameters).quantile(level)]
  }
}
