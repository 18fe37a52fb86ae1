#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A distribution of one number, as a forecast gives it.
public protocol Distribution: Sendable, Equatable {
  /// Its parameters, as a network gives them out; see ``NumberOutput``.
  static var parameters: [OutputParameter] { get }

  /// The distribution of parameters in that order.
  init(_ parameters: [Double])

  /// The weighted mean negative log-likelihood, of shape [].
  ///
  /// - Parameters:
  ///   - targets: `[N]`.
  ///   - parameters: a column `[N]` for each.
  ///   - weights: `[N]`; nil for ones.
  static func loss(_ targets: Tensor, _ parameters: [Tensor], weights: Tensor?) -> Tensor

  /// Its mean.
  var mean: Double { get }
  /// Its standard deviation; infinite where there is none.
  var deviation: Double { get }

  /// The probability of a number up to `x`.
  func cumulative(_ x: Double) -> Double

  /// The number below which lies the share `level` of the probability, 0 < `level` < 1.
  func quantile(_ level: Double) -> Double

  /// A draw from two independent numbers that are uniform in (0, 1): the same draw for the same numbers.
  func sample(_ first: Double, _ second: Double) -> Double
}

/// A normal distribution.
public struct Gaussian: Distribution {
  /// Its mean.
  public var mean: Double
  /// Its standard deviation.
  public var deviation: Double

  /// A normal distribution; `deviation` > 0.
  public init(mean: Double, deviation: Double) {
    self.mean = mean
    self.deviation = deviation
  }

  /// Mean and standard deviation.
  public static var parameters: [OutputParameter] { [.init("mean", .location), .init("deviation", .scale)] }

  /// A normal distribution of mean and standard deviation.
  public init(_ parameters: [Double]) { self.init(mean: parameters[0], deviation: parameters[1]) }

  /// ``gaussianLoss(_:mean:scale:weights:)``.
  public static func loss(_ targets: Tensor, _ parameters: [Tensor], weights: Tensor?) -> Tensor {
    gaussianLoss(targets, mean: parameters[0], scale: parameters[1], weights: weights)
  }

  /// The probability of a number up to `x`.
  public func cumulative(_ x: Double) -> Double { 0.5 * erfc((mean - x) / (deviation * 2.0.squareRoot())) }

  /// The number below which lies the share `level` of the probability.
  public func quantile(_ level: Double) -> Double { mean + deviation * normalQuantile(level) }

  /// A draw; the second number is not used.
  public func sample(_ first: Double, _ second: Double) -> Double { quantile(first) }
}

/// Student's t distribution with location and scale.
public struct StudentT: Distribution {
  /// The location: the mean, where there is one.
  public var location: Double
  /// The scale.
  public var scale: Double
  /// The degrees of freedom.
  public var degrees: Double

  /// A t distribution; `scale` and `degrees` > 0.
  public init(location: Double, scale: Double, degrees: Double) {
    self.location = location
    self.scale = scale
    self.degrees = degrees
  }

  /// Location, scale, and degrees of freedom, enough of them for a finite variance.
  public static var parameters: [OutputParameter] {
    [.init("location", .location), .init("scale", .scale), .init("degrees", .shape, least: 2.1)]
  }

  /// A t distribution of location, scale and degrees of freedom.
  public init(_ parameters: [Double]) {
    self.init(location: parameters[0], scale: parameters[1], degrees: parameters[2])
  }

  /// ``studentTLoss(_:mean:scale:degrees:weights:)``.
  public static func loss(_ targets: Tensor, _ parameters: [Tensor], weights: Tensor?) -> Tensor {
    studentTLoss(
      targets, mean: parameters[0], scale: parameters[1], degrees: parameters[2], weights: weights)
  }

  /// The location; NaN with one degree of freedom or less.
  public var mean: Double { degrees > 1 ? location : .nan }

  /// The standard deviation; infinite with two degrees of freedom or less.
  public var deviation: Double {
    degrees > 2 ? scale * (degrees / (degrees - 2)).squareRoot() : .infinity
  }

  /// The probability of a number up to `x`.
  public func cumulative(_ x: Double) -> Double {
    let t = (x - location) / scale
    let tail = 0.5 * incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t))
    return t > 0 ? 1 - tail : tail
  }

  /// The number below which lies the share `level` of the probability: Newton's steps within an interval that is halved
  /// where they leave it.
  public func quantile(_ level: Double) -> Double {
    if level == 0.5 { return location }
    let p = min(level, 1 - level)
    let standard = StudentT(location: 0, scale: 1, degrees: degrees)
    var (low, high) = (-1.0, 0.0)
    while standard.cumulative(low) > p, low > -1e300 { (low, high) = (low * 4, low) }
    let normalizer = exp(
      logGammaValue((degrees + 1) / 2) - logGammaValue(degrees / 2) - 0.5 * log(degrees * .pi))
    var x = min(max(normalQuantile(p), low), high)
    for _ in 0..<100 {
      let excess = standard.cumulative(x) - p
      if excess > 0 { high = x } else { low = x }
      let density = normalizer * exp(-0.5 * (degrees + 1) * log1p(x * x / degrees))
      var next = x - excess / density
      if !(next > low && next < high) { next = 0.5 * (low + high) }
      if abs(next - x) <= 1e-13 * abs(x) { break }
      x = next
    }
    return location + scale * (level < 0.5 ? x : -x)
  }

  /// A draw (Bailey 1994, "Polar generation of random variates with the t-distribution").
  public func sample(_ first: Double, _ second: Double) -> Double {
    let radius = (degrees * expm1(-2 / degrees * log(first))).squareRoot()
    return location + scale * radius * cos(2 * .pi * second)
  }
}

/// A negative binomial distribution of counts, with variance mean + dispersion mean².
public struct NegativeBinomial: Distribution {
  /// Its mean.
  public var mean: Double
  /// How much more the counts vary than Poisson's.
  public var dispersion: Double

  /// A distribution of counts; both numbers > 0.
  public init(mean: Double, dispersion: Double) {
    self.mean = mean
    self.dispersion = dispersion
  }

  /// Mean and dispersion.
  public static var parameters: [OutputParameter] {
    [.init("mean", .scale), .init("dispersion", .shape, least: 1e-3)]
  }

  /// A distribution of mean and dispersion.
  public init(_ parameters: [Double]) { self.init(mean: parameters[0], dispersion: parameters[1]) }

  /// ``negativeBinomialLoss(_:mean:dispersion:weights:)``.
  public static func loss(_ targets: Tensor, _ parameters: [Tensor], weights: Tensor?) -> Tensor {
    negativeBinomialLoss(targets, mean: parameters[0], dispersion: parameters[1], weights: weights)
  }

  /// Its standard deviation.
  public var deviation: Double { (mean + dispersion * mean * mean).squareRoot() }

  /// The probability of a count up to `x`.
  public func cumulative(_ x: Double) -> Double {
    if x < 0 { return 0 }
    let share = 1 / (1 + dispersion * mean)
    return incompleteBeta(1 / dispersion, x.rounded(.down) + 1, share)
  }

  /// The least count up to which lies at least the share `level` of the probability.
  public func quantile(_ level: Double) -> Double {
    if mean < 50 { return summedQuantile(level) }
    var high = max(1, (mean + deviation * normalQuantile(level)).rounded())
    while cumulative(high) < level { high = (high * 1.5).rounded(.up) }
    var low = -1.0
    // above low, up to high
    while high - low > 1 {
      let middle = ((low + high) / 2).rounded(.down)
      if cumulative(middle) < level { low = middle } else { high = middle }
    }
    return high
  }

  /// Adds probabilities up from zero.
  private func summedQuantile(_ level: Double) -> Double {
    let shape = 1 / dispersion
    let odds = dispersion * mean / (1 + dispersion * mean)
    var probability = exp(-shape * log1p(dispersion * mean))
    var (sum, count) = (probability, 0.0)
    while sum < level, count < 1e6, probability > 0 || count < mean {
      probability *= (count + shape) / (count + 1) * odds
      count += 1
      sum += probability
    }
    return count
  }

  /// A draw; the second number is not used.
  public func sample(_ first: Double, _ second: Double) -> Double { quantile(first) }
}
