/// Several distributions side by side, each by parameters of its own and independent of the others:
/// `p(y) = product over the parts i of p_i(y_i)`.
public struct ProductOutput: OutputDistribution {
  private let parts: [any OutputDistribution]

  /// A product of parts, in the order of their columns in parameters `[N, P]` and targets `[N, D]`.
  public init(_ parts: [any OutputDistribution]) { self.parts = parts }

  /// The parameters of all parts, one part after the other: P is the sum of theirs.
  public var parameters: [OutputParameter] { parts.flatMap(\.parameters) }
  /// D: the sum of the sizes of the parts.
  public var size: Int { parts.reduce(0) { $0 + $1.size } }

  /// The sum of the losses of the parts, of shape [], in nats: the weighted mean of `-log p(y)`.
  ///
  /// - Parameters:
  ///   - numbers: of the network, `[N, P]`.
  ///   - targets: y, `[N, D]`.
  ///   - weights: `[N]`; nil for ones.
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

  /// A draw of D numbers, part after part: part i draws by child i of the key.
  public func sample(_ parameters: [Double], key: RandomKey, index: Int) -> [Float] {
    split(parameters).enumerated().flatMap { parts[$0].sample($1, key: key.child($0), index: index) }
  }

  /// The means of the D numbers, part after part.
  public func mean(_ parameters: [Double]) -> [Double] {
    split(parameters).enumerated().flatMap { parts[$0].mean($1) }
  }

  /// The quantiles of each of the D numbers by itself, part after part; 0 < `level` < 1.
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
