#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Drawings without memory: each offset by one mixture of normal distributions, and what the pen does by its frequency. What a model
/// has learnt of the order of things is what it predicts better.
public struct MemorylessDrawing: Sendable, Equatable, Codable {
  /// The shares of the K.
  public private(set) var shares: [Double]
  /// The means of x and of y.
  public private(set) var x, y: [Double]
  /// The standard deviations, above the least one.
  public private(set) var xDeviations, yDeviations: [Double]
  /// The correlations, within ±0.999.
  public private(set) var correlations: [Double]
  /// The probabilities of what the pen does: down, lifted, end.
  public private(set) var pens: [Double]

  /// How the distribution is fitted: to at least so many of the offsets, where there are as many, in so many rounds.
  private static let (enoughPoints, rounds) = (20_000, 40)

  /// Fits K normal distributions to offsets by expectation maximisation (Dempster, Laird and Rubin 1977), from points that are far from
  /// each other.
  ///
  /// - Parameters:
  ///   - points: of offsets in units of the scale; of 40,000 and more each n-th is taken, at least 20,000.
  ///   - pens: how often the pen is down, lifted and at the end.
  ///   - count: K.
  ///   - least: what deviations stay above.
  ///   - key: of the random numbers.
  public init(
    points: [(x: Double, y: Double)], pens counts: [Int], count: Int, least: Double, key: RandomKey
  ) {
    let step = max(1, points.count / MemorylessDrawing.enoughPoints)
    let own = points.isEmpty ? [(x: 0, y: 0)] : stride(from: 0, to: points.count, by: step).map { points[$0] }
    let total = Double(counts.reduce(0, +) + counts.count)
    pens = counts.map { Double($0 + 1) / total }
    let centers = MemorylessDrawing.centers(own, count, key)
    shares = [Double](repeating: 1 / Double(count), count: count)
    (x, y) = (centers.map(\.x), centers.map(\.y))
    let spread = max(1 / Double(count).squareRoot(), 2 * least)
    xDeviations = [Double](repeating: spread, count: count)
    yDeviations = xDeviations
    correlations = [Double](repeating: 0, count: count)
    for _ in 0..<MemorylessDrawing.rounds { improve(own, least: least) }
  }

  /// Points that are far from each other: each by its squared distance from those before (Arthur and Vassilvitskii 2007).
  private static func centers(
    _ points: [(x: Double, y: Double)], _ count: Int, _ key: RandomKey
  ) -> [(x: Double, y: Double)] {
    var centers = [points[Int(Double(key.uniform(at: 0)) * Double(points.count))]]
    var distances = [Double](repeating: .infinity, count: points.count)
    while centers.count < count {
      let last = centers[centers.count - 1]
      for (index, point) in points.enumerated() {
        let square = (point.x - last.x) * (point.x - last.x) + (point.y - last.y) * (point.y - last.y)
        distances[index] = min(distances[index], square)
      }
      var rest = Double(key.uniform(at: centers.count)) * distances.reduce(0, +)
      let chosen = distances.firstIndex {
        rest -= $0
        return rest < 0
      }
      centers.append(points[chosen ?? centers.count % points.count])
    }
    return centers
  }

  /// One round: how much of each point belongs to each of the K, and their moments.
  private mutating func improve(_ points: [(x: Double, y: Double)], least: Double) {
    let count = shares.count
    let constants = (0..<count).map { constant($0) }
    let zeros = [Double](repeating: 0, count: count)
    var (sums, sx, sy, sxx, syy, sxy) = (zeros, zeros, zeros, zeros, zeros, zeros)
    var logs = zeros
    for point in points {
      for index in 0..<count {
        logs[index] = constants[index] - halfDistance(index, point.x, point.y)
      }
      let largest = logs.max() ?? 0
      var total = 0.0
      for index in 0..<count {
        logs[index] = exp(logs[index] - largest)
        total += logs[index]
      }
      for index in 0..<count {
        let part = logs[index] / total
        sums[index] += part
        sx[index] += part * point.x
        sy[index] += part * point.y
        sxx[index] += part * point.x * point.x
        syy[index] += part * point.y * point.y
        sxy[index] += part * point.x * point.y
      }
    }
    for index in 0..<count where sums[index] > 1e-6 {
      let own = sums[index]
      shares[index] = own / Double(points.count)
      (x[index], y[index]) = (sx[index] / own, sy[index] / own)
      let xx = max(sxx[index] / own - x[index] * x[index], 0)
      let yy = max(syy[index] / own - y[index] * y[index], 0)
      let xy = sxy[index] / own - x[index] * y[index]
      // a little above the least, so that a network can stand for it
      let floor = least * 1.01
      (xDeviations[index], yDeviations[index]) = (max(xx.squareRoot(), floor), max(yy.squareRoot(), floor))
      let limit = 0.99 * GaussianMixtureOutput.largestCorrelation
      correlations[index] = min(max(xy / (xDeviations[index] * yDeviations[index]), -limit), limit)
    }
  }

  // MARK: Use

  /// K.
  public var count: Int { shares.count }

  /// What is impossible about the numbers, as a sentence; nil where nothing is.
  var issue: String? {
    let deviations = xDeviations + yDeviations
    let all = [x, y, xDeviations, yDeviations, correlations]
    guard pens.count == PenState.allCases.count, pens.allSatisfy({ $0 > 0 && $0 <= 1 }), count > 0,
      all.allSatisfy({ $0.count == count }), shares.allSatisfy({ $0 >= 0 && $0 <= 1 }),
      (x + y).allSatisfy({ $0.isFinite }), deviations.allSatisfy({ $0 > 0 && $0.isFinite }),
      correlations.allSatisfy({ abs($0) < 1 })
    else { return "the baseline is no distribution" }
    return nil
  }

  /// What the logarithm of a density has wherever a point is, but for 2π, with the share.
  private func constant(_ index: Int) -> Double {
    let r = correlations[index]
    let size = xDeviations[index] * yDeviations[index] * (1 - r * r).squareRoot()
    return log(max(shares[index], 1e-300)) - log(size)
  }

  /// Half of the squared distance of a point in deviations.
  private func halfDistance(_ index: Int, _ px: Double, _ py: Double) -> Double {
    let a = (px - x[index]) / xDeviations[index]
    let b = (py - y[index]) / yDeviations[index]
    let r = correlations[index]
    let rest = b - r * a
    return 0.5 * (a * a + rest * rest / (1 - r * r))
  }

  /// `-log p` of an offset.
  public func loss(x px: Double, y py: Double) -> Double {
    let logs = (0..<count).map {
      constant($0) - halfDistance($0, px, py) - GaussianMixtureOutput.normalizer
    }
    let largest = logs.max() ?? 0
    return -(largest + log(logs.reduce(0) { $0 + exp($1 - largest) }))
  }

  /// `-log p` of what the pen does.
  public func loss(_ pen: PenState) -> Double { -log(pens[Int(pen.rawValue)]) }

  /// The numbers with which a network gives out this distribution.
  func numbers(_ mixture: GaussianMixtureOutput) -> [Float] {
    func raw(_ deviation: Double) -> Float {
      let above = max(deviation - Double(mixture.leastDeviation), 1e-9)
      // the inverse of log(1 + e^x)
      return Float(above > 30 ? above : log(expm1(above)))
    }
    var numbers: [Float] = shares.map { Float(log(max($0, 1e-6))) }
    numbers += x.map { Float($0) }
    numbers += y.map { Float($0) }
    numbers += xDeviations.map(raw)
    numbers += yDeviations.map(raw)
    numbers += correlations.map { Float(atanh($0 / GaussianMixtureOutput.largestCorrelation)) }
    return numbers + pens.map { Float(log($0)) }
  }
}
