#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One number by which scores are divided so that probabilities mean what they say (Guo et al. 2017,
/// arXiv:1706.04599).
public struct TemperatureScaling: Sendable, Equatable, Codable {
  /// Above 1 for a network that is too sure.
  public var temperature: Double

  /// A temperature; 1 changes nothing.
  public init(temperature: Double = 1) { self.temperature = temperature }

  /// The temperature at which the labels are likeliest, between 1/20 and 20; items with scores that are not
  /// finite are left out.
  ///
  /// - Parameters:
  ///   - logits: for each item a score for each class.
  ///   - labels: for each item its class.
  ///   - priorWeight: how much it costs to move away from 1, in nats for a factor of e: keeps a few items that are all right
  ///     from making the model sure of everything.
  public init(fitting logits: [[Float]], labels: [Int], priorWeight: Double = 0) {
    let items = zip(logits, labels).filter { $0.0.allSatisfy(\.isFinite) }
    guard !items.isEmpty else {
      temperature = 1
      return
    }
    // the loss is convex in 1 / T: golden section on its logarithm
    func loss(_ logarithm: Double) -> Double {
      let inverse = exp(-logarithm)
      return items.reduce(priorWeight * logarithm * logarithm) { sum, item in
        let top = Double(item.0.max() ?? 0)
        let powers = item.0.reduce(0) { $0 + exp((Double($1) - top) * inverse) }
        return sum + log(powers) - (Double(item.0[item.1]) - top) * inverse
      }
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

  /// Probabilities of the classes from their scores; a score that is not a number is the lowest.
  public func probabilities(_ logits: [Float]) -> [Double] {
    var result = [Double](repeating: 0, count: logits.count)
    logits.withUnsafeBufferPointer { write($0, to: &result) }
    return result
  }

  /// Writes the probabilities of as many classes, without allocation.
  func write(_ logits: UnsafeBufferPointer<Float>, to result: inout [Double]) {
    var top = -Double.infinity
    for place in logits.indices {
      result[place] = logits[place].isNaN ? -.infinity : Double(logits[place]) / temperature
      top = max(top, result[place])
    }
    var sum = 0.0
    for place in logits.indices {
      // the difference of infinities is not a number
      result[place] = result[place] == top ? 1 : exp(result[place] - top)
      sum += result[place]
    }
    for place in logits.indices { result[place] /= sum }
  }
}

extension TemperatureScaling {
  /// Throws where the temperature is impossible; the fit gives 0.05 to 20.
  func check() throws(ValueIssue) {
    try ValueIssue.check("scaling.temperature", temperature, in: 1e-3...1e3)
  }
}
