extension SequenceTask {
  /// AdamW.
  public static var standardOptimizer: OptimizerCatalog { .adamw }

  /// A cosine.
  public static var standardSchedule: ScheduleName { .cosine }

  /// Shares that are none, and a cell that cannot be what is asked of it.
  public static func issue(of settings: Settings) -> String? {
    settings.splitIssue ?? settings.basesIssue ?? CellChoice(settings).issue
  }

  /// No cross-validation.
  public static func folds(
    _ request: TaskRequest
  ) throws -> [(name: String, plan: () throws -> TrainingPlan<Self>)] { [] }

  /// Predictions and evaluations of data.
  public static func uses(of bundle: String) -> [String] {
    ["recurrent predict \(bundle) <data>", "recurrent evaluate \(bundle) <data>"]
  }

  /// Data are needed.
  public static func needsData(_ settings: Settings) -> Bool { true }

  /// Nothing is left.
  public mutating func conclude(
    _ trainer: Trainer<Problem>, _ plan: TrainingPlan<Self>, shouldStop: () -> Bool
  ) throws -> Bool { true }

  /// The model reads no columns by name.
  public func reads(column: String) -> Bool { false }

  /// The values of the rows but for the names of inputs.
  public func text(of prediction: Prediction, to example: Example) -> String {
    rows(prediction, to: example, name: "").map { row in
      row.filter { $0.name != "input" }.map(\.value.text).joined(separator: " ")
    }.joined(separator: "; ")
  }

  /// The task transcribes nothing.
  public func transcript(of prediction: Prediction, to example: Example, name: String) -> TimedTranscript? {
    nil
  }

  /// No setting of a prediction changes the task.
  public func predicting(with settings: Settings) throws -> Self { self }

  /// A task needs no files beside its description and its model.
  public var resources: [String: [UInt8]] { [:] }

  /// Does nothing, as the task has no files of its own.
  public mutating func restoreResources(_ resource: (String) throws -> [UInt8]) throws {}

  /// One row.
  public static var hasManyRows: Bool { false }

  /// Nothing: it stands in memory with others.
  public func memory(of example: Example) -> Int { 0 }

  /// The example as it is, where the input takes little memory.
  public func withoutInput(_ example: Example) -> Example { example }

  /// Nothing is impossible.
  public var issue: String? { nil }

  /// A fresh model.
  public func initialModel(key: RandomKey, plan: TrainingPlan<Self>) throws -> Model { makeModel(key: key) }

  /// The model as it is.
  public func packed(_ model: Model) -> Model { model }

  /// Five numbers for each parameter: value, gradient, two statistics, the best.
  public func trainingMemory(_ settings: TaskSettings) -> Int { 20 * parameterCount }

  /// There is nothing to say about the problem.
  public func notes(_ problem: Problem, _ model: Model) throws -> [DataNote] { [] }

  /// Without a limit.
  public func withinMemory<R>(_ problem: Problem, _ body: () throws -> R) rethrows -> R { try body() }

  /// The loss itself.
  public func terms(of loss: Double) -> String? { nil }

  /// The model generates nothing.
  public func sample(_ model: Model, seed: UInt64) -> String? { nil }

  /// Nothing to draw.
  public func plot(_ predictions: [Prediction], of examples: [Example]) -> String? { nil }

  /// Always throws ``TaskError/unsupported(_:)``: examples are read whole, without a state between them.
  public func evaluation(
    _ model: Model, on examples: ExampleSource<Example>, states: StateFiles,
    progress: (Double) throws -> Void
  ) throws -> TaskEvaluation {
    throw TaskError.unsupported("states before and behind the data are for tasks that read one long text")
  }

  /// Always throws: the task has no graph.
  public func graph(_ model: Model, _ options: GraphOptions) throws -> ONNXModel { throw Self.hasNoGraph }

  /// Always throws: the task has no graph.
  public func graphVerification(_ model: Model, _ options: GraphOptions) throws -> GraphVerification {
    throw Self.hasNoGraph
  }

  private static var hasNoGraph: InterchangeError {
    .notExpressible(
      what: "a model of \(name)", reason: "it has no graph; write its parameters as safetensors")
  }

  /// Each row has all fields.
  public var streamColumns: [String]? { nil }

  /// The settings of the task and those of every training, but those whose names the task has for something of its own.
  public static var allSettings: [SettingsGroup] {
    let own = Set(settings.flatMap(\.settings).map(\.name))
    let training = SettingsGroup.training(standardOptimizer, standardSchedule)
    return settings + [SettingsGroup(training.title, training.settings.filter { !own.contains($0.name) })]
  }

  /// Always throws a decoding error: no earlier version had the task.
  public static func earlierDescription(from decoder: any Decoder) throws -> TaskDescription<Self> {
    throw DecodingError.dataCorrupted(
      DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "it has no task"))
  }

  /// Everything that earlier versions have fitted can be used.
  public var earlierIssue: String? { nil }

  /// No checkpoint has an earlier layout.
  public static func resumes(_ identity: [String: String], _ plan: TrainingPlan<Self>) -> Bool { false }

  /// The first.
  public static var trainingVersion: Int { 1 }
}

extension SequenceTask where Session.Output == Prediction {
  /// The last one, of a session whose outputs are predictions for sequences that end there.
  public func prediction(of outputs: [Prediction]) -> Prediction { outputs[outputs.count - 1] }
}
