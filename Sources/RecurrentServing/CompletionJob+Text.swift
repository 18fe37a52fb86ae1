import RecurrentTasks

extension LanguageModelSession {
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
