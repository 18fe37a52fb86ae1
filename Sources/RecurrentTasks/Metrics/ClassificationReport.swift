import RecurrentReports

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

  /// What happens to the predictions of one class as the threshold of its probability falls.
  public struct ClassCurves: Sendable, Equatable, Codable {
    /// The class.
    public var name: String
    /// The share of the positive items that are found over that of the negative ones.
    public var roc: [CurvePoint]
    /// The precision over the recall; it holds from the point before on.
    public var precisionRecall: [CurvePoint]
  }

  /// Items.
  public var count: Int
  /// The share of right predictions.
  public var accuracy: ScoreInterval
  /// The mean F1 of the classes that occur.
  public var macroF1: ScoreInterval
  /// The class with the most items, the first of several; nil without items.
  public var majorityClass: String?
  /// The share of items of that class: the accuracy of giving it to every item.
  public var majorityShare: Double
  /// What makes the model doubtful, such as an accuracy below the share of the most frequent class.
  public var warnings: [String]
  /// The classes in order.
  public var classes: [ClassMetrics]
  /// Items by their class (rows) and the class they were given.
  public var confusion: [[Int]]
  /// What the scores were divided by.
  public var temperature: Double
  /// The expected calibration error in 15 ranges, before and after the temperature.
  public var calibrationErrorBefore, calibrationErrorAfter: Double
  /// The ranges before the temperature, those without items left out.
  public var reliabilityBefore: [ReliabilityBin]
  /// The ranges after the temperature, those without items left out.
  public var reliability: [ReliabilityBin]
  /// The share of items whose class is among the likeliest k, for k = 1 ... 5; of classes with the same score
  /// the first is the likelier.
  public var topK: [Double]
  /// The curves of the ten classes with the most items, in the order of the classes, at most 200 points each.
  public var curves: [ClassCurves]
  /// Items with a score that is not a number; such a score counts as the lowest.
  public var invalidCount: Int

  /// Evaluates predictions. Traps unless there is a label below the count of names and a score for each name for
  /// each item.
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
    ClassificationReport.check(logits, labels, names)
    invalidCount = logits.count { $0.contains(where: \.isNaN) }
    let logits = logits.map { scores in scores.map { $0.isNaN ? -.infinity : $0 } }
    let predictions = logits.map(\.argmax)
    count = labels.count
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: names.count), count: names.count)
    for (label, prediction) in zip(labels, predictions) { confusion[label][prediction] += 1 }
    self.confusion = confusion
    let probabilities = logits.map { scaling.probabilities($0) }
    let thresholds = names.indices.map { index in
      ThresholdCurve(scores: probabilities.map { $0[index] }, isPositive: labels.map { $0 == index })
    }
    classes = names.indices.map { ClassMetrics($0, names[$0], confusion, thresholds[$0]) }
    curves = ClassificationReport.curves(thresholds, classes)
    let draws = ClassificationReport.draws(labels, predictions, classCount: names.count, seed: seed)
    let right = zip(labels, predictions).count { $0 == $1 }
    accuracy = ScoreInterval(Double(right) / Double(max(count, 1)), draws: draws.map(\.accuracy))
    macroF1 = ScoreInterval(ClassificationReport.macroF1(confusion), draws: draws.map(\.macroF1))
    let supports = confusion.map { $0.reduce(0, +) }
    let majority = supports.firstIndex(of: supports.max() ?? 0) ?? 0
    majorityClass = count > 0 ? names[majority] : nil
    majorityShare = count > 0 ? Double(supports[majority]) / Double(count) : 0
    warnings = ClassificationReport.warnings(right, of: count, most: supports.max() ?? 0, majorityClass)
    temperature = scaling.temperature
    let isRight = zip(labels, predictions).map { $0 == $1 }
    reliabilityBefore = ReliabilityBin.bins(
      confidences: zip(logits, predictions).map { TemperatureScaling().probabilities($0)[$1] },
      isRight: isRight)
    reliability = ReliabilityBin.bins(
      confidences: zip(probabilities, predictions).map { $0[$1] }, isRight: isRight)
    calibrationErrorBefore = ReliabilityBin.calibrationError(of: reliabilityBefore)
    calibrationErrorAfter = ReliabilityBin.calibrationError(of: reliability)
    let ranks = zip(logits, labels).map { scores, label in
      scores.indices.count { scores[$0] > scores[label] || scores[$0] == scores[label] && $0 < label }
    }
    let total = Double(max(count, 1))
    topK = (1...max(1, min(5, names.count))).map { k in Double(ranks.count { $0 < k }) / total }
  }

  /// A model that does worse than always the same prediction has learnt nothing of use, whatever its other figures say.
  private static func warnings(_ right: Int, of count: Int, most: Int, _ majority: String?) -> [String] {
    guard right < most, let majority else { return [] }
    func share(_ items: Int) -> String { rounded(Double(items) / Double(count), 4) }
    return [
      "the accuracy of \(share(right)) is below the \(share(most)) of always predicting the most frequent class, "
        + "\"\(majority)\""
    ]
  }

  private static func check(_ logits: [[Float]], _ labels: [Int], _ names: [String]) {
    trapUnless(
      logits.count == labels.count,
      "ClassificationReport: expected \(logits.count) labels for as many items, received \(labels.count)")
    trapUnless(
      logits.allSatisfy { $0.count == names.count },
      "ClassificationReport: expected \(names.count) scores for each item")
    trapUnless(
      labels.allSatisfy { names.indices.contains($0) },
      "ClassificationReport: expected labels from 0 to \(names.count - 1)")
  }
}
