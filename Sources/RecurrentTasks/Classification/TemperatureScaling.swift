#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One number by which scores are divided so that probabilities mean what they say (Guo et al. 2017, arXiv:1706.04599).
public struct TemperatureScaling: Sendable, Equatable, Codable {
  /// Above 1 for a network that is too sure.
  public var temperature: Double

  /// A temperature; 1 changes nothing.
  public init(temperature: Double = 1) { self.temperature = temperature }

  /// The temperature at which the labels are likeliest, between 1/20 and 20.
  ///
  /// - Parameters:
  ///   - logits: for each item a score for each class.
  ///   - labels: for each item its class.
  public init(fitting logits: [[Float]], labels: [Int]) {
    // the loss is convex in 1 / T: golden section on its logarithm
    func loss(_ logarithm: Double) -> Double {
      let scaling = TemperatureScaling(temperature: exp(logarithm))
      return zip(logits, labels).reduce(0) { $0 - log(max(scaling.probabilities($1.0)[$1.1], 1e-12)) }
    }
    guard !logits.isEmpty else {
      temperature = 1
      return
    }
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (log(0.05), log(20.0))
    var (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
    var (lossA, lossB) = (loss(a), loss(b))
    while high - low > 1e-4 {
      if lossA < lossB {
        (high, b, lossB) = (b, a, lossA)
        a = high - ratio * (high - low)
        lossA = loss(a)
      } else {
        (low, a, lossA) = (a, b, lossB)
        b = low + ratio * (high - low)
        lossB = loss(b)
      }
    }
    temperature = exp((low + high) / 2)
  }

  /// Probabilities of the classes from their scores.
  public func probabilities(_ logits: [Float]) -> [Double] {
    let scaled = logits.map { Double($0) / temperature }
    let top = scaled.max() ?? 0
    let powers = scaled.map { exp($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
