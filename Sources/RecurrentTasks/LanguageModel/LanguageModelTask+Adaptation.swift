extension LanguageModelTask: AdaptableTask {
  /// The numbers where none were chosen.
  public var standardAdaptation: Adaptation {
    switch configuration.unit {
    case .word, .bpe, .kmer:
      Adaptation(
        dynamic: Adaptation.Dynamic(rate: 1, pull: 0.002, segment: 20),
        cache: NeuralCache.Settings(window: 2000, flatness: 0.2, weight: 0.2),
        cacheBesideDynamic: NeuralCache.Settings(window: 2000, flatness: 0.2, weight: 0.1))
    case .character, .byte, .base:
      Adaptation(
        dynamic: Adaptation.Dynamic(rate: 0.5, pull: 0.002, segment: 50),
        cache: NeuralCache.Settings(window: 2000, flatness: 0.4, weight: 0.02),
        cacheBesideDynamic: NeuralCache.Settings(window: 2000, flatness: 0.4, weight: 0.02))
    }
  }

  /// Reads a text in one carried state by the model as it is, and by the same model as it goes on learning.
  public func adaptedEvaluation(
    _ model: LanguageModel, on examples: ExampleSource<EncodedText>, rule: Adaptation.Rule,
    states: StateFiles,
    progress: (Double) throws -> Void
  ) throws -> AdaptedEvaluation {
    let text = try readable(examples, states)
    var adapted = AdaptedText(model, vocabulary: vocabulary, rule: rule)
    if let load = states.load { try adapted.restore(SessionState(path: load, model: states.model)) }
    var session: LanguageModelSession? = states.areNone ? nil : adapted.plain
    let plain = try LanguageModelEvaluation(
      model, vocabulary: vocabulary, text: text, session: &session, progress: { try progress(0.3 * $0) })
    let (ids, pieceLength) = (text.ids, 2048)
    var total = 0.0
    for start in stride(from: 0, to: ids.count, by: pieceLength) {
      let end = Swift.min(ids.count, start + pieceLength)
      let nats = adapted.reader.read(Array(ids[start..<end]))
      guard !nats.haveRunAway else { throw TaskError.ranAway(behind: end) }
      for own in nats { total += own }
      try progress(0.3 + 0.7 * Double(end) / Double(ids.count))
    }
    if let save = states.save, let session {
      adapted.plain = session
      try adapted.state.write(to: save, model: states.model)
    }
    return AdaptedEvaluation(
      plain: plain.taskEvaluation, adapted: plain.replacing(total: total).taskEvaluation.metrics, rule: rule)
  }

  /// Chooses the numbers by a text.
  public func tunedAdaptation(
    _ model: LanguageModel, on examples: ExampleSource<EncodedText>, progress: (Double) throws -> Void
  ) throws -> TunedAdaptation {
    let ids = try examples[0].ids
    var tuner = AdaptationTuner(model, [Array(ids[0..<min(ids.count, AdaptationTuner<LanguageModel>.limit)])])
    return try tuner.tuned(from: standardAdaptation, progress: progress)
  }
}

extension LanguageModelEvaluation {
  /// The evaluation of the same tokens with another sum of their cross-entropies in nats.
  func replacing(total: Double) -> LanguageModelEvaluation {
    var own = self
    own.nats = total / Double(Swift.max(tokenCount, 1))
    let bits = total / 0.693147180559945309
    (own.bitsPerCharacter, own.bitsPerByte) = (bits / Double(characterCount), bits / Double(byteCount))
    own.perplexity = perplexityOfNats(own.nats)
    return own
  }
}
