/// Something that can be learnt from sequences: it ties what is read, the model, the loss and the answers together. The same
/// value trains, evaluates, predicts and streams, and its fitted form is what a bundle keeps beside the parameters.
///
/// A new task is a folder with a type of this kind, and a line in ``TaskCatalog``. `checkTask` of the test support proves
/// for it what is promised for all: the same bits on any number of threads and after an interruption, rows of a batch as
/// alone, streams as the whole.
public protocol SequenceTask: Sendable, Codable {
  /// What is trained.
  associatedtype Model: Module
  /// What the model learns from: features with what is known about them.
  associatedtype Example: Sendable
  /// What is said about one sequence.
  associatedtype Answer: Sendable, Equatable
  /// What reads a sequence step by step.
  associatedtype Stream: SequenceStream where Stream.Task == Self

  /// The name in bundles and on the command line.
  static var name: String { get }

  /// A model with fresh parameters.
  func makeModel(key: RandomKey) -> Model

  /// A model to begin a training with: a fresh one, or one that has the data to thank for a better start.
  ///
  /// - Parameters:
  ///   - key: decides the random values.
  ///   - training: what will be trained on.
  ///   - validation: what will be chosen by.
  func initialModel(key: RandomKey, training: [Example], validation: [Example]) -> Model

  /// What is impossible about the task, as a sentence with the key; nil where nothing is. It is asked before anything is
  /// computed from a bundle, and must not trap whatever the values are.
  var issue: String? { get }

  /// The number of parameters of the model, without making it. Asked where there is no ``issue``.
  var parameterCount: Int { get }

  /// Steps of an example: batches hold examples of nearly as many.
  func stepCount(of example: Example) -> Int

  /// An example as it is shown in a step of the training: with what is changed at random; by default as it is.
  func varied(_ example: Example, key: RandomKey) -> Example

  /// The mean loss of examples, and over how much it is the mean.
  func loss(_ model: Model, _ examples: [Example], mode: Mode) -> (mean: Tensor, weight: Double)

  /// What the model says about each example; a row of a batch gets the answer that it gets alone.
  func answers(_ model: Model, to examples: [Example]) -> [Answer]

  /// Fits what is fitted behind the parameters, temperatures and intervals, to examples that the model was not trained on.
  mutating func calibrate(_ model: Model, on examples: [Example])

  /// A model with its weights in the form that kernels read.
  func prepared(_ model: Model) -> Model

  /// Whether the model looks back alone, so that it can stream.
  var isCausal: Bool { get }

  /// The beginning of a sequence that comes step by step; nil where the model reads backwards too.
  func stream(_ model: Model) -> Stream?

  /// The steps of an example as a stream gets them.
  func steps(of example: Example) -> [Stream.Step]
}

extension SequenceTask {
  /// Nothing is impossible.
  public var issue: String? { nil }

  /// A fresh one.
  public func initialModel(key: RandomKey, training: [Example], validation: [Example]) -> Model {
    makeModel(key: key)
  }

  /// The example as it is.
  public func varied(_ example: Example, key: RandomKey) -> Example { example }

  /// The model as it is.
  public func prepared(_ model: Model) -> Model { model }
}

/// A sequence that is read step by step, with the bits that the whole gives. A value: a copy goes its own way. What it keeps
/// does not grow with the steps.
public protocol SequenceStream: Sendable {
  /// The task whose answers it gives.
  associatedtype Task: SequenceTask
  /// One step of the input.
  associatedtype Step: Sendable

  /// Whether ``answer`` is what the last step or the end has added, and not the answer to all steps so far.
  static var isIncremental: Bool { get }

  /// Reads a step.
  mutating func push(_ step: Step)

  /// Ends the sequence: what waited for further steps is decided. No step may follow.
  mutating func finish()

  /// What is known after the steps so far: the answer to a sequence that ends here. Of an incremental stream what the last
  /// ``push(_:)`` or ``finish()`` has added to it.
  var answer: Task.Answer { get }

  /// The answer to a whole sequence, from those after each of its steps and after its end.
  static func joined(_ parts: [Task.Answer]) -> Task.Answer

  /// The state, to be kept and gone on with. Traps for the state of another stream.
  var state: StreamState { get set }
}

extension SequenceStream {
  /// The answer to all steps so far.
  public static var isIncremental: Bool { false }

  /// Nothing waits.
  public mutating func finish() {}

  /// The last one.
  public static func joined(_ parts: [Task.Answer]) -> Task.Answer { parts[parts.count - 1] }
}
