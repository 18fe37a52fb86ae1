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
