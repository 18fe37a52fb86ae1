/// A sequence that comes in as values of JSON, with rows of predictions as they become known.
public protocol AnyStream: Sendable {
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

  /// The names of all fields that rows may have; nil where each row has all.
  var columns: [String]? { get }
}

/// A stream of a task behind the reader of its steps.
struct JSONStream<Task: SequenceTask>: AnyStream {
  private let task: Task
  private let model: Task.Model
  private var stream: Task.Stream
  private var reader: Task.StepReader

  /// The beginning of a sequence; nil where the model or its input cannot come step by step.
  init?(_ task: Task, packed model: Task.Model) {
    guard let stream = task.stream(model), let reader = task.stepReader() else { return nil }
    (self.task, self.model, self.stream, self.reader) = (task, model, stream, reader)
  }

  mutating func push(_ value: JSONValue, line: Int) throws -> [[Field]] {
    var rows: [[Field]] = []
    for step in try reader.push(value, line: line) {
      stream.push(step)
      // a line may hold several steps, each with something to say
      if Task.Stream.isIncremental { rows += task.rows(of: stream, isEnd: false) }
    }
    return Task.Stream.isIncremental ? rows : task.rows(of: stream, isEnd: false)
  }

  mutating func finish() -> [[Field]] {
    stream.finish()
    let rows = task.rows(of: stream, isEnd: true)
    if let first = task.stream(model), let head = task.stepReader() { (stream, reader) = (first, head) }
    return rows
  }

  var columns: [String]? { task.streamColumns }
}
