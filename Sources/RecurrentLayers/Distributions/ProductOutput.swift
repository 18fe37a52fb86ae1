/// Several distributions side by side, each by parameters of its own and independent of the others.
public struct ProductOutput: OutputDistribution {
  private let parts: [any OutputDistribution]

  /// Parts in the order of their parameters and numbers.
  public init(_ parts: [any OutputDistribution]) { self.parts = parts }

  /// Those of all parts.
  public var parameters: [OutputParameter] { parts.flatMap(\.parameters) }
  /// The sum over the parts.
  public var size: Int { parts.reduce(0) { $0 + $1.size } }

  /// The sum over the parts.
  public func loss(_ numbers: Tensor, _ targets: Tensor, weights: Tensor?) -> Tensor {
    var (column, place, sum) = (0, 0, numbers.constant(0))
    for part in parts {
      let (columns, places) = (column..<column + part.parameters.count, place..<place + part.size)
      (column, place) = (columns.upperBound, places.upperBound)
      let own = (numbers.sliced(axis: 1, columns), targets.sliced(axis: 1, places))
      sum = sum + part.loss(own.0, own.1, weights: weights)
    }
    return sum
  }

  /// A draw of each part, by a child of the key.
  public func sample(_ parameters: [Double], key: RandomKey, index: Int) -> [Float] {
    split(parameters).enumerated().flatMap { parts[$0].sample($1, key: key.child($0), index: index) }
  }

  /// The means of the parts.
  public func mean(_ parameters: [Double]) -> [Double] {
    split(parameters).enumerated().flatMap { parts[$0].mean($1) }
  }

  /// The quantiles of the parts.
  public func quantile(_ level: Double, _ parameters: [Double]) -> [Double] {
    split(parameters).enumerated().flatMap { parts[$0].quantile(level, $1) }
  }

  /// Each part's share of the parameters.
  private func split(_ parameters: [Double]) -> [[Double]] {
    var rest = parameters[...]
    return parts.map { part in
      defer { rest = rest.dropFirst(part.parameters.count) }
      return Array(rest.prefix(part.parameters.count))
    }
  }
}
