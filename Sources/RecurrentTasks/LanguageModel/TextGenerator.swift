/// Text that a language model writes, piece by piece.
public struct TextGenerator: Sendable, Sequence, IteratorProtocol {
  private var session: LanguageModelSession
  private var decoder: StreamingTextDecoder
  private let sampler: Sampler
  private let stop: [[Unicode.Scalar]]
  private let longestStop: Int
  private let key: RandomKey
  private let goesOn: Bool
  private var remaining: Int
  /// Random numbers that were used, one for each token.
  public private(set) var drawCount: Int
  /// Text that may be the beginning of a stop text.
  private var held: [Unicode.Scalar]

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
  ///   - drawCount: random numbers that were used before.
  ///   - held: text that was held back before, see ``heldText``.
  ///   - goesOn: whether the text is to be gone on with: at the end half a character or half a stop text is held back.
  public init(
    _ session: LanguageModelSession, sampler: Sampler, length: Int, stop: [String] = [], key: RandomKey,
    drawCount: Int = 0, held: String = "", goesOn: Bool = false
  ) {
    self.drawCount = drawCount
    self.held = Array(held.unicodeScalars)
    self.goesOn = goesOn
    self.session = session
    self.sampler = sampler
    self.stop = stop.filter { !$0.isEmpty }.map { Array($0.unicodeScalars) }
    longestStop = self.stop.map(\.count).max() ?? 0
    self.key = key
    remaining = length
    decoder = StreamingTextDecoder(session.vocabulary)
    // what was read decides whether the first word is set off by a space
    for id in session.recent { _ = decoder.push(id) }
  }

  /// Text that was written and not yet given out, because it may be the beginning of a stop text.
  public var heldText: String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: held)
    return String(text)
  }

  /// What was read and written so far.
  public var current: LanguageModelSession { session }

  /// The next piece of text; nil at the end.
  public mutating func next() -> String? {
    while end == nil {
      guard remaining > 0 else {
        end = .length
        if goesOn { return nil }
        held += decoder.finish().unicodeScalars
        return takeHeld(held.count)
      }
      let id = session.next(sampler, uniform: Double(key.uniform(at: drawCount)))
      remaining -= 1
      drawCount += 1
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
    for index in 0..<count { text.append(held[index]) }
    held.removeFirst(count)
    return String(text)
  }

  /// Where the first stop text in the held text begins.
  private func firstStop() -> Int? {
    held.indices.first { start in stop.contains { held[start...].starts(with: $0) } }
  }

  /// The length of the longest end of the held text that a stop text begins with.
  private func longestStopPrefix() -> Int {
    (0..<Swift.min(longestStop, held.count + 1)).last { count in
      stop.contains { $0.starts(with: held.suffix(count)) }
    } ?? 0
  }
}
