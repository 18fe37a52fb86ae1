import Synchronization

/// A recurrent language model of characters or words as a scorer: sentences begin and end with a line end, where the model knows
/// one.
///
/// A state is one step of the network behind the state before; it is computed when it is first asked for, so that hypotheses that
/// are dropped at once cost nothing. States are equal where all tokens before them are.
public struct LanguageModelScorer: WordScorer, StorableScorer {
  /// What was read: equal for equal tokens.
  public struct State: Hashable, Sendable {
    fileprivate let context: LanguageModelContext

    /// Whether the same tokens were read.
    public static func == (a: State, b: State) -> Bool {
      a.context.first == b.context.first && a.context.second == b.context.second
    }

    /// The hash of the tokens.
    public func hash(into hasher: inout Hasher) { hasher.combine(context.first) }
  }

  /// The tokens of the model.
  public let vocabulary: TextVocabulary
  /// The state before the first token.
  public let start: State
  private let beginning: LanguageModelStepper
  private let lineEnd: Int32?

  /// A scorer of a model; its weights are packed here. Traps where the tokens are neither characters nor words.
  public init(_ model: LanguageModel, vocabulary: TextVocabulary) {
    trapUnless(
      vocabulary.unit == .character || vocabulary.unit == .word,
      "LanguageModelScorer: expected characters or words, received \(vocabulary.unit.rawValue)")
    self.vocabulary = vocabulary
    beginning = LanguageModelStepper(packed: model.packed(), rowCount: 1)
    lineEnd = LanguageModelScorer.token(of: "\n", vocabulary)
    // without a line end nothing is known of the first token
    let uniform = [Float](repeating: 0, count: vocabulary.count)
    let nothing = LanguageModelContext(
      first: 1, second: 2, .known(beginning, LanguageModelContext.logarithms(uniform)))
    start = State(context: lineEnd.map { nothing.followed(by: $0) } ?? nothing)
  }

  private static func token(of text: String, _ vocabulary: TextVocabulary) -> Int32? {
    if vocabulary.unit == .word, text != "\n" {
      let token = vocabulary.id(ofWord: text)
      return token == vocabulary.unknownID ? nil : token
    }
    let ids = vocabulary.encode(text).ids
    guard ids.count == 1, ids[0] != vocabulary.unknownID else { return nil }
    return ids[0]
  }

  /// The number of a token; nil for one that the model does not know.
  public func token(of word: String) -> Int32? { LanguageModelScorer.token(of: word, vocabulary) }

  /// The unknown token.
  public var unknown: Int32 { vocabulary.unknownID ?? 0 }

  /// The logarithm of the probability of a token after a state, and the state after it.
  public func score(_ token: Int32, after state: State) -> (score: Float, state: State) {
    (state.context.known.logs[Int(token)], State(context: state.context.followed(by: token)))
  }

  /// The logarithm of the probability of the line end; 0 where the model knows none.
  public func finish(_ state: State) -> Float {
    lineEnd.map { state.context.known.logs[Int($0)] } ?? 0
  }

  /// A state as integers: what tells it from others, the logarithms of what may come next, the numbers of the network.
  public func stored(_ state: State) -> [Int64] {
    let (stepper, logs) = state.context.known
    let numbers = stepper.state(row: 0).tensors.flatMap { $0.value.scalars }
    return [Int64(bitPattern: state.context.first), Int64(bitPattern: state.context.second)]
      + (logs + numbers).map { Int64($0.bitPattern) }
  }

  /// The state of integers that were kept; nil where they are none, or of another model.
  public func state(of stored: [Int64]) -> State? {
    var stepper = beginning
    var kept = stepper.state(row: 0)
    let count = kept.tensors.reduce(0) { $0 + $1.value.count }
    guard stored.count == 2 + vocabulary.count + count else { return nil }
    var numbers: [Float] = []
    for value in stored.dropFirst(2) {
      guard let bits = UInt32(exactly: value) else { return nil }
      numbers.append(Float(bitPattern: bits))
    }
    var place = vocabulary.count
    for index in kept.tensors.indices {
      let shape = kept.tensors[index].value.shape
      let size = kept.tensors[index].value.count
      kept.tensors[index].value = Tensor(Array(numbers[place..<place + size]), shape: shape)
      place += size
    }
    guard (try? stepper.restore(kept, row: 0)) != nil else { return nil }
    let logs = Array(numbers[..<vocabulary.count])
    guard logs.allSatisfy({ $0 <= 0 }) else { return nil }
    return State(
      context: LanguageModelContext(
        first: UInt64(bitPattern: stored[0]), second: UInt64(bitPattern: stored[1]), .known(stepper, logs)))
  }
}

/// What a language model has read, computed when it is first asked for.
private final class LanguageModelContext: Sendable {
  enum Content {
    case pending(LanguageModelContext, Int32)
    case known(LanguageModelStepper, [Float])
  }

  /// Two hashes of all tokens.
  let first, second: UInt64
  private let content: Mutex<Content>

  init(first: UInt64, second: UInt64, _ content: sending Content) {
    (self.first, self.second) = (first, second)
    self.content = Mutex(content)
  }

  /// What is read with one more token.
  func followed(by token: Int32) -> LanguageModelContext {
    let number = UInt64(UInt32(bitPattern: token)) &+ 1
    return LanguageModelContext(
      first: (first ^ number) &* 0x9E37_79B9_7F4A_7C15 ^ first >> 29,
      second: (second &+ number) &* 0xC2B2_AE3D_27D4_EB4F ^ second >> 31, .pending(self, token))
  }

  /// The network behind the tokens, and the logarithms of the probabilities of what may come next.
  var known: (stepper: LanguageModelStepper, logs: [Float]) {
    content.withLock { content in
      switch content {
      case .known(let stepper, let logs): return (stepper, logs)
      case .pending(let before, let token):
        var stepper = before.known.stepper
        stepper.load(token, row: 0)
        stepper.advance()
        let logs = stepper.withScores(row: 0) { LanguageModelContext.logarithms(Array($0)) }
        content = .known(stepper, logs)
        return (stepper, logs)
      }
    }
  }

  /// Logarithms of probabilities; of a network that gives what is no number, nothing is likelier than anything else.
  static func logarithms(_ scores: [Float]) -> [Float] {
    let logs = logSoftmax(Tensor(scores)).scalars
    guard logs.allSatisfy({ $0 <= 0 }) else { return [Float](repeating: 0, count: scores.count) }
    return logs
  }
}
