#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Classes that stand for all of them in the loss of one step.
public struct SampledClasses: Sendable, Equatable {
  /// `[C]`: their numbers, rising.
  public let classes: Indices
  /// The place of each label among them, in the shape of the labels; labels that are ignored as they are.
  public let labels: Indices
  /// `[C]`: the logarithm of how likely each is among them.
  public let logProbabilities: [Float]
}

/// Draws classes to stand for all in a softmax over very many: the labels of the step itself, which come as often as the classes
/// do, and others with a probability proportional to a power of their counts (Hidasi and Karatzoglou 2018, arXiv:1706.03847).
public struct ClassSampler: Sendable, Equatable {
  /// V.
  public var classCount: Int { labelShares.count }
  /// How often each class is a label, as a share.
  private let labelShares: [Double]
  /// The probability of each class in a draw, and the sums of those up to each.
  private let drawShares: [Double]
  let sums: [Double]
  /// Of as many equal parts of the sum as there are classes, the class that each begins in; and behind them the last class.
  private let beginnings: [Int32]

  /// - Parameters:
  ///   - counts: how often each class is a label; those of 0 count as 1.
  ///   - power: 0 draws all alike, 1 by their counts.
  public init(counts: [Int], power: Double) {
    trapUnless(!counts.isEmpty, "ClassSampler: expected at least one class")
    let total = counts.reduce(0.0) { $0 + Double(max($1, 1)) }
    labelShares = counts.map { Double(max($0, 1)) / total }
    let weights = labelShares.map { pow($0, power) }
    let sum = weights.reduce(0, +)
    drawShares = weights.map { $0 / sum }
    var (sums, running) = ([Double](), 0.0)
    sums.reserveCapacity(counts.count)
    for share in drawShares {
      running += share
      sums.append(running)
    }
    self.sums = sums
    var (beginnings, place) = ([Int32](), 0)
    beginnings.reserveCapacity(sums.count + 1)
    for part in sums.indices {
      let edge = running * Double(part) / Double(sums.count)
      while place < sums.count - 1, sums[place] <= edge { place += 1 }
      beginnings.append(Int32(place))
    }
    self.beginnings = beginnings + [Int32(sums.count - 1)]
  }

  /// The classes of a step.
  ///
  /// - Parameters:
  ///   - labels: of any shape, each in 0 ..< V or `ignoredLabel`.
  ///   - count: draws besides the labels.
  ///   - key: of the random numbers.
  ///   - ignoredLabel: what is no label.
  public func classes(
    _ labels: Indices, count: Int, key: RandomKey, ignoredLabel: Int32 = -100
  ) -> SampledClasses {
    let counted = labels.values.filter { $0 != ignoredLabel }
    var drawn = counted
    drawn.reserveCapacity(counted.count + count)
    let total = sums[sums.count - 1]
    for uniform in key.uniforms(count) { drawn.append(place(of: Double(uniform) * total)) }
    drawn.sort()
    var classes: [Int32] = []
    for number in drawn where number != classes.last { classes.append(number) }
    let logProbabilities = classes.map { number -> Float in
      // of all other labels and all draws none is this one
      let other =
        Double(max(counted.count - 1, 0)) * log1p(-labelShares[Int(number)])
        + Double(count) * log1p(-drawShares[Int(number)])
      return Float(log(max(-expm1(other), 1e-30)))
    }
    let places = labels.values.map { label -> Int32 in
      guard label != ignoredLabel else { return label }
      var (low, high) = (0, classes.count)
      while high - low > 1 {
        let middle = (low + high) / 2
        if classes[middle] <= label { low = middle } else { high = middle }
      }
      return Int32(low)
    }
    return SampledClasses(
      classes: Indices(classes), labels: Indices(places, shape: labels.shape),
      logProbabilities: logProbabilities)
  }

  /// The first class whose sum is above a number.
  func place(of number: Double) -> Int32 {
    let part = min(max(Int(number / sums[sums.count - 1] * Double(sums.count)), 0), sums.count - 1)
    var (low, high) = (Int(beginnings[part]), Int(beginnings[part + 1]))
    // where rounding has led to the part beside
    if low > 0, sums[low - 1] > number { low = 0 }
    if sums[high] <= number { high = sums.count - 1 }
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > number { high = middle } else { low = middle + 1 }
    }
    return Int32(low)
  }
}
