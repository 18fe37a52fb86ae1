#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A point (x, y) by one of K normal distributions with correlation (Graves 2013, arXiv:1308.0850, equations 20 to 25):
///
///     p(x, y) = sum over k of softmax(w)[k] N(x, y | m_k, s_k, r_k)
///     log N = -log(2π) - log s_x - log s_y - log(1 - r²) / 2 - (a² + (b - r a)² / (1 - r²)) / 2
///     a = (x - m_x) / s_x,  b = (y - m_y) / s_y,  r = 0.999 tanh q
///
/// The sum is taken in the logarithm, without a floor: of a point that is far from all K the loss grows and has a gradient.
public struct GaussianMixtureOutput: OutputDistribution {
  /// K, the number of normal distributions.
  public let count: Int
  /// What standard deviations stay above. Of data that are whole numbers that of rounding, 0.29 of their unit, keeps the density from
  /// growing without end where numbers repeat.
  public let leastDeviation: Float

  /// A mixture of `count` normal distributions.
  public init(count: Int, leastDeviation: Float = 1e-3) {
    trapUnless(count >= 1, "GaussianMixtureOutput: expected at least one component, received \(count)")
    (self.count, self.leastDeviation) = (count, leastDeviation)
  }

  /// What keeps a correlation from ±1.
  package static let largestCorrelation = 0.999
  /// log(2π).
  package static let normalizer = 1.837_877_066_409_345

  /// K each: w, m_x, m_y, s_x, s_y, q; P = 6K.
  public var parameters: [OutputParameter] {
    func all(_ name: String, _ role: OutputParameter.Role) -> [OutputParameter] {
      (0..<count).map { OutputParameter("\(name) \($0)", role, least: role == .scale ? leastDeviation : nil) }
    }
    return all("weight", .shape) + all("x", .location) + all("y", .location)
      + all("x deviation", .scale) + all("y deviation", .scale) + all("correlation", .shape)
  }
  /// D = 2: x and y.
  public var size: Int { 2 }

  /// The weighted mean of `-log p(x, y)`, of shape [], in nats, which may be negative: a density may be above 1.
  ///
  /// - Parameters:
  ///   - numbers: of the network, `[N, 6K]`.
  ///   - targets: x and y, `[N, 2]`. Those without weight must be numbers all the same.
  ///   - weights: `[N]`; nil for ones.
  public func loss(_ numbers: Tensor, _ targets: Tensor, weights: Tensor?) -> Tensor {
    let rows = targets.shape[0]
    trapUnless(
      numbers.shape == [rows, 6 * count] && targets.shape == [rows, 2],
      "GaussianMixtureOutput.loss: expected [N, \(6 * count)] and targets [N, 2], received \(numbers.shape) and "
        + "\(targets.shape)")
    func block(_ index: Int) -> Tensor { numbers.sliced(axis: 1, index * count..<(index + 1) * count) }
    func deviation(_ index: Int) -> Tensor { softplus(block(index)) + leastDeviation }
    let (sx, sy) = (deviation(3), deviation(4))
    let a = (targets.sliced(axis: 1, 0..<1) - block(1)) / sx
    let b = (targets.sliced(axis: 1, 1..<2) - block(2)) / sy
    let r = tanh(block(5)) * Float(GaussianMixtureOutput.largestCorrelation)
    let rest = (1 - r) * (1 + r)
    let distance = square(a) + square(b - r * a) / rest
    let logs =
      logSoftmax(block(0)) - log(sx * sy) - (log(rest) + distance) * 0.5
      - Float(GaussianMixtureOutput.normalizer)
    let largest = logs.detached.max(axis: 1)
    let sums = exp(logs - largest.reshaped(to: [rows, 1])).sum(axis: 1)
    return weightedMean(-(log(sums) + largest), weights)
  }

  /// `-log p(x, y)` of one point in double precision.
  public func loss(_ parameters: [Double], x: Double, y: Double) -> Double {
    var (weights, joint) = (LogSum(), LogSum())
    for index in 0..<count {
      weights.add(parameters[index])
      joint.add(parameters[index] + logDensity(component(index, parameters), x, y))
    }
    return weights.value - joint.value
  }

  /// The parameters that 6K numbers of a network stand for: those of any distribution, without the names, which a step has no time for.
  public func parameters(_ numbers: some Collection<Float>) -> [Double] {
    let deviation = OutputParameter("deviation", .scale, least: leastDeviation)
    var values = numbers.array.prefix(6 * count).map { Double($0) }
    for place in values.indices.clamped(to: 3 * count..<5 * count) {
      values[place] = deviation.value(values[place])
    }
    return values
  }

  /// One of the normal distributions: means, standard deviations and correlation.
  package struct Component {
    package var x, y, xDeviation, yDeviation, correlation: Double
  }

  package func component(_ index: Int, _ parameters: [Double]) -> Component {
    Component(
      x: parameters[count + index], y: parameters[2 * count + index],
      xDeviation: parameters[3 * count + index], yDeviation: parameters[4 * count + index],
      correlation: GaussianMixtureOutput.largestCorrelation * tanh(parameters[5 * count + index]))
  }

  private func logDensity(_ own: Component, _ x: Double, _ y: Double) -> Double {
    let (a, b) = ((x - own.x) / own.xDeviation, (y - own.y) / own.yDeviation)
    let r = own.correlation
    let (rest, side) = ((1 - r) * (1 + r), b - r * a)
    let distance = a * a + side * side / rest
    return -GaussianMixtureOutput.normalizer - log(own.xDeviation * own.yDeviation) - 0.5
      * (log(rest) + distance)
  }

  /// The mixture weights softmax(w), `[K]`.
  package func shares(_ parameters: [Double]) -> [Double] { MixtureShares(parameters[..<count]).values }
}

/// log(sum of e^t) over terms t that come one after the other; minus infinity of none.
private struct LogSum {
  var largest = -Double.infinity
  /// The sum of e^(t - largest).
  var sum = 0.0

  mutating func add(_ term: Double) {
    if term == -.infinity { return }
    if term > largest {
      sum = sum * exp(largest - term) + 1
      largest = term
    } else {
      sum += exp(term - largest)
    }
  }

  var value: Double { largest + log(sum) }
}

extension GaussianMixtureOutput: TemperedDistribution {
  /// A draw of x and y, by the uniform numbers 3 `index` to 3 `index` + 2 of the key: one chooses among the K.
  public func sample(_ parameters: [Double], key: RandomKey, index: Int) -> [Float] {
    let chosen = MixtureShares(parameters[..<count]).component(at: Double(key.uniform(at: 3 * index)))
    func normal(_ place: Int) -> Double {
      normalQuantile(Double(key.uniform(at: 3 * index + place)) + 0x1p-25)
    }
    let own = component(chosen, parameters)
    let (a, b, r) = (normal(1), normal(2), own.correlation)
    return [
      Float(own.x + own.xDeviation * a),
      Float(own.y + own.yDeviation * (r * a + ((1 - r) * (1 + r)).squareRoot() * b)),
    ]
  }

  /// The means of x and y.
  public func mean(_ parameters: [Double]) -> [Double] {
    let shares = shares(parameters)
    return [1, 2].map { axis in
      shares.indices.reduce(0) { $0 + shares[$1] * parameters[axis * count + $1] }
    }
  }

  /// The quantiles of x and of y, each by itself, by halving an interval; 0 < `level` < 1.
  public func quantile(_ level: Double, _ parameters: [Double]) -> [Double] {
    let shares = shares(parameters)
    let far = abs(normalQuantile(min(level, 1 - level) / 2)) + 1
    return [1, 2].map { axis in
      let parts = (0..<count).map { index in
        (
          share: shares[index],
          value: Gaussian(
            mean: parameters[axis * count + index], deviation: parameters[(axis + 2) * count + index])
        )
      }
      var low = parts.map { $0.value.mean - far * $0.value.deviation }.min() ?? 0
      var high = parts.map { $0.value.mean + far * $0.value.deviation }.max() ?? 0
      for _ in 0..<80 {
        let middle = low + (high - low) / 2
        if parts.reduce(0, { $0 + $1.share * $1.value.cumulative(middle) }) < level {
          low = middle
        } else {
          high = middle
        }
      }
      return high
    }
  }

  /// The scores w divided by the temperature, and the variances times it (Ha and Eck 2017, arXiv:1704.03477, equation 8).
  public func tempered(_ parameters: [Double], temperature: Double) -> [Double] {
    let spread = temperature.squareRoot()
    return CategoricalOutput.tempered(Array(parameters[..<count]), temperature: temperature)
      + parameters[count..<3 * count] + parameters[(3 * count)..<5 * count].map { $0 * spread }
      + parameters[(5 * count)...]
  }
}
