extension ClassificationReport.ClassMetrics {
  init(_ index: Int, _ name: String, _ confusion: [[Int]], _ curve: ThresholdCurve) {
    let hits = confusion[index][index]
    let support = confusion[index].reduce(0, +)
    let given = confusion.reduce(0) { $0 + $1[index] }
    self.init(
      name: name, precision: given > 0 ? Double(hits) / Double(given) : nil,
      recall: support > 0 ? Double(hits) / Double(support) : nil,
      f1: given + support > 0 ? 2 * Double(hits) / Double(given + support) : 0, support: support,
      areaUnderROC: curve.areaUnderROC, averagePrecision: curve.averagePrecision)
  }
}

extension ClassificationReport {
  /// Items of one class that were given another.
  public struct Confusion: Sendable, Equatable {
    /// The names of the classes.
    public var known, given: String
    /// The items.
    public var count: Int
    /// The share of the items of the known class.
    public var share: Double
  }

  /// The most frequent confusions, of equal ones the first in the order of the classes.
  public func frequentConfusions(limit: Int) -> [Confusion] {
    var all: [Confusion] = []
    for (row, counts) in confusion.enumerated() {
      let support = counts.reduce(0, +)
      for (column, count) in counts.enumerated() where row != column && count > 0 {
        all.append(
          Confusion(
            known: classes[row].name, given: classes[column].name, count: count,
            share: Double(count) / Double(support)))
      }
    }
    return Array(all.sorted { $0.count > $1.count }.prefix(limit))
  }

  /// The mean F1 of the classes that occur.
  static func macroF1(_ confusion: [[Int]]) -> Double {
    let classes = confusion.indices
    return macroF1(
      hits: classes.map { confusion[$0][$0] }, support: confusion.map { $0.reduce(0, +) },
      given: classes.map { column in confusion.reduce(0) { $0 + $1[column] } })
  }

  /// The mean F1 of the classes that occur, from the items of each class that were given it, that are of it,
  /// and that were given it whatever they are.
  static func macroF1(hits: [Int], support: [Int], given: [Int]) -> Double {
    let values = support.indices.compactMap { index -> Double? in
      support[index] > 0 ? 2 * Double(hits[index]) / Double(support[index] + given[index]) : nil
    }
    return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  /// The curves of those ten classes with the most items that have items on both sides.
  static func curves(_ curves: [ThresholdCurve], _ classes: [ClassMetrics]) -> [ClassCurves] {
    let drawable = classes.indices.filter { curves[$0].areaUnderROC != nil }
    let frequent = drawable.sorted { (classes[$1].support, $0) < (classes[$0].support, $1) }.prefix(10)
    return frequent.sorted().map { index in
      ClassCurves(
        name: classes[index].name, roc: CurvePoint.thinned(curves[index].roc, limit: 200),
        precisionRecall: CurvePoint.thinned(curves[index].precisionRecall, limit: 200))
    }
  }
}
