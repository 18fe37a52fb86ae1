/// A sequence that is read step by step, with the bits that the whole gives. A value: a copy goes its own way. What it keeps
/// does not grow with the steps.
public protocol TaskSession: Sendable {
  /// One step of the input.
  associatedtype Step: Sendable
  /// What becomes known on the way.
  associatedtype Output: Sendable

  /// Reads a step. Where the backend steps the cells in memory of its own, a steady step allocates nothing.
  mutating func read(_ step: Step)

  /// Ends the sequence: what waited for further steps is decided. No step may follow.
  mutating func end()

  /// What the last step or the end has made known.
  var outputs: [Output] { get }

  /// Everything that is kept of the steps so far.
  var state: SessionState { get }

  /// Goes on from a state that was kept. A session that throws must not go on.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is that of another model, or damaged.
  mutating func restore(_ state: SessionState) throws

  /// What reads the steps of up to `count` sessions of the same model together; nil where each is read by itself.
  func slots(count: Int) -> (any SlotBatch<Self>)?
}

extension TaskSession {
  /// Nothing waits.
  public mutating func end() {}

  /// Each is read by itself.
  public func slots(count: Int) -> (any SlotBatch<Self>)? { nil }

  /// Reads a step.
  ///
  /// - Returns: what it makes known.
  public mutating func push(_ step: Step) -> [Output] {
    read(step)
    return outputs
  }

  /// Ends the sequence.
  ///
  /// - Returns: what that makes known.
  public mutating func finish() -> [Output] {
    end()
    return outputs
  }
}

/// When rows of a session are written.
public enum SessionMoment: Sendable {
  /// A step was read.
  case step
  /// A line of the input was read, with any number of steps.
  case line
  /// The sequence has ended.
  case end
}

/// Reads the lines of a session, each a value of JSON, as steps.
public protocol TaskStepReader: Sendable {
  /// What a session reads.
  associatedtype Step: Sendable

  /// The steps of a line; none where more lines are needed.
  ///
  /// - Throws: ``DataError``.
  mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [Step]

  /// The steps of a line that is a list of numbers: those of the value of JSON.
  ///
  /// - Throws: ``DataError``.
  mutating func push(_ numbers: ArraySlice<Double>, line: Int) throws(DataError) -> [Step]

  /// Reads sound whose samples come so many a second; before the first line.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where it reads no sound, or none of such a rate.
  mutating func resample(from rate: Double) throws(DataError)

  /// What is remarkable about what comes.
  var notes: [DataNote] { get }

  /// The steps that waited for further lines.
  mutating func finish() -> [Step]

  /// What is kept of the lines so far.
  var stored: [Int64] { get }

  /// Takes over what was kept.
  ///
  /// - Returns: false where that is no state of such a reader.
  mutating func restore(_ stored: [Int64]) -> Bool
}

extension TaskStepReader {
  /// The steps of a line that is a list of numbers, by way of the value of JSON.
  public mutating func push(_ numbers: ArraySlice<Double>, line: Int) throws(DataError) -> [Step] {
    try push(JSONValue(numbers), line: line)
  }

  /// Nothing waits.
  public mutating func finish() -> [Step] { [] }

  /// Only sound has a rate.
  public mutating func resample(from rate: Double) throws(DataError) {
    throw .invalidSetting(name: "rate", expected: "none, for the model reads no sound", found: "\(rate)")
  }

  /// Steps come as they are: nothing was changed or assumed.
  public var notes: [DataNote] { [] }
}
