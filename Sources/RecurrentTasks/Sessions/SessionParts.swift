/// A session with the reader of its lines.
struct SessionParts<Session: TaskSession, Reader: TaskStepReader>: Sendable
where Reader.Step == Session.Step {
  var session: Session
  var reader: Reader

  /// Everything that is kept of the lines so far.
  var state: SessionState {
    var state = session.state
    state.integers.append((name: "reader", values: reader.stored))
    return state
  }

  /// The beginning of a sequence that goes on from a state that was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is that of another model, or damaged.
  func restored(_ state: SessionState) throws -> SessionParts {
    var other = self
    try other.session.restore(state)
    // the texts of a language model keep nothing but their tokens
    let stored = state.integers.first { $0.name == "reader" }?.values ?? []
    try state.check(other.reader.restore(stored), "what its lines have left is impossible")
    return other
  }

  /// Ends the sequence.
  ///
  /// - Parameter rows: the rows of a moment.
  /// - Returns: the rows that waited for further steps.
  mutating func finish(_ rows: (Session, SessionMoment) -> [[Field]]) -> [[Field]] {
    let waiting = reader.finish()
    var found = waiting.isEmpty ? [] : read(waiting, rows)
    session.end()
    found += rows(session, .end)
    return found
  }

  /// Reads the steps of a line.
  mutating func read(_ steps: [Session.Step], _ rows: (Session, SessionMoment) -> [[Field]]) -> [[Field]] {
    var found: [[Field]] = []
    for step in steps {
      session.read(step)
      found += rows(session, .step)
    }
    return found + rows(session, .line)
  }
}
