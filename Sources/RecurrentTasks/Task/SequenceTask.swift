/// Something that can be learnt from sequences: it ties records, featurizer, model, problem, predictions and sessions
/// together. The same value trains, evaluates, predicts and streams; its fitted form is what a bundle keeps beside the
/// parameters.
///
/// A new task is a folder with a type of this kind, and a line in ``TaskCatalog``; one that learns from batches of examples
/// conforms to ``BatchedTask``. `checkTask` of the test support proves for it what is promised for all: the same bits on any
/// number of threads and after an interruption, rows of a batch as alone, streams as the whole.
public protocol SequenceTask: Sendable, Codable {
  /// What is trained.
  associatedtype Model: Module
  /// What the model learns from: features with their targets.
  associatedtype Example: Sendable
  /// What is predicted of one sequence.
  associatedtype Prediction: Sendable, Equatable
  /// How batches are made of the data, and their loss.
  associatedtype Problem: TrainingProblem where Problem.Model == Model
  /// Reads a sequence step by step.
  associatedtype Session: TaskSession
  /// Reads the steps of a session from values of JSON.
  associatedtype StepReader: TaskStepReader where StepReader.Step == Session.Step

  // MARK: Kind

  /// The name in bundles and on the command line.
  static var name: String { get }
  /// What the task learns, as a sentence for the help.
  static var summary: String { get }
  /// Arguments of `recurrent train NAME` that the help shows as examples.
  static var usages: [String] { get }
  /// Commands that use a bundle, the first the commonest.
  static func uses(of bundle: String) -> [String]
  /// Everything that can be set, by groups; those of every training are added to them.
  static var settings: [SettingsGroup] { get }
  /// The optimiser where none is set.
  static var standardOptimizer: OptimizerCatalog { get }
  /// How the learning rate changes where nothing is set.
  static var standardSchedule: ScheduleName { get }
  /// Why settings cannot go together, whatever the data are, as a sentence; nil where they can.
  static func issue(of settings: Settings) -> String?

  // MARK: Data

  /// Whether a training needs data, and not settings alone; by default it does.
  static func needsData(_ settings: Settings) -> Bool

  /// Reads the data of a training, splits them, fits the featurizer and chooses the model.
  ///
  /// - Parameters:
  ///   - request: data and settings.
  ///   - progress: called with what is being done and the completed fraction, 0 to 1.
  /// - Throws: ``DataError`` or a format error.
  static func plan(_ request: TaskRequest, progress: (String, Double) -> Void) throws -> TrainingPlan<Self>

  /// The trainings of a cross-validation, each with its name and planned when it is asked for; empty where none is set.
  ///
  /// - Throws: ``DataError`` or a format error; of a training when it is planned.
  static func folds(_ request: TaskRequest) throws -> [(name: String, plan: () throws -> TrainingPlan<Self>)]

  /// The sequences of data that are not trained on, each read when it is asked for.
  ///
  /// - Parameters:
  ///   - data: files, folders, bytes or values of JSON.
  ///   - settings: where in them things stand.
  ///   - needsTargets: whether data without what is to be predicted are refused.
  /// - Throws: ``DataError`` or a format error; of the content of a sequence when it is read.
  func examples(_ data: [DataSource], settings: Settings, needsTargets: Bool) throws -> ExampleSource<Example>

  /// What the sequences are.
  var modality: Modality { get }

  /// Whether tables have a column of a name that the model reads.
  func reads(column: String) -> Bool

  /// How much work an example is, in steps: batches hold examples of nearly equal cost.
  func cost(of example: Example) -> Int

  /// About how many bytes an example takes by itself.
  func memory(of example: Example) -> Int

  /// An example with what its evaluation needs alone, so that all of them fit into memory.
  func withoutInput(_ example: Example) -> Example

  // MARK: Model

  /// Why the task is impossible, as a sentence with the key; nil where it is not. Asked before anything is computed from a
  /// bundle; never traps, whatever the values are.
  var issue: String? { get }

  /// The number of parameters of the model, without making it. Asked where there is no ``issue``.
  var parameterCount: Int { get }

  /// A model with fresh parameters.
  func makeModel(key: RandomKey) -> Model

  /// A model to begin a training with: a fresh one, or one whose parameters are fitted to the data first.
  func initialModel(key: RandomKey, plan: TrainingPlan<Self>) throws -> Model

  /// The model with its weights packed for the kernels.
  func packed(_ model: Model) -> Model

  // MARK: Training

  /// The training of a plan.
  ///
  /// - Throws: ``DataError`` where there is nothing to train on.
  func problem(_ plan: TrainingPlan<Self>) throws -> Problem

  /// About how many bytes a training takes.
  func trainingMemory(_ settings: TaskSettings) -> Int

  /// What there is to say about a training when its model is made.
  func notes(_ problem: Problem, _ model: Model) throws -> [DataNote]

  /// Works within the limit of memory of a training, where it has one.
  func withinMemory<R>(_ problem: Problem, _ body: () throws -> R) rethrows -> R

  /// Fits what is fitted behind the parameters, temperatures and intervals, to examples that the model was not trained on.
  ///
  /// - Throws: what reading the examples throws.
  mutating func calibrate(_ model: Model, on examples: ExampleSource<Example>) throws

  /// Takes over what a training has left beside its model, such as its course; by default nothing.
  ///
  /// - Parameters:
  ///   - trainer: behind its last step.
  ///   - plan: of the training.
  ///   - shouldStop: asked now and then.
  /// - Returns: false where it was asked to stop before it was done.
  /// - Throws: what ends the training.
  mutating func conclude(
    _ trainer: Trainer<Problem>, _ plan: TrainingPlan<Self>, shouldStop: () -> Bool
  ) throws -> Bool

  /// A loss in terms that people know, such as perplexity; nil where the loss itself is one.
  func terms(of loss: Double) -> String?

  /// What a model that generates writes, for logs and the card; nil where the task generates nothing.
  func sample(_ model: Model, seed: UInt64) -> String?

  // MARK: Predictions

  /// The prediction for each example; a row of a batch gets the one that it gets alone.
  func predictions(_ model: Model, to examples: [Example]) -> [Prediction]

  /// Predicts and evaluates.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - examples: with their targets.
  ///   - progress: called with the completed fraction, 0 to 1; ends the evaluation where it throws.
  func evaluation(
    _ model: Model, on examples: ExampleSource<Example>, progress: (Double) throws -> Void
  ) throws -> TaskEvaluation

  /// Evaluates one long sequence between a state that was kept and one to keep.
  ///
  /// - Throws: ``TaskError/unsupported(_:)`` where the task has no such sequence.
  func evaluation(
    _ model: Model, on examples: ExampleSource<Example>, states: StateFiles,
    progress: (Double) throws -> Void
  ) throws -> TaskEvaluation

  /// A prediction as rows of a table.
  func rows(_ prediction: Prediction, to example: Example, name: String) -> [[Field]]

  /// A prediction as a text of one line.
  func text(of prediction: Prediction, to example: Example) -> String

  /// What is said in a recording, with times, as formats of transcripts have it; nil where the task transcribes nothing.
  func transcript(of prediction: Prediction, to example: Example, name: String) -> TimedTranscript?

  /// The task as it predicts with settings that are given for that; by default as it is.
  ///
  /// - Throws: ``DataError`` or a format error.
  func predicting(with settings: Settings) throws -> Self

  /// Whether a prediction has any number of rows, and not just one.
  static var hasManyRows: Bool { get }

  /// An example as it is looked at step by step; nil where the task has no loss of a single one.
  ///
  /// - Throws: ``TaskError`` where the example is too short.
  func view(_ model: Model, of example: Example) throws -> ExampleView<Model>?

  /// Some steps of an example that is too long to be looked at as a whole; nil where its target belongs to the whole.
  func part(of example: Example, steps: Range<Int>) -> Example?

  /// Predictions as a picture; nil where there is nothing to draw.
  func plot(_ predictions: [Prediction], of examples: [Example]) -> String?

  // MARK: Sessions

  /// Whether the model looks back alone, so that it has a session.
  var isCausal: Bool { get }

  /// The beginning of a sequence that comes step by step; nil where the model reads backwards too.
  func session(_ model: Model) -> Session?

  /// The steps of an example as a session gets them.
  func steps(of example: Example) -> [Session.Step]

  /// The prediction for a whole sequence, from the outputs of all its steps and of its end.
  func prediction(of outputs: [Session.Output]) -> Prediction

  /// Reads the lines of a session from its beginning; nil where the input cannot come in steps.
  func stepReader() -> StepReader?

  /// The rows to write at a moment of a session.
  func rows(of session: Session, at moment: SessionMoment) -> [[Field]]

  /// The names of all fields that rows of a session may have; nil where each row has all.
  var streamColumns: [String]? { get }

  // MARK: Life after training

  /// Files of the bundle that predictions depend on besides the model, by name.
  var resources: [String: [UInt8]] { get }

  /// Takes over the files of a bundle.
  ///
  /// - Parameter resource: the file of a name; it throws ``BundleError`` or a format error.
  /// - Throws: what it throws, or another format error.
  mutating func restoreResources(_ resource: (String) throws -> [UInt8]) throws

  /// A model as a graph.
  ///
  /// - Throws: ``InterchangeError`` where it cannot be one.
  func graph(_ model: Model, _ options: GraphOptions) throws -> ONNXModel

  /// Random inputs for the graph, ragged rows and parts of sequences as the options ask for them, with what the model gives.
  ///
  /// - Throws: ``InterchangeError`` where it cannot be one.
  func graphVerification(_ model: Model, _ options: GraphOptions) throws -> GraphVerification

  /// The card of a model, as Markdown.
  static func card(_ description: TaskDescription<Self>, sample: String?) -> String

  /// Reads the description of a bundle of an earlier layout.
  ///
  /// - Throws: a decoding error where there was none.
  static func earlierDescription(from decoder: any Decoder) throws -> TaskDescription<Self>

  /// Why what an earlier version has fitted cannot be used any more, as a sentence with the version; nil where it can.
  var earlierIssue: String? { get }

  /// Which way of training the task has: one more whenever the same settings and data lead to another model, so that no checkpoint of
  /// an earlier way is gone on with.
  static var trainingVersion: Int { get }

  /// Whether a checkpoint of an earlier layout, by its identity as JSON, belongs to a training of a plan.
  static func resumes(_ identity: [String: String], _ plan: TrainingPlan<Self>) -> Bool
}
