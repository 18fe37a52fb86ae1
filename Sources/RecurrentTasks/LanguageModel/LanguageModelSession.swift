/// A text being read or written by a language model: the state as a value.
///
/// Copy a session to try several continuations of the same beginning. A token is read and the next one chosen without
/// allocation, on weights that were prepared once; an adaptive softmax is computed by tensors, which allocate.
public struct LanguageModelSession: Sendable {
  /// The model, its weights prepared.
  public let model: LanguageModel
  /// Its vocabulary.
  public let vocabulary: TextVocabulary
  /// The last tokens of the text.
  public private(set) var recent: [Int32] = []

  private var stepper: RecurrentStepper<AnyCell>
  private var workspace = SamplerWorkspace()
  private var hasBegun = false
  /// The scores where the stepper does not compute them: of an adaptive softmax, or of a text that was gone on with.
  private var composedScores: [Float] = []

  /// The most tokens that are remembered; when there are more, half of them are forgotten.
  private static let memory = 2048

  /// The beginning of a text.
  public init(model: LanguageModel, vocabulary: TextVocabulary) {
    self.model = model.packed()
    self.vocabulary = vocabulary
    stepper = RecurrentStepper(self.model.recurrent, heads: self.model.heads)
  }

  /// A text of which a part was read elsewhere.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - vocabulary: its vocabulary.
  ///   - state: after that part.
  ///   - logits: the scores of what may come next, `[V]`; nil where nothing was read.
  ///   - recent: the last tokens.
  public init(
    model: LanguageModel, vocabulary: TextVocabulary, state: LanguageModel.State, logits: [Float]?,
    recent: [Int32]
  ) {
    self.init(model: model, vocabulary: vocabulary)
    stepper.state = state
    hasBegun = logits != nil
    composedScores = logits ?? []
    self.recent = recent
  }

  /// What the model remembers of the text so far.
  public var state: LanguageModel.State { stepper.state }

  /// The scores of what may come next, `[V]`, with an adaptive softmax log-probabilities; nil before the first token.
  public var logits: [Float]? {
    guard hasBegun else { return nil }
    return composedScores.isEmpty ? stepper.output : composedScores
  }

  /// Reads tokens.
  public mutating func push(_ ids: [Int32]) {
    guard let last = ids.last else { return }
    // all but the last as a sequence, whose scores nobody asks for
    var rest = ids.dropLast()
    while !rest.isEmpty {
      let part = Indices(Array(rest.prefix(256)), shape: [min(rest.count, 256), 1])
      rest = rest.dropFirst(part.count)
      stepper.state = model.recurrent(SequenceBatch(model.embedding(part)), state: stepper.state).state
    }
    for id in ids.dropLast() { remember(id) }
    read(last)
  }

  /// Takes over tokens all but the last of which were read elsewhere, from the state before the last one.
  mutating func pass(_ ids: some BidirectionalCollection<Int32>, state: LanguageModel.State) {
    guard let last = ids.last else { return }
    stepper.state = state
    for id in ids.dropLast() { remember(id) }
    read(last)
  }

  /// Chooses the next token, reads it and returns it.
  ///
  /// - Parameters:
  ///   - sampler: how to choose.
  ///   - uniform: a random number in [0, 1).
  public mutating func next(_ sampler: Sampler, uniform: Double) -> Int32 {
    if !hasBegun { read(LanguageModelSession.opening(vocabulary)) }
    let unknown = vocabulary.unknownID
    let id =
      composedScores.isEmpty
      ? stepper.withOutput {
        sampler.choose($0, recent: recent, excluded: unknown, uniform: uniform, workspace: &workspace)
      }
      : composedScores.withUnsafeBufferPointer {
        sampler.choose($0, recent: recent, excluded: unknown, uniform: uniform, workspace: &workspace)
      }
    read(id)
    return id
  }

  /// Reads one token.
  private mutating func read(_ id: Int32) {
    withUnsafePointer(to: id) {
      stepper.step(UnsafeBufferPointer(start: $0, count: 1), in: model.embedding)
    }
    if model.adaptiveSoftmax != nil {
      let backend = model.embedding.weight.backend
      composedScores =
        model.scores(backend.tensor(stepper.output, shape: [1, stepper.outputSize])).scalars
    } else if !composedScores.isEmpty {
      composedScores = []
    }
    hasBegun = true
    remember(id)
  }

  private mutating func remember(_ id: Int32) {
    let most = LanguageModelSession.memory
    if recent.capacity <= most { recent.reserveCapacity(most + 1) }
    recent.append(id)
    if recent.count > most { recent.removeFirst(recent.count - most / 2) }
  }

  /// What stands before a text that has no beginning: a line end where there is one.
  static func opening(_ vocabulary: TextVocabulary) -> Int32 {
    let lineEnd = vocabulary.encode("\n").ids
    return lineEnd.count == 1 && lineEnd[0] != vocabulary.unknownID
      ? lineEnd[0] : Int32(vocabulary.count > 1 ? 1 : 0)
  }
}
