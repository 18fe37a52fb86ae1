/// A range of confidences: how sure a classifier was in it, and how often it was right.
public struct ReliabilityBin: Sendable, Equatable, Codable {
  /// The mean confidence in it.
  public var confidence: Double
  /// The share of right predictions in it.
  public var accuracy: Double
  /// Predictions in it.
  public var count: Int

  /// A range.
  public init(confidence: Double, accuracy: Double, count: Int) {
    (self.confidence, self.accuracy, self.count) = (confidence, accuracy, count)
  }

  /// Divides predictions into ranges of equal width, those without predictions left out.
  ///
  /// - Parameters:
  ///   - confidences: of the predictions, in 0...1.
  ///   - isRight: whether they are right.
  ///   - binCount: ranges of 0...1; the upper end of a range belongs to the next one.
  public static func bins(confidences: [Double], isRight: [Bool], binCount: Int = 15) -> [ReliabilityBin] {
    var sums = [(confidence: Double, right: Int, count: Int)](repeating: (0, 0, 0), count: binCount)
    for (confidence, isRight) in zip(confidences, isRight) {
      let bin = min(Int(confidence * Double(binCount)), binCount - 1)
      sums[bin].confidence += confidence
      sums[bin].right += isRight ? 1 : 0
      sums[bin].count += 1
    }
    return sums.filter { $0.count > 0 }.map { sum in
      let count = Double(sum.count)
      return ReliabilityBin(
        confidence: sum.confidence / count, accuracy: Double(sum.right) / count, count: sum.count)
    }
  }

  /// The expected calibration error: how far the mean confidences lie from the shares of right predictions,
  /// weighted by the predictions; 0 without any.
  public static func calibrationError(of bins: [ReliabilityBin]) -> Double {
    let count = bins.reduce(0) { $0 + $1.count }
    return bins.reduce(0) { $0 + abs($1.confidence - $1.accuracy) * Double($1.count) }
      / Double(max(count, 1))
  }
}
