/// A text being read or written by a language model: the state as a value.
///
/// Copy a session to try several continuations of the same beginning. A token is read and the next one chosen without
/// allocation, on weights that were packed once; an adaptive softmax is computed by tensors, which allocate.
public typealias LanguageModelSession = SteppedSession<LanguageModelHead>

extension SteppedSession where Head == LanguageModelHead {
  /// The beginning of a text.
  public init(model: LanguageModel, vocabulary: any Tokenizer) {
    self.init(LanguageModelStepper(packed: model.packed(), rowCount: 1), LanguageModelHead(vocabulary))
  }

  /// The model, its weights packed.
  public var model: LanguageModel { stepper.model }
  /// Its vocabulary.
  public var vocabulary: any Tokenizer { head.vocabulary }
  /// The last tokens of the text.
  public var recent: [Int32] { head.recent }
  /// The states of all layers.
  public var cells: LanguageModel.State { stepper.cells }
  /// The scores of what may come next, `[V]`, with an adaptive softmax log-probabilities; nil before the first token.
  public var logits: [Float]? { head.logits }

  /// Reads tokens, all but the last as a sequence, whose scores nobody asks for.
  public mutating func push(_ ids: [Int32]) {
    var rest = ids.dropLast()
    var cells = stepper.cells
    while !rest.isEmpty {
      let part = Indices(Array(rest.prefix(256)), shape: [min(rest.count, 256), 1])
      rest = rest.dropFirst(part.count)
      cells = model.recurrent(SequenceBatch(model.embedding(part)), state: cells).state
    }
    pass(ids, cells: cells)
  }

  /// Takes over tokens all but the last of which were read elsewhere, from the states before the last one.
  mutating func pass(_ ids: some BidirectionalCollection<Int32>, cells: LanguageModel.State) {
    guard let last = ids.last else { return }
    stepper.cells = cells
    for id in ids.dropLast() { head.remember(id) }
    read(last)
  }
}

extension SteppedSession: GenerativeSession where Head == LanguageModelHead {
  /// What stands before a text that has no beginning: a line end where there is one.
  public var opening: Int32? {
    guard head.logits == nil else { return nil }
    let lineEnd = vocabulary.encode("\n").ids
    return lineEnd.count == 1 && lineEnd[0] != vocabulary.unknownID
      ? lineEnd[0] : Int32(vocabulary.count > 1 ? 1 : 0)
  }

  /// Memory for the scores of all tokens.
  public func makeWorkspace() -> SamplerWorkspace { SamplerWorkspace() }

  /// Chooses the next token.
  public func sample(
    _ sampler: Sampler, uniform: Double, workspace: inout SamplerWorkspace
  ) -> Int32 {
    head.choose(sampler, uniform: uniform, workspace: &workspace)
  }
}
