/// What an evaluation or a text is to do with the text that it reads.
public struct AdaptationRequest: Sendable, Equatable {
  /// What is done.
  public var method: AdaptationMethod
  /// Numbers that are given; nil for those that were chosen for the model, or the standard ones.
  public var rate, pull, flatness, weight: Double?
  /// Tokens of a segment, and of the cache.
  public var segment, window: Int?

  /// A request.
  public init(
    _ method: AdaptationMethod, rate: Double? = nil, pull: Double? = nil, segment: Int? = nil,
    window: Int? = nil, flatness: Double? = nil, weight: Double? = nil
  ) {
    (self.method, self.rate, self.pull, self.segment) = (method, rate, pull, segment)
    (self.window, self.flatness, self.weight) = (window, flatness, weight)
  }

  /// What is done by a model with its numbers.
  ///
  /// - Throws: ``TaskError/settings(_:)`` where numbers are given that the method has no use for, or impossible ones.
  func rule(_ adaptation: Adaptation) throws(TaskError) -> Adaptation.Rule {
    var rule = adaptation.rule(method)
    let unused =
      rule.dynamic == nil && (rate != nil || pull != nil || segment != nil)
      ? "a rate, a pull and a segment are for the methods dynamic and both"
      : rule.cache == nil && (window != nil || flatness != nil || weight != nil)
        ? "a window, a flatness and a weight are for the methods cache and both" : nil
    if let unused { throw .settings("the method of the adaptation is \(method.rawValue); \(unused)") }
    if let rate { rule.dynamic?.rate = rate }
    if let pull { rule.dynamic?.pull = pull }
    if let segment { rule.dynamic?.segment = segment }
    if let window { rule.cache?.window = window }
    if let flatness { rule.cache?.flatness = flatness }
    if let weight { rule.cache?.weight = weight }
    if let issue = rule.issue { throw .settings(issue) }
    return rule
  }
}

/// A task whose model predicts the next token of a sequence, and can go on learning from the sequences that it reads.
public protocol AdaptableTask: SequenceTask {
  /// The numbers of the adaptation that were chosen for the model; nil for the standard ones.
  var adaptation: Adaptation? { get set }

  /// The numbers where none were chosen.
  var standardAdaptation: Adaptation { get }

  /// Why this model cannot go on learning, as a sentence; nil where it can.
  var adaptationIssue: String? { get }

  /// Evaluates sequences one after the other, each token before anything is learnt from it.
  ///
  /// - Parameters:
  ///   - model: the model of the bundle.
  ///   - examples: with their targets.
  ///   - rule: what is done.
  ///   - states: of a task that reads one long text.
  ///   - progress: called with the completed fraction, 0 to 1.
  /// - Throws: what reading the examples or `progress` throws; ``TaskError`` where the weights run away.
  func adaptedEvaluation(
    _ model: Model, on examples: ExampleSource<Example>, rule: Adaptation.Rule, states: StateFiles,
    progress: (Double) throws -> Void
  ) throws -> AdaptedEvaluation

  /// Chooses the numbers by sequences that are scored for nothing else.
  ///
  /// - Throws: what reading the examples or `progress` throws.
  func tunedAdaptation(
    _ model: Model, on examples: ExampleSource<Example>, progress: (Double) throws -> Void
  ) throws -> TunedAdaptation
}

extension AdaptableTask {
  /// Any model of the task can.
  public var adaptationIssue: String? { nil }
}

extension [Double] {
  /// Whether the cross-entropies of tokens are beyond everything that a model gives which learns at a bearable rate.
  var haveRunAway: Bool { !(reduce(0, +) <= 100 * Double(count)) }
}

extension TaskError {
  /// That the weights were changed too much.
  static func ranAway(behind count: Int) -> TaskError {
    .unsupported(
      "the adapted weights ran away within the first \(count) tokens; give a smaller rate, or choose one by --tune-adaptation"
    )
  }
}
