/// A sequence that is read step by step, with the bits that the whole gives. A value: a copy goes its own way. What it keeps
/// does not grow with the steps.
public protocol SequenceStream: Sendable {
  /// The task whose predictions it gives.
  associatedtype Task: SequenceTask
  /// One step of the input.
  associatedtype Step: Sendable

  /// Whether ``prediction`` is what the last step or the end has added, and not the prediction to all steps so far.
  static var isIncremental: Bool { get }

  /// Reads a step.
  mutating func push(_ step: Step)

  /// Ends the sequence: what waited for further steps is decided. No step may follow.
  mutating func finish()

  /// What is known after the steps so far: the prediction for a sequence that ends here. Of an incremental stream what the
  /// last ``push(_:)`` or ``finish()`` has added to it.
  var prediction: Task.Prediction { get }

  /// The prediction for a whole sequence, from those after each of its steps and after its end.
  static func joined(_ parts: [Task.Prediction]) -> Task.Prediction

  /// The state, to be kept and gone on with. Traps for the state of another stream.
  var state: StreamState { get set }
}

extension SequenceStream {
  /// The prediction for all steps so far.
  public static var isIncremental: Bool { false }

  /// Nothing waits.
  public mutating func finish() {}

  /// The last one.
  public static func joined(_ parts: [Task.Prediction]) -> Task.Prediction { parts[parts.count - 1] }
}

/// Reads the lines of a stream, each a value of JSON, as steps.
public protocol TaskStepReader: Sendable {
  /// What a stream is pushed.
  associatedtype Step: Sendable

  /// The steps of a line; none where more lines are needed.
  ///
  /// - Throws: ``DataError``.
  mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [Step]
}

extension FeatureStream: TaskStepReader {}
