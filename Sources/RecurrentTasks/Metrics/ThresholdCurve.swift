/// What happens to the predictions of one class as the threshold of its probability falls.
public struct ThresholdCurve: Sendable, Equatable {
  /// For each threshold at which something changes the share of the negative items that are found (x) and
  /// that of the positive ones (y), from (0, 0).
  public private(set) var roc = [CurvePoint(0, 0)]
  /// For each threshold at which something changes the share of the positive items that are found (x), and
  /// the share of the positive ones among all that are found (y), which holds from the point before on; empty
  /// without positive items.
  public private(set) var precisionRecall: [CurvePoint] = []
  /// The area under the curve of found positive over found negative items; nil without items on one side.
  public private(set) var areaUnderROC: Double?
  /// The mean precision over the recalls; nil without positive items.
  public private(set) var averagePrecision: Double?

  /// From scores of items and whether they are positive. A score that is not a number is the lowest.
  public init(scores: [Double], isPositive: [Bool]) {
    trapUnless(
      scores.count == isPositive.count,
      "ThresholdCurve: expected \(scores.count) predictions for as many scores, received \(isPositive.count)")
    let scores = scores.map { $0.isNaN ? -.infinity : $0 }
    let positives = isPositive.count { $0 }
    let negatives = isPositive.count - positives
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var (truths, falsehoods, area, precision) = (0, 0, 0.0, 0.0)
    var start = 0
    while start < order.count {
      var end = start
      let (truthsBefore, falsehoodsBefore) = (truths, falsehoods)
      // items of one score cross the threshold together
      while end < order.count, scores[order[end]] == scores[order[start]] {
        if isPositive[order[end]] { truths += 1 } else { falsehoods += 1 }
        end += 1
      }
      area += Double(falsehoods - falsehoodsBefore) * Double(truths + truthsBefore) / 2
      let share = Double(truths) / Double(truths + falsehoods)
      precision += Double(truths - truthsBefore) * share
      let found = Double(truths) / Double(max(positives, 1))
      roc.append(CurvePoint(Double(falsehoods) / Double(max(negatives, 1)), found))
      if positives > 0 { precisionRecall.append(CurvePoint(found, share)) }
      start = end
    }
    areaUnderROC = positives > 0 && negatives > 0 ? area / Double(positives) / Double(negatives) : nil
    averagePrecision = positives > 0 ? precision / Double(positives) : nil
  }
}
