/// A task that learns from batches of examples of nearly equal cost, in another order every epoch.
public protocol BatchedTask: SequenceTask {
  /// Batches of examples.
  associatedtype Problem: TrainingProblem = BatchedProblem<Model, Example>

  /// The mean loss of examples, of shape [], and over how much it is the mean: of the losses of parts, each counts by its weight.
  func loss(_ model: Model, _ examples: [Example], mode: Mode) -> (mean: Tensor, weight: Double)

  /// The same for a step of the training, which may count parts of the loss by how far it has come; by default no other.
  ///
  /// - Parameter epoch: epochs so far, with the fraction of the one that runs.
  func loss(
    _ model: Model, _ examples: [Example], mode: Mode, epoch: Double
  ) -> (mean: Tensor, weight: Double)

  /// An example as a step of the training sees it, with what is changed at random; by default as it is.
  func augmented(_ example: Example, key: RandomKey) -> Example

  /// The most work of a batch to train on, its examples times the largest cost among them; nil for any.
  var batchCost: Int? { get }

  /// Evaluates predictions.
  func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation
}

extension BatchedTask {
  /// The loss, however far the training has come.
  public func loss(
    _ model: Model, _ examples: [Example], mode: Mode, epoch: Double
  ) -> (mean: Tensor, weight: Double) { loss(model, examples, mode: mode) }

  /// The example as it is.
  public func augmented(_ example: Example, key: RandomKey) -> Example { example }

  /// Any: batches have a number of examples.
  public var batchCost: Int? { nil }

  /// Predicts everything before it is evaluated.
  public func evaluation(
    _ model: Model, on examples: ExampleSource<Example>, progress: (Double) throws -> Void
  ) throws -> TaskEvaluation {
    let all = try allPredictions(model, to: examples, progress: progress)
    return evaluation(of: all.predictions, to: all.examples)
  }
}

extension BatchedTask where Problem == BatchedProblem<Model, Example> {
  /// Batches of the examples of a plan.
  public func problem(_ plan: TrainingPlan<Self>) throws -> Problem { try BatchedProblem(self, plan) }
}
