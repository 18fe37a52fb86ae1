/// How well a classifier does on items whose classes are known.
public struct ClassificationReport: Sendable, Equatable, Codable {
  /// One class against all others.
  public struct ClassMetrics: Sendable, Equatable, Codable {
    /// The class.
    public var name: String
    /// Of the items that were given the class, the share that is of it; nil where there are none.
    public var precision: Double?
    /// Of the items of the class, the share that was given it; nil where there are none.
    public var recall: Double?
    /// Their harmonic mean; 0 where one is 0 or nil.
    public var f1: Double
    /// Items of the class.
    public var support: Int
    /// The area under the curve of true over false positives; nil where there are no items on one side.
    public var areaUnderROC: Double?
    /// The mean precision over the recalls.
    public var averagePrecision: Double?
  }

  /// A share with its interval of 95 %.
  public struct Interval: Sendable, Equatable, Codable {
    /// Of all items.
    public var value: Double
    /// The bounds, by 1,000 draws of as many items with replacement.
    public var low, high: Double
  }

  /// A range of confidences.
  public struct ReliabilityBin: Sendable, Equatable, Codable {
    /// The mean confidence in it.
    public var confidence: Double
    /// The share of right answers in it.
    public var accuracy: Double
    /// Items in it.
    public var count: Int
  }

  /// Items.
  public var count: Int
  /// The share of right answers.
  public var accuracy: Interval
  /// The mean F1 of the classes that occur.
  public var macroF1: Interval
  /// The classes in order.
  public var classes: [ClassMetrics]
  /// Items by their class (rows) and the class they were given.
  public var confusion: [[Int]]
  /// The expected calibration error in 15 ranges, before and after the temperature.
  public var calibrationErrorBefore, calibrationErrorAfter: Double
  /// The ranges after the temperature, those without items left out.
  public var reliability: [ReliabilityBin]
  /// The share of items whose class is among the likeliest k, for k = 1 ... 5.
  public var topK: [Double]

  /// Judges answers.
  ///
  /// - Parameters:
  ///   - logits: for each item a score for each class.
  ///   - labels: for each item its class.
  ///   - names: of the classes.
  ///   - scaling: the temperature of the model.
  ///   - seed: of the draws for the intervals.
  public init(
    logits: [[Float]], labels: [Int], names: [String], scaling: TemperatureScaling, seed: UInt64 = 1
  ) {
    let answers = logits.map { scores in scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 } }
    count = labels.count
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: names.count), count: names.count)
    for (label, answer) in zip(labels, answers) { confusion[label][answer] += 1 }
    self.confusion = confusion
    let probabilities = logits.map { scaling.probabilities($0) }
    classes = names.indices.map { index in
      ClassificationReport.metrics(index, names[index], confusion, probabilities.map { $0[index] }, labels)
    }
    let draws = ClassificationReport.draws(labels, answers, classCount: names.count, seed: seed)
    let right = zip(labels, answers).count { $0 == $1 }
    accuracy = ClassificationReport.interval(Double(right) / Double(max(count, 1)), draws.map(\.accuracy))
    macroF1 = ClassificationReport.interval(ClassificationReport.macroF1(confusion), draws.map(\.macroF1))
    let before = ClassificationReport.bins(
      logits.map { TemperatureScaling().probabilities($0) }, answers, labels)
    let after = ClassificationReport.bins(probabilities, answers, labels)
    calibrationErrorBefore = ClassificationReport.error(before, count)
    calibrationErrorAfter = ClassificationReport.error(after, count)
    reliability = after
    let ranks = zip(logits, labels).map { scores, label in scores.count { $0 > scores[label] } }
    let total = Double(max(count, 1))
    topK = (1...max(1, min(5, names.count))).map { k in Double(ranks.count { $0 < k }) / total }
  }

  // MARK: Classes

  private static func metrics(
    _ index: Int, _ name: String, _ confusion: [[Int]], _ scores: [Double], _ labels: [Int]
  ) -> ClassMetrics {
    let hits = confusion[index][index]
    let support = confusion[index].reduce(0, +)
    let given = confusion.reduce(0) { $0 + $1[index] }
    let isOwn = labels.map { $0 == index }
    let curve = ThresholdCurve(scores: scores, isPositive: isOwn)
    return ClassMetrics(
      name: name, precision: given > 0 ? Double(hits) / Double(given) : nil,
      recall: support > 0 ? Double(hits) / Double(support) : nil,
      f1: given + support > 0 ? 2 * Double(hits) / Double(given + support) : 0, support: support,
      areaUnderROC: curve.areaUnderROC, averagePrecision: curve.averagePrecision)
  }

  private static func macroF1(_ confusion: [[Int]]) -> Double {
    let values = confusion.indices.compactMap { index -> Double? in
      let support = confusion[index].reduce(0, +)
      guard support > 0 else { return nil }
      let given = confusion.reduce(0) { $0 + $1[index] }
      return 2 * Double(confusion[index][index]) / Double(given + support)
    }
    return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  // MARK: Intervals

  private static func draws(
    _ labels: [Int], _ answers: [Int], classCount: Int, seed: UInt64
  ) -> [(accuracy: Double, macroF1: Double)] {
    guard !labels.isEmpty else { return [] }
    let key = RandomKey(seed: seed)
    return (0..<1000).map { draw in
      var confusion = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: classCount)
      for number in key.child(draw).uniforms(labels.count) {
        let item = min(Int(Double(number) * Double(labels.count)), labels.count - 1)
        confusion[labels[item]][answers[item]] += 1
      }
      let right = confusion.indices.reduce(0) { $0 + confusion[$1][$1] }
      return (Double(right) / Double(labels.count), macroF1(confusion))
    }
  }

  private static func interval(_ value: Double, _ draws: [Double]) -> Interval {
    guard !draws.isEmpty else { return Interval(value: value, low: value, high: value) }
    let sorted = draws.sorted()
    return Interval(
      value: value, low: sorted[sorted.count * 25 / 1000], high: sorted[sorted.count * 975 / 1000])
  }

  // MARK: Calibration

  private static let binCount = 15

  private static func bins(_ probabilities: [[Double]], _ answers: [Int], _ labels: [Int]) -> [ReliabilityBin]
  {
    var sums = [(confidence: Double, right: Int, count: Int)](repeating: (0, 0, 0), count: binCount)
    for item in labels.indices {
      let confidence = probabilities[item][answers[item]]
      let bin = min(Int(confidence * Double(binCount)), binCount - 1)
      sums[bin].confidence += confidence
      sums[bin].right += answers[item] == labels[item] ? 1 : 0
      sums[bin].count += 1
    }
    return sums.filter { $0.count > 0 }.map { sum in
      ReliabilityBin(
        confidence: sum.confidence / Double(sum.count), accuracy: Double(sum.right) / Double(sum.count),
        count: sum.count)
    }
  }

  private static func error(_ bins: [ReliabilityBin], _ count: Int) -> Double {
    bins.reduce(0) { $0 + abs($1.confidence - $1.accuracy) * Double($1.count) } / Double(max(count, 1))
  }
}

/// What happens to the answers of one class as the threshold of its probability falls.
public struct ThresholdCurve: Sendable, Equatable {
  /// For each threshold at which something changes the shares of false and of true positives.
  public private(set) var roc: [(falsePositives: Double, truePositives: Double)] = [(0, 0)]
  /// The area under the curve; nil without items on one side.
  public private(set) var areaUnderROC: Double?
  /// The mean precision over the recalls; nil without positive items.
  public private(set) var averagePrecision: Double?

  /// From scores of items and whether they are positive.
  public init(scores: [Double], isPositive: [Bool]) {
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
      precision += Double(truths - truthsBefore) * Double(truths) / Double(truths + falsehoods)
      roc.append(
        (Double(falsehoods) / Double(max(negatives, 1)), Double(truths) / Double(max(positives, 1))))
      start = end
    }
    areaUnderROC = positives > 0 && negatives > 0 ? area / Double(positives * negatives) : nil
    averagePrecision = positives > 0 ? precision / Double(positives) : nil
  }

  /// The same numbers.
  public static func == (a: ThresholdCurve, b: ThresholdCurve) -> Bool {
    a.areaUnderROC == b.areaUnderROC && a.averagePrecision == b.averagePrecision
      && zip(a.roc, b.roc).allSatisfy { $0 == $1 } && a.roc.count == b.roc.count
  }
}
