import RecurrentTasks

extension ServingCore {
  /// Opens what the prompts of a completion are read by.
  ///
  /// - Parameter own: the session that is gone on with; nil for beginnings of texts.
  /// - Throws: ``ServingError`` where the model does not know a token; what was opened is in the job.
  func begin(
    _ job: CompletionJob, in table: inout SessionTable<LanguageModelSession, LanguageModelStepReader>,
    own: Int?
  ) throws {
    let request = job.request
    for (place, prompt) in request.prompts.enumerated() {
      let slot = own ?? table.open()
      let session = table[slot]
      job.prompts.append(
        .init(index: place * request.choices, slot: slot, endsInSpace: session.endsInSpace(prompt)))
      try session.check(request.sampler.bias)
      var ids = try session.ids(of: prompt)
      job.usage.prompt += ids.count
      if ids.isEmpty { job.prompts[place].opened = GeneratedText(after: session, stop: request.stop) }
      if ids.isEmpty, let opening = session.opening { ids.append(opening) }
      var count = 0
      // what a session reads follows what it has read before
      if own == nil, let kept = prefixes.longest(of: ids, model: request.model) {
        count = kept.count
        try table.restore(slot, kept.state)
        job.usage.kept += count
      }
      (job.prompts[place].ids, job.prompts[place].rest) = (ids, ids[count...])
    }
  }
}

extension SessionState {
  /// About the memory that it takes.
  fileprivate var byteCount: Int {
    tensors.reduce(0) { $0 + 4 * $1.value.count + 128 } + integers.reduce(0) { $0 + 8 * $1.values.count + 64 }
      + texts.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 64 }
  }
}

extension LanguageModelSession {
  /// Refuses biases of tokens that there are not.
  func check(_ bias: [Int32: Double]) throws(ServingError) {
    guard let stranger = bias.keys.filter({ $0 >= vocabulary.count }).min() else { return }
    throw ServingError(
      .malformed, "\"logit_bias\" has the token \(stranger), the model knows 0 to \(vocabulary.count - 1)",
      parameter: "logit_bias")
  }

  /// The tokens of a prompt.
  func ids(of prompt: CompletionPrompt) throws -> [Int32] {
    switch prompt {
    case .text(let text): return Array(vocabulary.encode(text).ids)
    case .tokens(let ids):
      guard let stranger = ids.first(where: { !(0..<Int32(vocabulary.count)).contains($0) }) else {
        return ids
      }
      throw ServingError(
        .malformed, "the prompt has the token \(stranger), the model knows 0 to \(vocabulary.count - 1)",
        parameter: "prompt")
    }
  }

  /// Between words the model's own space stands in for the one that a prompt ends with.
  func endsInSpace(_ prompt: CompletionPrompt) -> Bool {
    guard case .text(let text) = prompt else { return false }
    return (vocabulary as? TextVocabulary)?.unit == .word && text.last?.isWhitespace ?? false
  }
}

extension ServingCore {
  /// Whether states of a completion may be those of others: it begins a text, and its prompt stands at the beginning.
  func keeps(_ job: CompletionJob) -> Bool { limits.prefixBytes > 0 && job.request.session == nil }

  /// Keeps the state behind tokens of a completion.
  func keep(
    _ ids: ArraySlice<Int32>, of job: CompletionJob, _ slot: Int,
    in table: SessionTable<LanguageModelSession, LanguageModelStepReader>
  ) {
    guard keeps(job), ids.count >= PrefixStates<SessionState>.fewest else { return }
    // a session has room for a step as well, ten times what is kept of it
    let state = table.state(slot)
    prefixes.keep(state, bytes: state.byteCount, behind: Array(ids), model: job.request.model)
  }
}

extension CompletionJob {
  /// Whether everything is written.
  var isDone: Bool { prompts.isEmpty && choices.isEmpty }
}

extension TokenChance {
  /// A token that was chosen by scores.
  init(_ id: Int32, logits: [Float], count: Int, vocabulary: any Tokenizer) {
    let logs = logSoftmax(Tensor(logits, shape: [1, logits.count])).scalars
    func text(_ id: Int) -> String { vocabulary.decode([Int32(id)]) }
    let order = logs.indices.sorted { (logs[$1], $0) < (logs[$0], $1) }.prefix(count)
    self.init(
      token: text(Int(id)), logProbability: Double(logs[Int(id)]),
      likeliest: order.map { (text($0), Double(logs[$0])) })
  }
}
