/// An evaluation of predictions.
public struct TaskEvaluation: Sendable {
  /// A metric.
  public struct Metric: Sendable, Equatable, Codable {
    /// The name.
    public var name: String
    /// The value.
    public var value: Double
    /// The bounds of its 95 % confidence interval.
    public var low, high: Double?

    /// A metric.
    public init(_ name: String, _ value: Double, low: Double? = nil, high: Double? = nil) {
      (self.name, self.value, self.low, self.high) = (name, value, low, high)
    }

    /// A metric with its interval.
    public init(_ name: String, _ score: ScoreInterval) {
      self.init(name, score.value, low: score.low, high: score.high)
    }

    /// The name as a key of JSON: `macro F1` is `macroF1`.
    public var key: String {
      let words = name.split { !$0.isLetter && !$0.isNumber }
      return words.enumerated().map { index, word in
        if index > 0 { return word.prefix(1).uppercased() + word.dropFirst() }
        return word.allSatisfy { $0.isUppercase || $0.isNumber }
          ? word.lowercased() : word.prefix(1).lowercased() + word.dropFirst()
      }.joined()
    }
  }

  /// The metrics, the most important first.
  public var metrics: [Metric]
  /// The evaluation as lines for a terminal.
  public var lines: [String]
  /// The evaluation as a page of HTML; empty for none.
  public var report: String
  /// Everything else about it, as an object of JSON.
  public var details: any Encodable & Sendable
  /// What makes the model doubtful, such as that it is worse than a constant prediction.
  public var warnings: [String]
  /// Seconds of the recordings, for how fast they are read; nil where there are none.
  public var inputSeconds: Double?
  /// Begins a session and gives what reads its next step, for programs that measure how long a step takes; nil where that is no question.
  public var stepping: (@Sendable () -> () -> Void)?

  /// An evaluation.
  public init(
    metrics: [Metric], lines: [String], report: String, details: any Encodable & Sendable,
    warnings: [String] = [], inputSeconds: Double? = nil
  ) {
    (self.metrics, self.lines, self.report) = (metrics, lines, report)
    (self.details, self.warnings, self.inputSeconds) = (details, warnings, inputSeconds)
  }
}

extension TaskEvaluation: Encodable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private struct Interval: Encodable {
    let value: Double
    let low, high: Double?
  }

  /// An object: the metrics by their keys, each a number or an object of `value`, `low` and `high`; beside them the details.
  public func encode(to encoder: any Encoder) throws {
    try details.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    for metric in metrics {
      if metric.low == nil, metric.high == nil {
        try container.encode(metric.value, forKey: Key(metric.key))
      } else {
        try container.encode(
          Interval(value: metric.value, low: metric.low, high: metric.high), forKey: Key(metric.key))
      }
    }
    if !warnings.isEmpty { try container.encode(warnings, forKey: Key("warnings")) }
  }
}
