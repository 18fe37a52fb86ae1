/// A text being read or written by a language model: the state as a value.
///
/// Copy a session to try several continuations of the same beginning.
public struct LanguageModelSession: Sendable {
  /// The model, its weights prepared.
  public let model: LanguageModel
  /// Its vocabulary.
  public let vocabulary: TextVocabulary
  /// What the model remembers of the text so far.
  public private(set) var state: LanguageModel.State
  /// The scores of what may come next, `[V]`; nil before the first token.
  public private(set) var logits: [Float]?
  /// The last tokens of the text.
  public private(set) var recent: [Int32] = []

  /// The beginning of a text.
  public init(model: LanguageModel, vocabulary: TextVocabulary) {
    self.model = model.prepared()
    self.vocabulary = vocabulary
    state = self.model.initialState(batch: 1)
  }

  /// Reads tokens.
  public mutating func push(_ ids: [Int32]) {
    var rest = ids[...]
    while !rest.isEmpty {
      // in parts, since what is computed of a long text may be larger than the memory
      let part = Array(rest.prefix(256))
      rest = rest.dropFirst(part.count)
      let (hidden, next) = model.read(Indices(part, shape: [part.count, 1]), state: state)
      state = next
      if rest.isEmpty { logits = model.scores(hidden[part.count - 1]).scalars }
    }
    recent.append(contentsOf: ids)
    if recent.count > 2048 { recent.removeFirst(recent.count - 1024) }
  }

  /// Chooses the next token, reads it and returns it.
  ///
  /// - Parameters:
  ///   - sampler: how to choose.
  ///   - uniform: a random number in [0, 1).
  public mutating func next(_ sampler: Sampler, uniform: Double) -> Int32 {
    if logits == nil { push([LanguageModelSession.opening(vocabulary)]) }
    let id = sampler.choose(logits ?? [], recent: recent, excluded: vocabulary.unknownID, uniform: uniform)
    push([id])
    return id
  }

  /// What stands before a text that has no beginning: a line end where there is one.
  static func opening(_ vocabulary: TextVocabulary) -> Int32 {
    let lineEnd = vocabulary.encode("\n").ids
    return lineEnd.count == 1 && lineEnd[0] != vocabulary.unknownID
      ? lineEnd[0] : Int32(vocabulary.count > 1 ? 1 : 0)
  }
}

/// Text that a language model writes, piece by piece.
public struct TextGenerator: Sendable, Sequence, IteratorProtocol {
  private var session: LanguageModelSession
  private var decoder: StreamingTextDecoder
  private let sampler: Sampler
  private let stop: [[Unicode.Scalar]]
  private let key: RandomKey
  private var remaining: Int
  private var written = 0
  /// Text that may be the beginning of a stop text.
  private var held: [Unicode.Scalar] = []

  /// Why the text ended; nil while it goes on.
  public private(set) var end: End?

  /// Why a text ended.
  public enum End: String, Sendable, Codable {
    /// It is as long as was asked for.
    case length
    /// One of the stop texts came.
    case stop
  }

  /// Goes on from a session.
  ///
  /// - Parameters:
  ///   - session: what was read so far.
  ///   - sampler: how to choose.
  ///   - length: tokens to write.
  ///   - stop: the text ends before the first of these.
  ///   - key: of the random numbers.
  public init(
    _ session: LanguageModelSession, sampler: Sampler, length: Int, stop: [String] = [], key: RandomKey
  ) {
    self.session = session
    self.sampler = sampler
    self.stop = stop.filter { !$0.isEmpty }.map { Array($0.unicodeScalars) }
    self.key = key
    remaining = length
    decoder = StreamingTextDecoder(session.vocabulary)
    // what was read decides whether the first word is set off by a space
    for id in session.recent { _ = decoder.push(id) }
  }

  /// What was read and written so far.
  public var current: LanguageModelSession { session }

  /// The next piece of text; nil at the end.
  public mutating func next() -> String? {
    while end == nil {
      guard remaining > 0 else {
        end = .length
        held += decoder.finish().unicodeScalars
        return takeHeld(held.count)
      }
      let id = session.next(sampler, uniform: Double(key.uniform(at: written)))
      remaining -= 1
      written += 1
      held += decoder.push(id).unicodeScalars
      if let cut = firstStop() {
        end = .stop
        return takeHeld(cut)
      }
      if let ready = takeHeld(held.count - longestStopPrefix()) { return ready }
    }
    return nil
  }

  /// Takes the first scalars out of the held text; nil for none.
  private mutating func takeHeld(_ count: Int) -> String? {
    guard count > 0 else { return nil }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: held.prefix(count))
    held.removeFirst(count)
    return String(text)
  }

  /// Where the first stop text in the held text begins.
  private func firstStop() -> Int? {
    held.indices.first { start in stop.contains { held[start...].starts(with: $0) } }
  }

  /// The length of the longest end of the held text that a stop text begins with.
  private func longestStopPrefix() -> Int {
    guard let longest = stop.map(\.count).max() else { return 0 }
    return (0..<Swift.min(longest, held.count + 1)).last { count in
      stop.contains { $0.starts(with: held.suffix(count)) }
    } ?? 0
  }
}
