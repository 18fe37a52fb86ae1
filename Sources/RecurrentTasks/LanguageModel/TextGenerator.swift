/// Text that a language model writes, piece by piece.
public struct TextGenerator: Sendable, Sequence, IteratorProtocol {
  private var steps: GeneratedSteps<LanguageModelSession>
  private var decoder: any TokenDecoder
  private let stop: [[Unicode.Scalar]]
  private let longestStop: Int
  private let goesOn: Bool
  private var remaining: Int
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
  ///   - rest: what was left of a text that is gone on with.
  ///   - goesOn: whether the text is to be gone on with: at the end half a character or half a stop text is held back.
  public init(
    _ session: LanguageModelSession, sampler: Sampler, length: Int, stop: [String] = [], key: RandomKey,
    rest: GeneratedRest = GeneratedRest(), goesOn: Bool = false
  ) {
    held = Array(rest.heldText.unicodeScalars)
    self.goesOn = goesOn
    self.stop = stop.filter { !$0.isEmpty }.map { Array($0.unicodeScalars) }
    longestStop = self.stop.map(\.count).max() ?? 0
    steps = generate(session, sampler, key: key, drawCount: rest.drawCount)
    remaining = length
    decoder = session.vocabulary.makeDecoder()
    // what was read decides whether the first word is set off by a space
    for id in session.recent { _ = decoder.push(id) }
  }

  /// What is left of the text so far: random numbers that were used, and text that was written and not yet given out, because it
  /// may be the beginning of a stop text.
  ///
  /// - Parameter seed: of the random numbers.
  public func rest(seed: UInt64) -> GeneratedRest {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: held)
    return GeneratedRest(seed: seed, drawCount: steps.drawCount, heldText: String(text))
  }

  /// What was read and written so far.
  public var session: LanguageModelSession { steps.session }

  /// The next piece of text; nil at the end.
  public mutating func next() -> String? {
    while end == nil {
      guard remaining > 0 else {
        end = .length
        if goesOn { return nil }
        held += decoder.finish().unicodeScalars
        return takeHeld(held.count)
      }
      guard let id = steps.next() else { return nil }
      remaining -= 1
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

/// What goes with the session of a text that is gone on with.
public struct GeneratedRest: Sendable, Equatable {
  /// The seed of the random numbers; nil where none was used.
  public var seed: UInt64?
  /// Random numbers that were used.
  public var drawCount: Int
  /// Text that was written and not yet given out.
  public var heldText: String

  /// What is left.
  public init(seed: UInt64? = nil, drawCount: Int = 0, heldText: String = "") {
    (self.seed, self.drawCount, self.heldText) = (seed, drawCount, heldText)
  }

  /// What stands in a state beside the session.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)``.
  public init(_ state: SessionState) throws {
    let draw = state.integers.first { $0.name == "draw" }?.values ?? []
    try state.check(
      draw.isEmpty || draw.count == 2 && (0...1 << 48).contains(draw[1]),
      "its random numbers are impossible")
    self.init(
      seed: draw.first.map { UInt64(bitPattern: $0) }, drawCount: draw.isEmpty ? 0 : Int(draw[1]),
      heldText: state.texts["held"] ?? "")
  }

  /// The state of a session with what goes with it.
  public func added(to state: SessionState) -> SessionState {
    var state = state
    if let seed {
      state.integers.append((name: "draw", values: [Int64(bitPattern: seed), Int64(drawCount)]))
    }
    if !heldText.isEmpty { state.texts["held"] = heldText }
    return state
  }
}
