/// A text that is read by a language model that goes on learning from it, so that another one can be written in its manner.
///
///     var text = try AdaptedText(trained, AdaptationRequest(.both))
///     text.read(trained.task.vocabulary.encode(notes).ids)
///     text.finish()
///     let pieces = TextGenerator(text.session, sampler: Sampler(), length: 100, key: RandomKey(seed: 1))
///
/// What is written is not learnt from. The model that it began with stays as it is.
public struct AdaptedText: Sendable {
  /// Reads with what it learns.
  var reader: AdaptedReader<LanguageModel>
  /// Reads the same by the model as it is.
  var plain: LanguageModelSession

  /// The beginning of a text.
  init(_ model: LanguageModel, vocabulary: any Tokenizer, rule: Adaptation.Rule) {
    reader = AdaptedReader(model, rule)
    plain = LanguageModelSession(model: model, vocabulary: vocabulary)
  }

  /// The beginning of a text.
  ///
  /// - Throws: ``TaskError/settings(_:)`` where the request is impossible.
  public init(_ trained: TrainedTask<LanguageModelTask>, _ request: AdaptationRequest) throws(TaskError) {
    let task = trained.task
    self.init(
      trained.model, vocabulary: task.vocabulary,
      rule: try request.rule(task.adaptation ?? task.standardAdaptation))
  }

  /// Reads tokens, each learnt from.
  public mutating func read(_ ids: [Int32]) {
    plain.push(ids)
    _ = reader.read(ids)
  }

  /// Ends what is learnt from: the rest of a segment counts too, and a text without a beginning gets one.
  public mutating func finish() {
    if let opening = plain.opening { read([opening]) }
    reader.finishSegment()
  }

  /// Reads tokens that the model has written itself: nothing is learnt from them. What stands before is to be finished.
  public mutating func follow(_ ids: [Int32]) {
    plain.push(ids)
    reader.follow(ids)
  }

  /// The text so far as a session that goes on with what was learnt.
  public var session: LanguageModelSession {
    let stepper = LanguageModelStepper(packed: reader.model.packed(), rowCount: 1, cache: reader.cache)
    var session = LanguageModelSession(stepper, LanguageModelHead(plain.vocabulary))
    session.pass(reader.recent, cells: reader.state ?? session.cells)
    return session
  }

  /// Everything that was read and learnt, and what the model as it is keeps of the text.
  public var state: SessionState { plain.state + reader.kept }

  /// Goes on from what was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is of another model, or was adapted otherwise.
  public mutating func restore(_ state: SessionState) throws {
    var other = self
    try other.plain.restore(state)
    try other.reader.restore(state)
    self = other
  }
}
