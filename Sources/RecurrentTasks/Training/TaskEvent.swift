/// What happens in the training of a task. Who listens decides how it looks: a terminal, lines of JSON, a test.
public enum TaskEvent: Sendable {
  /// Data are being read; the completed fraction, 0 to 1.
  case loading(String, Double)
  /// The data were read and the model was chosen.
  case planned(TaskSummary)
  /// There was nothing to resume at a path: the training begins anew.
  case nothingToResume(path: String)
  /// The training begins.
  case began(TaskBeginning)
  /// A step, an epoch or a checkpoint.
  case training(TrainingEvent)
  /// A step of a fold of a cross-validation.
  case foldStep(fold: String, StepReport)
  /// A fold of a cross-validation was evaluated.
  case fold(name: String, count: Int, TaskEvaluation)
  /// All folds were evaluated: each metric over them.
  case crossValidated([MetricSpread])
  /// A step was looked at.
  case watched(WatchReport)
  /// The training that was watched is at its end: what there is to say.
  case advised([Advice])
  /// The bundle of this very training is written already.
  case alreadyDone(path: String)
}

/// A training as it is planned.
public struct TaskSummary: Sendable, Encodable {
  /// The name of the task.
  public let task: String
  /// Examples of the parts.
  public let training, validation, test: Int
  /// What they are called.
  public let unit: String
  /// Trained numbers.
  public let parameters: Int
  /// What computes.
  public let backend: String
  /// What was found in the data and assumed.
  public let notes: [DataNote]
  /// How it is trained.
  public let settings: TaskSettings
  /// What the data are.
  public let facts: DataFacts

  private enum Keys: CodingKey {
    case task, training, validation, test, unit, parameters, backend, notes, settings
  }

  /// Writes everything, with the facts beside it.
  public func encode(to encoder: any Encoder) throws {
    try facts.encode(to: encoder)
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(task, forKey: .task)
    try container.encode(training, forKey: .training)
    try container.encode(validation, forKey: .validation)
    try container.encode(test, forKey: .test)
    try container.encode(unit, forKey: .unit)
    try container.encode(parameters, forKey: .parameters)
    try container.encode(backend, forKey: .backend)
    try container.encode(notes, forKey: .notes)
    try container.encode(settings, forKey: .settings)
  }
}

/// The beginning of a training.
public struct TaskBeginning: Sendable {
  /// The first step.
  public let position: StepPosition
  /// Whether an interrupted training goes on.
  public let isResumed: Bool
  /// What there is to say about it.
  public let notes: [DataNote]
  /// Passes over the data.
  public let epochs: Int
  /// What examples are called.
  public let unit: String
  /// A loss in terms that people know.
  public let terms: @Sendable (Double) -> String?
}

/// A metric over the folds of a cross-validation.
public struct MetricSpread: Sendable, Equatable, Encodable {
  /// The name of the metric.
  public let name: String
  /// The number of folds.
  public let count: Int
  /// The mean over the folds.
  public let mean: Double
  /// The standard deviation over the folds.
  public let deviation: Double

  /// The spread of values, one for each fold.
  public init(_ name: String, _ values: [Double]) {
    self.name = name
    count = values.count
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    deviation =
      (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(values.count - 1, 1))).squareRoot()
  }
}

/// How the training of a task ended.
public enum TaskOutcome<Task: SequenceTask>: Sendable {
  /// The bundle, and the evaluations of its validation and test parts.
  case finished(TrainedTask<Task>, validation: TaskEvaluation?, test: TaskEvaluation?, sample: String?)
  /// It was asked to stop, and everything is saved.
  case interrupted(StepPosition)
  /// It was asked to stop behind the last step, and everything is saved.
  case interruptedAtEnd
  /// It was finished before.
  case alreadyDone
  /// It came to its end, and rank 0 evaluates and writes.
  case followed

  /// The trained task; nil where the training did not come to its end now.
  public var trained: TrainedTask<Task>? {
    if case .finished(let trained, _, _, _) = self { trained } else { nil }
  }
}
