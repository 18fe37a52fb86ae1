/// Reads the steps of many sessions of one model together, each its own number of steps. A session has the bits that it has
/// alone, whoever else is read.
///
/// Nothing of a session stays in a batch: its state is copied into a row before its first step and back behind its last one.
public protocol SlotBatch<Session>: Sendable {
  /// What is read.
  associatedtype Session: TaskSession

  /// The most sessions that are read in one step of the network.
  var count: Int { get }

  /// Reads steps of some sessions.
  ///
  /// - Parameters:
  ///   - work: places in `sessions`, each at most once, with the steps of each in their order.
  ///   - sessions: the sessions.
  ///   - after: called behind each step, with the place in `work` and the session as it is then.
  mutating func read(
    _ work: [SlotSteps<Session>], in sessions: inout [Session], after: (Int, Session) -> Void)
}

/// Steps for one of many sessions.
public struct SlotSteps<Session: TaskSession>: Sendable {
  /// The place of the session.
  public var slot: Int
  /// What it reads.
  public var steps: [Session.Step]

  /// Steps of a session.
  public init(slot: Int, steps: [Session.Step]) { (self.slot, self.steps) = (slot, steps) }
}

/// Slots of sessions that are a stepper and a head.
///
/// Sessions are taken by falling number of steps, so that those that still have one are the first rows: a ragged batch costs what
/// its steps cost.
struct SteppedSlots<Head: SessionHead>: SlotBatch {
  private typealias Reading =
    @Sendable (
      inout SteppedSlots, [SlotSteps<SteppedSession<Head>>], inout [SteppedSession<Head>],
      (Int, SteppedSession<Head>) -> Void
    ) -> Void

  private var stepper: Head.Stepper
  /// Made where the types are known: the witness of a protocol is compiled for all types alike, with a copy of the session and
  /// its references for each step.
  private let reading: Reading

  init(_ stepper: Head.Stepper) {
    self.stepper = stepper
    reading = { $0.readTogether($1, in: &$2, after: $3) }
  }

  var count: Int { stepper.rowCount }

  mutating func read(
    _ work: [SlotSteps<SteppedSession<Head>>], in sessions: inout [SteppedSession<Head>],
    after: (Int, SteppedSession<Head>) -> Void
  ) {
    reading(&self, work, &sessions, after)
  }

  private mutating func readTogether(
    _ work: [SlotSteps<SteppedSession<Head>>], in sessions: inout [SteppedSession<Head>],
    after: (Int, SteppedSession<Head>) -> Void
  ) {
    let order = work.indices.filter { !work[$0].steps.isEmpty }.sorted {
      (work[$1].steps.count, $0) < (work[$0].steps.count, $1)
    }
    sessions.withUnsafeMutableBufferPointer { sessions in
      guard let sessions = sessions.baseAddress else { return }
      for start in stride(from: 0, to: order.count, by: count) {
        read(order[start..<min(start + count, order.count)], of: work, in: sessions, after: after)
      }
    }
  }

  /// Reads the steps of as many sessions as there are rows, the longest first.
  private mutating func read(
    _ order: ArraySlice<Int>, of work: [SlotSteps<SteppedSession<Head>>],
    in sessions: UnsafeMutablePointer<SteppedSession<Head>>, after: (Int, SteppedSession<Head>) -> Void
  ) {
    for (row, place) in order.enumerated() {
      stepper.setRow(row, from: sessions[work[place].slot].stepper, row: 0)
    }
    var (rest, step) = (order, 0)
    while let longest = rest.first, step < work[longest].steps.count {
      while let last = rest.last, work[last].steps.count <= step { rest.removeLast() }
      stepper.setRowCount(rest.count)
      for (row, place) in rest.enumerated() { stepper.load(work[place].steps[step], row: row) }
      stepper.advance()
      for (row, place) in rest.enumerated() {
        let session = sessions + work[place].slot
        session.pointee.head.read(work[place].steps[step], stepper, row: row)
        if step == work[place].steps.count - 1 { session.pointee.stepper.setRow(0, from: stepper, row: row) }
        after(place, session.pointee)
      }
      step += 1
    }
  }
}
