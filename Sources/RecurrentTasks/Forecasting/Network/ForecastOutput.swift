/// What a network predicts for a step, and its loss.
public enum ForecastOutput: String, Sendable, Codable, CaseIterable {
  /// The mean, by the squared error; intervals come from the validation part alone.
  case mean
  /// The median, by the absolute error; intervals come from the validation part alone.
  case median
  /// Quantiles, by the pinball loss.
  case quantiles
  /// A normal distribution, by its likelihood.
  case gaussian
  /// Student's t distribution, by its likelihood: for what is now and then far off.
  case studentT = "student-t"
  /// A negative binomial distribution, by its likelihood: for counts, with ``WindowNormalization/meanSize`` or another
  /// scale that takes nothing away.
  case negativeBinomial = "negative-binomial"

  /// The distribution that is given out; nil where it is none.
  var distribution: (any OutputDistribution)? {
    switch self {
    case .mean, .median, .quantiles: nil
    case .gaussian: NumberOutput<Gaussian>()
    case .studentT: NumberOutput<StudentT>()
    case .negativeBinomial: NumberOutput<NegativeBinomial>()
    }
  }

  /// Whether it is a distribution that can be drawn from.
  public var isDistribution: Bool { distribution != nil }

  /// Numbers of a step.
  public func size(levels: [Double]) -> Int {
    distribution?.parameters.count ?? (self == .quantiles ? levels.count : 1)
  }

  /// The mean loss of what a network gives out.
  ///
  /// - Parameters:
  ///   - outputs: `[..., O]`, N numbers for each of the O.
  ///   - truths: on the scale of the window `[N]`.
  ///   - weights: 0 where a truth is missing `[N]`.
  ///   - sizes: what one on the scale of the window is `[N]`; for counts.
  ///   - levels: of the quantiles.
  func loss(
    _ outputs: Tensor, truths: [Float], weights: [Float], sizes: [Float], levels: [Double]
  ) -> Tensor {
    let count = truths.count
    let numbers = outputs.reshaped(to: [count, outputs.shape[outputs.rank - 1]])
    let mask = Tensor(weights)
    if self == .negativeBinomial, let distribution {
      // counts are whole on the scale of the data alone
      let counts = Tensor(zip(truths, sizes).map { ($0 * $1).rounded() })
      var own = distribution.parameters(numbers).map { $0.reshaped(to: [count]) }
      own[0] = own[0] * Tensor(sizes)
      return NegativeBinomial.loss(counts, own, weights: mask)
    }
    if let distribution {
      return distribution.loss(numbers, Tensor(truths, shape: [count, 1]), weights: mask)
    }
    let targets = Tensor(truths)
    if self == .mean {
      let total = weights.reduce(0, +)
      let losses = square(numbers.reshaped(to: [count]) - targets)
      return (losses * mask).sum() * (total > 0 ? 1 / total : 0)
    }
    if self == .median { return quantileLoss(numbers, targets, levels: [0.5], weights: mask) }
    let all = quantileLoss(numbers, targets, levels: levels.map { Float($0) }, weights: mask)
    guard let middle = levels.index(of: 0.5) else { return all }
    // the median is what most is evaluated by, and one of many levels only
    return all
      + quantileLoss(numbers.sliced(axis: 1, middle..<middle + 1), targets, levels: [0.5], weights: mask)
  }

  /// A draw from a step's numbers on the scale of the window.
  func sample(_ numbers: ArraySlice<Float>, size: Double, key: RandomKey, index: Int) -> Float {
    guard let distribution else { fatalError("ForecastOutput.sample: \(rawValue) is no distribution") }
    let draw = distribution.sample(parameters(numbers, distribution, size), key: key, index: index)[0]
    return Float(onWindowScale(Double(draw), size: size))
  }

  /// The parameters that a step's numbers stand for on the scale of the window; of counts on that of the data.
  private func parameters(
    _ numbers: ArraySlice<Float>, _ distribution: any OutputDistribution, _ size: Double
  ) -> [Double] {
    var parameters = distribution.parameters(numbers)
    if self == .negativeBinomial { parameters[0] *= size }
    return parameters
  }

  /// What a draw or quantile of the distribution is on the scale of the window.
  private func onWindowScale(_ value: Double, size: Double) -> Double {
    self == .negativeBinomial ? value / size : value
  }

  /// Mean and quantiles of a step on the scale of the window.
  func summary(
    of numbers: ArraySlice<Float>, size: Double, levels: [Double]
  ) -> (mean: Double, quantiles: [Double]) {
    if let distribution {
      let parameters = parameters(numbers, distribution, size)
      return (
        onWindowScale(distribution.mean(parameters)[0], size: size),
        levels.map { onWindowScale(distribution.quantile($0, parameters)[0], size: size) }
      )
    }
    if self == .quantiles {
      // quantiles that cross are put in order (Chernozhukov et al. 2010)
      let sorted = numbers.map { Double($0) }.sorted()
      return (quantileMean(sorted, levels: levels), sorted)
    }
    let value = Double(numbers[numbers.startIndex])
    return (value, levels.map { _ in value })
  }
}
