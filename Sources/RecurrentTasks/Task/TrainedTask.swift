/// A trained model of a task, ready to predict.
public struct TrainedTask<Task: SequenceTask>: Sendable {
  /// The parameters.
  public let model: Task.Model
  /// Everything else.
  public private(set) var description: TaskDescription<Task>

  /// The task, fitted.
  public var task: Task { description.task }

  /// Puts a model and its description together.
  public init(model: Task.Model, description: TaskDescription<Task>) {
    (self.model, self.description) = (model, description)
  }

  /// A model that was not trained by a ``TaskTraining``.
  public init(_ task: Task, _ model: Task.Model) {
    self.init(
      model: model,
      description: TaskDescription(
        task: task, settings: TaskSettings(training: TrainerSettings(epochs: 1)), sources: [], notes: [],
        results: TaskResults(
          end: .completed, epochs: 0, bestEpoch: nil, trainingLoss: 0, validationLoss: nil, figures: [:],
          parameterCount: model.parameterCount, seconds: 0)))
  }

  /// Reads a bundle.
  ///
  /// - Throws: ``BundleError``, ``ParameterError`` or a format error.
  public init(bundle path: String) throws {
    let (bundle, parameters) = try ModelBundle<TaskDescription<Task>>.open(path, task: Task.name)
    description = bundle.description
    if let issue = bundle.description.task.issue {
      throw BundleError.damaged(path: path + "/task.json", reason: issue)
    }
    if let reason = bundle.description.task.earlierIssue {
      throw BundleError.outdated(path: path, reason: reason)
    }
    // compared before anything of that size is made
    let expected = bundle.description.task.parameterCount
    let found = parameters.tensors.reduce(0) { $0 + $1.count }
    guard expected == found else {
      throw BundleError.damaged(
        path: path + "/task.json",
        reason: "it describes a model of \(expected) parameters, model.safetensors beside it holds \(found)")
    }
    var model = withoutDraws { bundle.description.task.makeModel(key: RandomKey(seed: 0)) }
    try model.load(from: parameters)
    try bundle.verify()
    try description.task.restoreResources { try bundle.resource($0) }
    self.model = model
  }

  /// Writes a bundle with further files by name, the card, plots, the report; and resources that predictions depend on.
  ///
  /// - Throws: ``BundleError`` or a format error; what stood at the path is then whole.
  public func write(
    to path: String, files: [String: String] = [:], resources: [String: [UInt8]] = [:],
    overwrites: Bool = false
  ) throws {
    try ModelBundle(task: Task.name, description: description)
      .write(
        to: path, model: model, files: files, resources: task.resources.merging(resources) { $1 },
        overwrites: overwrites)
  }

  /// The prediction for each example, in their order.
  public func predictions(to examples: [Task.Example]) -> [Task.Prediction] {
    task.allPredictions(model, to: examples)
  }
}

/// A model with recurrent layers.
public protocol RecurrentModel: Module {
  /// The cell of its layers.
  var cellChoice: CellChoice { get }
  /// The model with its weights packed for the kernels.
  func packed() -> Self
  /// The model with the operands of the products in its recurrent layers rounded to `precision`.
  func with(precision: Precision) -> Self
}

extension SequenceTask where Model: RecurrentModel {
  /// The model with its weights packed for the kernels.
  public func packed(_ model: Model) -> Model { model.packed() }
}
