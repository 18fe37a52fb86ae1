/// Classifies a sequence while it comes in, with the bits that the whole gives.
public struct ClassificationStream: SequenceStream {
  /// The task whose predictions these are.
  public typealias Task = ClassificationTask

  private let task: ClassificationTask
  private var classifier: SequenceClassifierStream

  init?(task: ClassificationTask, model: SequenceClassifier) {
    guard let classifier = SequenceClassifierStream(model) else { return nil }
    self.task = task
    self.classifier = classifier
  }

  /// Reads the features of a step.
  public mutating func push(_ step: FeatureSequence) { classifier.push(step) }

  /// The scores and probabilities after the steps so far.
  public var prediction: ClassificationTask.Prediction { task.prediction(classifier.scores) }

  /// The state, to be kept and gone on with.
  public var state: StreamState {
    get { classifier.state }
    set { classifier.state = newValue }
  }
}
