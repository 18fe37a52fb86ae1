/// The session of a task that reads sequences whole alone: there is never one.
public struct WholeSession<Step: Sendable, Output: Sendable>: TaskSession {
  private let nothing: Never

  /// Never asked.
  public mutating func read(_ step: Step) {}
  /// Never asked.
  public var outputs: [Output] { [] }
  /// Never asked.
  public var state: SessionState { SessionState() }
  /// Never asked.
  public mutating func restore(_ state: SessionState) throws {}
}

/// The reader of steps for a task that reads sequences whole alone: there is never one.
public struct WholeStepReader<Step: Sendable>: TaskStepReader {
  private let nothing: Never

  /// Never asked.
  public mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [Step] { [] }
  /// Never asked.
  public var stored: [Int64] { [] }
  /// Never asked.
  public mutating func restore(_ stored: [Int64]) -> Bool { false }
}
