/// A network that reads steps of B sequences side by side, each with a state of its own. A row has the bits that it has alone.
public protocol RowStepper: Sendable {
  /// One step of a row.
  associatedtype Step: Sendable

  /// B.
  var rowCount: Int { get }

  /// Puts a step of a row beside those of other rows; at most one each.
  mutating func load(_ step: Step, row: Int)

  /// Reads the steps that were loaded; rows without one stay where they are.
  mutating func advance()

  /// Reads a step behind the last one of a row, where something still waits for what follows.
  ///
  /// - Returns: false where nothing does, as usual.
  mutating func advanceBehindEnd(row: Int) -> Bool

  /// So many rows at the beginning of their sequences.
  func beginning(rowCount: Int) -> Self

  /// What is kept of a row.
  func state(row: Int) -> SessionState

  /// Goes on with a row from a state that was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)``.
  mutating func restore(_ state: SessionState, row: Int) throws

  // MARK: Rows that come and go

  /// So many rows that come and go from step to step; nil where the network has none.
  func slots(count: Int) -> Self?

  /// Lets the next steps be of the first `count` rows alone. A row behind them has no state after a step until
  /// ``setRow(_:from:row:)`` gives it one. Asked of ``slots(count:)`` alone.
  mutating func setRowCount(_ count: Int)

  /// Goes on with a row from the state of a row of another stepper of the same network.
  mutating func setRow(_ row: Int, from other: Self, row otherRow: Int)
}

extension RowStepper {
  /// Nothing waits.
  public mutating func advanceBehindEnd(row: Int) -> Bool { false }

  /// There are none.
  public func slots(count: Int) -> Self? { nil }

  /// Never called.
  public mutating func setRowCount(_ count: Int) {}

  /// By way of what would be kept of it.
  public mutating func setRow(_ row: Int, from other: Self, row otherRow: Int) {
    keepRow(row, from: other, row: otherRow)
  }

  /// Goes on with a row from what would be kept of one of another stepper. Traps where that is of another network.
  mutating func keepRow(_ row: Int, from other: Self, row otherRow: Int) {
    do { try restore(other.state(row: otherRow), row: row) } catch {
      fatalError("RowStepper.setRow: a row of another model: \(error)")
    }
  }
}

/// What is made of the steps of one row of a ``RowStepper``.
public protocol SessionHead: Sendable {
  /// What reads the steps.
  associatedtype Stepper: RowStepper
  /// What becomes known on the way.
  associatedtype Output: Sendable

  /// Takes what a stepper has computed of a step of a row.
  mutating func read(_ step: Stepper.Step, _ stepper: Stepper, row: Int)

  /// Takes what a stepper has computed behind the last step of a row, before the end.
  mutating func readBehindEnd(_ stepper: Stepper, row: Int)

  /// Ends the sequence.
  mutating func end()

  /// What the last step or the end has made known.
  var outputs: [Output] { get }

  /// What is kept.
  var state: SessionState { get }

  /// Goes on from what was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)``.
  mutating func restore(_ state: SessionState) throws
}

extension SessionHead {
  /// Nothing comes behind the last step.
  public mutating func readBehindEnd(_ stepper: Stepper, row: Int) {}

  /// Nothing waits.
  public mutating func end() {}
}

/// A session of one sequence: a stepper of one row, and what is made of its steps.
public struct SteppedSession<Head: SessionHead>: TaskSession {
  /// What reads the steps.
  var stepper: Head.Stepper
  /// What is made of them.
  public internal(set) var head: Head

  /// The beginning of a sequence.
  init(_ stepper: Head.Stepper, _ head: Head) { (self.stepper, self.head) = (stepper, head) }

  /// Reads a step.
  public mutating func read(_ step: Head.Stepper.Step) {
    stepper.load(step, row: 0)
    stepper.advance()
    head.read(step, stepper, row: 0)
  }

  /// Ends the sequence.
  public mutating func end() {
    while stepper.advanceBehindEnd(row: 0) { head.readBehindEnd(stepper, row: 0) }
    head.end()
  }

  /// What the last step or the end has made known.
  public var outputs: [Head.Output] { head.outputs }

  /// Slots where the network has rows that come and go.
  public func slots(count: Int) -> (any SlotBatch<Self>)? {
    stepper.slots(count: count).map { SteppedSlots($0) }
  }

  /// Everything that is kept.
  public var state: SessionState { head.state + stepper.state(row: 0) }

  /// Goes on from a state that was kept.
  public mutating func restore(_ state: SessionState) throws {
    try head.restore(state)
    try stepper.restore(state, row: 0)
  }
}

/// B sessions side by side: the steps of all rows that have one are read at once. Each row has the bits that its session has
/// alone.
///
///     var sessions = SessionBatch(beginning, rowCount: 64)
///     let outputs = sessions.push([(row: 3, step: a), (row: 17, step: b)])
///     sessions[3] = beginning                    // a sequence ends, another one takes its row
public struct SessionBatch<Head: SessionHead>: Sendable {
  private let beginning: SteppedSession<Head>
  private var stepper: Head.Stepper
  private var heads: [Head]

  /// So many sessions.
  ///
  /// - Parameters:
  ///   - beginning: the beginning of a sequence.
  ///   - rowCount: B, at least 1.
  public init(_ beginning: SteppedSession<Head>, rowCount: Int) {
    self.beginning = beginning
    stepper = beginning.stepper.beginning(rowCount: rowCount)
    heads = Array(repeating: beginning.head, count: rowCount)
  }

  /// B.
  public var rowCount: Int { heads.count }

  /// Reads a step of each of some rows, at most one of each.
  ///
  /// - Returns: what each makes known, in their order.
  public mutating func push(_ steps: [(row: Int, step: Head.Stepper.Step)]) -> [[Head.Output]] {
    for (row, step) in steps { stepper.load(step, row: row) }
    stepper.advance()
    return steps.map { row, step in
      heads[row].read(step, stepper, row: row)
      return heads[row].outputs
    }
  }

  /// Ends the sequence of a row; another one begins there.
  ///
  /// - Returns: what the end makes known.
  public mutating func finish(row: Int) -> [Head.Output] {
    var last = heads[row]
    while stepper.advanceBehindEnd(row: row) { last.readBehindEnd(stepper, row: row) }
    last.end()
    self[row] = beginning
    return last.outputs
  }

  /// The session of a row by itself, to be copied, kept or moved to another row.
  public subscript(row: Int) -> SteppedSession<Head> {
    get {
      var own = beginning
      own.head = heads[row]
      own.stepper.setRow(0, from: stepper, row: row)
      return own
    }
    set {
      heads[row] = newValue.head
      stepper.setRow(row, from: newValue.stepper, row: 0)
    }
  }
}
