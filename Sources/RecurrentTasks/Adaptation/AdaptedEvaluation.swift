import RecurrentReports

/// An evaluation of the model as it is, and of the same model as it goes on learning.
public struct AdaptedEvaluation: Sendable {
  /// As it is.
  public var plain: TaskEvaluation
  /// As it goes on learning: metrics by the names of those of the model as it is.
  public var adapted: [TaskEvaluation.Metric]
  /// What was done.
  public var rule: Adaptation.Rule

  /// Both.
  public init(plain: TaskEvaluation, adapted: [TaskEvaluation.Metric], rule: Adaptation.Rule) {
    (self.plain, self.adapted, self.rule) = (plain, adapted, rule)
  }

  /// The two side by side: the metrics of the model as it goes on learning are called `adapted` and their names.
  public var evaluation: TaskEvaluation {
    var own = plain
    own.metrics += adapted.map { .init("adapted " + $0.name, $0.value, low: $0.low, high: $0.high) }
    own.lines += ["adapted to what it reads (\(rule.text)):"] + lines
    own.details = Details(plain: plain.details, rule: rule)
    return own
  }

  /// A line for each metric that both have.
  private var lines: [String] {
    let rows = adapted.compactMap { metric -> (name: String, text: String)? in
      guard let before = plain.metrics.first(where: { $0.name == metric.name })?.value else { return nil }
      let share = (metric.value / before - 1) * 100
      let change = before == 0 ? "" : ", \(share < 0 ? "-" : "+")\(rounded(abs(share), 1)) %"
      return (metric.name, "\(rounded(metric.value, 4)) (as it is \(rounded(before, 4))\(change))")
    }
    let width = rows.map(\.name.count).max() ?? 0
    return rows.map { $0.name + String(repeating: " ", count: width - $0.name.count + 2) + $0.text }
  }

  private struct Details: Encodable, Sendable {
    let plain: any Encodable & Sendable
    let rule: Adaptation.Rule

    private enum CodingKeys: CodingKey { case adaptation }

    func encode(to encoder: any Encoder) throws {
      try plain.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(rule, forKey: .adaptation)
    }
  }
}
