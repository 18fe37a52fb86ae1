/// A task that the command line knows: how its data are read, what can be set about it, how it is judged.
public protocol CatalogTask: SequenceTask {
  /// What can be set; every property is optional and has the name of its flag.
  associatedtype Settings: Codable & Equatable & Sendable

  /// Reads the steps of a stream.
  associatedtype StepReader: TaskStepReader where StepReader.Step == Stream.Step

  /// One line for the help.
  static var summary: String { get }
  /// Command lines for the help, without `recurrent train` and the name.
  static var usages: [String] { get }
  /// The settings as flags, by groups.
  static var flags: [(title: String, flags: [TaskFlag])] { get }

  /// Reads data and makes everything that a training needs.
  ///
  /// - Parameters:
  ///   - request: what somebody asked for.
  ///   - progress: hears what is being done, and which share is done.
  /// - Throws: ``DataError`` or a format error.
  static func prepare(
    _ request: TaskRequest<Settings>, progress: (String, Double) -> Void
  ) throws -> TaskPreparation<Self>

  /// The trainings of a cross-validation, each with its name and made when it is asked for; empty where nobody asked for
  /// one.
  static func folds(
    _ request: TaskRequest<Settings>
  ) throws -> [(name: String, prepare: () throws -> TaskPreparation<Self>)]

  /// Reads data to be answered or judged; each sequence when it is asked for.
  ///
  /// - Parameters:
  ///   - paths: files or folders.
  ///   - settings: where in them things stand.
  ///   - needsTruth: whether data without what is to be found are refused.
  func input(_ paths: [String], settings: Settings, needsTruth: Bool) throws -> TaskInput<Self>

  /// Judges answers.
  func evaluation(of answers: [Answer], to examples: [Example]) -> TaskEvaluation

  /// Answers and judges.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - examples: with their truth.
  ///   - progress: hears the share that is done.
  func evaluation(
    _ model: Model, on examples: [Example], progress: (Double) -> Void
  ) -> TaskEvaluation

  /// Reads the lines of a stream from its beginning; nil where the input cannot come in steps.
  func stepReader() -> StepReader?

  /// What is to be said after a step of a stream.
  func row(of stream: Stream) -> [TaskField]

  /// All that is to be said after a step of a stream, or after its end: by default a row for a step, and nothing for the end.
  func rows(of stream: Stream, isEnd: Bool) -> [[TaskField]]

  /// The names of all fields that rows of a stream may have; nil where each row has all.
  var streamColumns: [String]? { get }

  /// Answers as a picture; nil where there is nothing to draw.
  func plot(_ answers: [Answer], of examples: [Example]) -> String?

  /// Answers as rows of a table.
  func rows(_ answer: Answer, to example: Example, name: String) -> [[TaskField]]
}

extension CatalogTask {
  /// Answers everything before it is judged.
  public func evaluation(
    _ model: Model, on examples: [Example], progress: (Double) -> Void
  ) -> TaskEvaluation {
    evaluation(of: allAnswers(model, to: examples, progress: progress), to: examples)
  }

  /// Each row has all fields.
  public var streamColumns: [String]? { nil }

  /// A row for a step.
  public func rows(of stream: Stream, isEnd: Bool) -> [[TaskField]] { isEnd ? [] : [row(of: stream)] }

  /// Nothing to draw.
  public func plot(_ answers: [Answer], of examples: [Example]) -> String? { nil }

  /// No cross-validation.
  public static func folds(
    _ request: TaskRequest<Settings>
  ) throws -> [(name: String, prepare: () throws -> TaskPreparation<Self>)] { [] }
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

/// What somebody asked a training for.
public struct TaskRequest<Settings: Sendable>: Sendable {
  /// Files or folders.
  public var paths: [String]
  /// Data to choose by; empty to cut them off the training data.
  public var validationPaths: [String]
  /// Data to judge by; empty to cut them off the training data.
  public var testPaths: [String]
  /// What was set.
  public var settings: Settings
  /// The seed of everything random.
  public var seed: UInt64

  /// A request.
  public init(
    paths: [String], validationPaths: [String] = [], testPaths: [String] = [], settings: Settings,
    seed: UInt64 = 1
  ) {
    self.paths = paths
    self.validationPaths = validationPaths
    self.testPaths = testPaths
    self.settings = settings
    self.seed = seed
  }
}

/// Everything that a training needs.
public struct TaskPreparation<Task: SequenceTask>: Sendable {
  /// The task, fitted to the training part.
  public var task: Task
  /// To train on.
  public var training: [Task.Example]
  /// To choose and calibrate by; empty for none.
  public var validation: [Task.Example]
  /// To judge by; empty for none.
  public var test: [Task.Example]
  /// How to train, where nobody says otherwise.
  public var settings: TaskSettings
  /// What was found and assumed.
  public var notes: [DataNote]
  /// What examples are called, for the speed.
  public var unitName: String

  /// A preparation.
  public init(
    task: Task, training: [Task.Example], validation: [Task.Example], test: [Task.Example],
    settings: TaskSettings,
    notes: [DataNote], unitName: String
  ) {
    self.task = task
    self.training = training
    self.validation = validation
    self.test = test
    self.settings = settings
    self.notes = notes
    self.unitName = unitName
  }
}

/// Sequences to be answered, each read when it is asked for.
public struct TaskInput<Task: SequenceTask>: Sendable {
  /// The number of sequences.
  public var count: Int
  /// The name of one.
  public var name: @Sendable (Int) -> String
  /// Reads one.
  public var example: @Sendable (Int) throws -> Task.Example
  /// What is remarkable about the data.
  public var notes: [DataNote] = []

  /// An input.
  public init(
    count: Int, name: @escaping @Sendable (Int) -> String,
    example: @escaping @Sendable (Int) throws -> Task.Example
  ) {
    self.count = count
    self.name = name
    self.example = example
  }

  /// An input of sequences with names.
  public init(names: [String], example: @escaping @Sendable (Int) throws -> Task.Example) {
    self.init(count: names.count, name: { names[$0] }, example: example)
  }

  /// The sequences of a source.
  public init(
    _ source: RecordSource, example: @escaping @Sendable (Record) throws -> Task.Example
  ) {
    self.init(count: source.count) {
      source.name($0)
    } example: {
      try example(source.record($0))
    }
  }
}

/// A judgement of answers.
public struct TaskEvaluation: Sendable {
  /// A key figure.
  public struct Figure: Sendable, Equatable, Codable {
    /// Its name.
    public var name: String
    /// Its value.
    public var value: Double
    /// The bounds between which it lies with 95 %.
    public var low, high: Double?

    /// A figure.
    public init(_ name: String, _ value: Double, low: Double? = nil, high: Double? = nil) {
      self.name = name
      self.value = value
      self.low = low
      self.high = high
    }
  }

  /// The key figures, the most important first.
  public var figures: [Figure]
  /// The judgement as lines for a terminal.
  public var lines: [String]
  /// The judgement as a page of HTML.
  public var report: String
  /// The judgement for programs.
  public var json: any Encodable & Sendable

  /// What makes the model doubtful, such as that it is worse than a constant prediction.
  public var warnings: [String]

  /// A judgement.
  public init(
    figures: [Figure], lines: [String], report: String, json: any Encodable & Sendable,
    warnings: [String] = []
  ) {
    self.warnings = warnings
    self.figures = figures
    self.lines = lines
    self.report = report
    self.json = json
  }
}

/// A named value of an answer.
public struct TaskField: Sendable, Equatable {
  /// Its name.
  public var name: String
  /// Its value.
  public var value: TaskFlagValue

  /// A field.
  public init(_ name: String, _ value: TaskFlagValue) {
    self.name = name
    self.value = value
  }
}
