/// Text that a language model writes, piece by piece.
public struct TextGenerator: Sendable, Sequence, IteratorProtocol {
  private var steps: GeneratedSteps<LanguageModelSession>
  private var text: GeneratedText
  private let goesOn: Bool
  private var remaining: Int

  /// Why the text ended; nil while it goes on.
  public private(set) var end: End?
  /// The tokens that were written.
  public private(set) var tokens: [Int32] = []

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
  ///   - rest: what was left of a text that is gone on with.
  ///   - goesOn: whether the text is to be gone on with: at the end half a character or half a stop text is held back.
  public init(
    _ session: LanguageModelSession, sampler: Sampler, length: Int, stop: [String] = [], key: RandomKey,
    rest: GeneratedRest = GeneratedRest(), goesOn: Bool = false
  ) {
    self.goesOn = goesOn
    steps = generate(session, sampler, key: key, drawCount: rest.drawCount)
    remaining = length
    tokens.reserveCapacity(Swift.min(length, 1 << 16))
    text = GeneratedText(after: session, stop: stop, held: rest.heldText)
  }

  /// What is left of the text so far: random numbers that were used, and text that was written and not yet given out, because it
  /// may be the beginning of a stop text.
  ///
  /// - Parameter seed: of the random numbers.
  public func rest(seed: UInt64) -> GeneratedRest {
    GeneratedRest(seed: seed, drawCount: steps.drawCount, heldText: text.heldText)
  }

  /// What was read and written so far.
  public var session: LanguageModelSession { steps.session }

  /// The next piece of text; nil at the end.
  public mutating func next() -> String? {
    while end == nil {
      guard remaining > 0 else {
        end = .length
        return goesOn ? nil : text.finish()
      }
      guard let id = steps.next() else { return nil }
      remaining -= 1
      tokens.append(id)
      let ready = text.push(id)
      if text.hasStopped {
        end = .stop
        return ready
      }
      if let ready { return ready }
    }
    return nil
  }
}
