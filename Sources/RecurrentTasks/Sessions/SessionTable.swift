/// The live sessions of one model, each at a place of its own that it keeps. Those that have lines at the same time are read
/// together where the network can; each has the bits and the rows that it has alone.
public protocol AnySessionTable: Sendable {
  /// Sessions that are open.
  var openCount: Int { get }
  /// Whether sessions are read together.
  var isBatched: Bool { get }
  /// The names of all fields that rows may have; nil where each row has all.
  var columns: [String]? { get }

  /// Begins a session.
  ///
  /// - Returns: its place, which may be one that another session has left; nothing of that is there any more.
  mutating func open() -> Int

  /// Lets a session read sound whose samples come so many a second; before its first line.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where it reads no sound, or none of such a rate.
  mutating func resample(_ slot: Int, from rate: Double) throws

  /// Ends a session without asking what waited, and forgets it.
  mutating func close(_ slot: Int)

  /// A session that goes on from where another one is.
  mutating func fork(_ slot: Int) -> Int

  /// Reads lines of some sessions, each at most once.
  ///
  /// - Returns: for each the rows that became known, or why a line cannot be read; then no line of that session was.
  mutating func push(_ work: [SlotLines]) -> [Result<[[Field]], any Error>]

  /// Ends the sequence of a session; another one begins there.
  ///
  /// - Returns: the rows that waited for further steps.
  mutating func finish(_ slot: Int) -> [[Field]]

  /// Everything that is kept of a session.
  func state(_ slot: Int) -> SessionState

  /// Goes on with a session from a state that was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is that of another model, or damaged; the session is then as
  ///   it was.
  mutating func restore(_ slot: Int, _ state: SessionState) throws
}

/// Lines for one of many sessions.
public struct SlotLines: Sendable {
  /// The place of the session.
  public var slot: Int
  /// The lines.
  public var lines: SessionLines

  /// Lines of a session.
  public init(slot: Int, lines: SessionLines) { (self.slot, self.lines) = (slot, lines) }

  /// Lines of a session, each a value of JSON.
  public init(slot: Int, lines: [JSONValue]) { self.init(slot: slot, lines: .values(lines)) }
}

/// The live sessions of a model whose steps and rows are known.
public struct SessionTable<Session: TaskSession, Reader: TaskStepReader>: AnySessionTable
where Reader.Step == Session.Step {
  private let beginning: SessionParts<Session, Reader>
  private let rows: @Sendable (Session, SessionMoment) -> [[Field]]
  /// As in ``SteppedSlots``: made where the types are known.
  private let pushing: @Sendable (inout SessionTable, [SlotLines]) -> [Result<[[Field]], any Error>]
  private var batch: (any SlotBatch<Session>)?
  private var sessions: [Session] = []
  private var readers: [Reader] = []
  private var free: [Int] = []

  /// The names of all fields that rows may have; nil where each row has all.
  public let columns: [String]?

  /// A table without sessions.
  ///
  /// - Parameters:
  ///   - session: the beginning of a sequence.
  ///   - reader: at the beginning.
  ///   - columns: the names of all fields that rows may have; nil where each row has all.
  ///   - batchSize: the most sessions that are read in one step of the network.
  ///   - rows: the rows of a session at a moment.
  public init(
    _ session: Session, _ reader: Reader, columns: [String]? = nil, batchSize: Int,
    rows: @escaping @Sendable (Session, SessionMoment) -> [[Field]]
  ) {
    beginning = SessionParts(session: session, reader: reader)
    (self.columns, self.rows) = (columns, rows)
    batch = session.slots(count: batchSize)
    pushing = { $0.pushTogether($1) }
  }

  /// Sessions that are open.
  public var openCount: Int { sessions.count - free.count }
  /// Whether sessions are read together.
  public var isBatched: Bool { batch != nil }

  /// The session of a place.
  public subscript(_ slot: Int) -> Session { sessions[slot] }

  /// Works on the session of a place.
  public mutating func withSession<R>(_ slot: Int, _ body: (inout Session) throws -> R) rethrows -> R {
    try body(&sessions[slot])
  }

  /// Begins a session.
  public mutating func open() -> Int {
    if let slot = free.popLast() { return slot }
    sessions.append(beginning.session)
    readers.append(beginning.reader)
    return sessions.count - 1
  }

  /// Lets a session read sound whose samples come so many a second; before its first line.
  public mutating func resample(_ slot: Int, from rate: Double) throws {
    try readers[slot].resample(from: rate)
  }

  /// Ends a session and forgets it: what stood there is the beginning again.
  public mutating func close(_ slot: Int) {
    (sessions[slot], readers[slot]) = (beginning.session, beginning.reader)
    free.append(slot)
  }

  /// A session that goes on from where another one is.
  public mutating func fork(_ slot: Int) -> Int {
    let copy = open()
    (sessions[copy], readers[copy]) = (sessions[slot], readers[slot])
    return copy
  }

  /// Reads steps of sessions, together where the network can; `after` is called behind each step, with the place in `work`.
  public mutating func read(_ work: [SlotSteps<Session>], after: (Int, Session) -> Void = { _, _ in }) {
    guard batch == nil else {
      batch?.read(work, in: &sessions, after: after)
      return
    }
    for (place, own) in work.enumerated() {
      for step in own.steps {
        sessions[own.slot].read(step)
        after(place, sessions[own.slot])
      }
    }
  }

  /// Reads lines of some sessions.
  public mutating func push(_ work: [SlotLines]) -> [Result<[[Field]], any Error>] { pushing(&self, work) }

  private mutating func pushTogether(_ work: [SlotLines]) -> [Result<[[Field]], any Error>] {
    var results = [Result<[[Field]], any Error>](repeating: .success([]), count: work.count)
    var steps: [SlotSteps<Session>] = []
    var lines: [ReadLines] = []
    for (place, own) in work.enumerated() {
      do {
        var reader = readers[own.slot]
        var read: [Session.Step] = []
        var ends: [Int] = []
        switch own.lines {
        case .values(let values):
          for (number, line) in values.enumerated() {
            read += try reader.push(line, line: number + 1)
            ends.append(read.count)
          }
        case .numbers(let numbers, let width):
          for number in 0..<own.lines.count {
            read += try reader.push(numbers[number * width..<(number + 1) * width], line: number + 1)
            ends.append(read.count)
          }
        }
        readers[own.slot] = reader
        steps.append(SlotSteps(slot: own.slot, steps: read))
        lines.append(ReadLines(place: place, ends: ends))
      } catch {
        results[place] = .failure(error)
      }
    }
    let rows = rows
    for place in lines.indices { lines[place].end(sessions[steps[place].slot], rows) }
    read(steps) { place, session in lines[place].step(session, rows) }
    for own in lines { results[own.place] = .success(own.rows) }
    return results
  }

  /// Ends the sequence of a session; another one begins there.
  public mutating func finish(_ slot: Int) -> [[Field]] {
    var parts = SessionParts(session: sessions[slot], reader: readers[slot])
    let found = parts.finish(rows)
    (sessions[slot], readers[slot]) = (beginning.session, beginning.reader)
    return found
  }

  /// Everything that is kept of a session.
  public func state(_ slot: Int) -> SessionState {
    SessionParts(session: sessions[slot], reader: readers[slot]).state
  }

  /// Goes on with a session from a state that was kept.
  public mutating func restore(_ slot: Int, _ state: SessionState) throws {
    let parts = try beginning.restored(state)
    (sessions[slot], readers[slot]) = (parts.session, parts.reader)
  }
}

/// The rows of the lines of a session while their steps are read.
private struct ReadLines {
  let place: Int
  /// For each line how many steps are read when it ends.
  var ends: [Int]
  var rows: [[Field]] = []
  private var stepCount = 0
  private var lineCount = 0

  init(place: Int, ends: [Int]) { (self.place, self.ends) = (place, ends) }

  /// Takes the rows of a step, and of the lines that end with it.
  mutating func step<Session>(_ session: Session, _ own: (Session, SessionMoment) -> [[Field]]) {
    rows += own(session, .step)
    stepCount += 1
    end(session, own)
  }

  /// Takes the rows of lines that end here.
  mutating func end<Session>(_ session: Session, _ own: (Session, SessionMoment) -> [[Field]]) {
    while lineCount < ends.count, ends[lineCount] == stepCount {
      rows += own(session, .line)
      lineCount += 1
    }
  }
}
