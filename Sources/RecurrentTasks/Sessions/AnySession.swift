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
  private let task: Task
  private let beginning: SessionParts<Task.Session, Task.StepReader>
  private var parts: SessionParts<Task.Session, Task.StepReader>

  /// The beginning of a sequence; nil where the model or its input cannot come step by step.
  ///
  /// - Parameters:
  ///   - rate: samples a second of the sound that comes; nil for those of the model.
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where nothing of such a rate is read.
  init?(_ task: Task, packed model: Task.Model, rate: Double? = nil) throws(DataError) {
    guard let session = task.session(model), var reader = task.stepReader() else { return nil }
    if let rate { try reader.resample(from: rate) }
    self.task = task
    beginning = SessionParts(session: session, reader: reader)
    parts = beginning
  }

  mutating func push(_ value: JSONValue, line: Int) throws -> [[Field]] {
    let (task, steps) = (task, try parts.reader.push(value, line: line))
    return parts.read(steps) { task.rows(of: $0, at: $1) }
  }

  mutating func finish() -> [[Field]] {
    let task = task
    let rows = parts.finish { task.rows(of: $0, at: $1) }
    parts = beginning
    return rows
  }

  var state: SessionState { parts.state }

  mutating func restore(_ state: SessionState) throws { parts = try beginning.restored(state) }

  var columns: [String]? { task.streamColumns }

  var notes: [DataNote] { parts.reader.notes }
}

extension FeatureStream: TaskStepReader {}
