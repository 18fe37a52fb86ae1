/// A sequence that comes in as values of JSON, with rows of predictions as they become known.
public protocol AnySession: Sendable {
  /// Reads a value: a step, or several.
  ///
  /// - Parameters:
  ///   - value: by the form that the task reads.
  ///   - line: where it stood, for errors.
  /// - Returns: the rows that are known by it.
  /// - Throws: ``DataError``.
  mutating func push(_ value: JSONValue, line: Int) throws -> [[Field]]

  /// Ends the sequence and begins another one.
  ///
  /// - Returns: the rows that waited for further steps.
  mutating func finish() -> [[Field]]

  /// Everything that is kept of the lines so far.
  var state: SessionState { get }

  /// Goes on from a state that was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is that of another model, or damaged; the session is then as it
  ///   was.
  mutating func restore(_ state: SessionState) throws

  /// What is remarkable about what comes.
  var notes: [DataNote] { get }

  /// The names of all fields that rows may have; nil where each row has all.
  var columns: [String]? { get }
}

/// A session of a task behind the reader of its steps.
struct JSONSession<Task: SequenceTask>: AnySession {
  private typealias Parts = (session: Task.Session, reader: Task.StepReader)

  private let task: Task
  private let beginning: Parts
  private var parts: Parts

  /// The beginning of a sequence; nil where the model or its input cannot come step by step.
  ///
  /// - Parameters:
  ///   - rate: samples a second of the sound that comes; nil for those of the model.
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where nothing of such a rate is read.
  init?(_ task: Task, packed model: Task.Model, rate: Double? = nil) throws(DataError) {
    guard let session = task.session(model), var reader = task.stepReader() else { return nil }
    if let rate { try reader.resample(from: rate) }
    self.task = task
    beginning = (session, reader)
    parts = beginning
  }

  mutating func push(_ value: JSONValue, line: Int) throws -> [[Field]] {
    read(try parts.reader.push(value, line: line))
  }

  mutating func finish() -> [[Field]] {
    let waiting = parts.reader.finish()
    var rows = waiting.isEmpty ? [] : read(waiting)
    parts.session.end()
    rows += task.rows(of: parts.session, at: .end)
    parts = beginning
    return rows
  }

  private mutating func read(_ steps: [Task.Session.Step]) -> [[Field]] {
    var rows: [[Field]] = []
    for step in steps {
      parts.session.read(step)
      rows += task.rows(of: parts.session, at: .step)
    }
    return rows + task.rows(of: parts.session, at: .line)
  }

  var state: SessionState {
    var state = parts.session.state
    state.integers.append((name: "reader", values: parts.reader.stored))
    return state
  }

  mutating func restore(_ state: SessionState) throws {
    var other = beginning
    try other.session.restore(state)
    // the texts of a language model keep nothing but their tokens
    let stored = state.integers.first { $0.name == "reader" }?.values ?? []
    try state.check(other.reader.restore(stored), "what its lines have left is impossible")
    parts = other
  }

  var columns: [String]? { task.streamColumns }

  var notes: [DataNote] { parts.reader.notes }
}

extension FeatureStream: TaskStepReader {}
