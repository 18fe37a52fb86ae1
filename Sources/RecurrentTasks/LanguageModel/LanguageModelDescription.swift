/// What a bundle of a language model knows besides its parameters.
public struct LanguageModelDescription: Sendable, Codable {
  /// How the model was made and trained.
  public var configuration: LanguageModelConfiguration
  /// The fitted vocabulary.
  public var vocabulary: TextVocabulary
  /// All tokens by falling frequency, where an adaptive softmax needs to know.
  public var tokenOrder: [Int32]?
  /// What it was trained on.
  public var sources: [LanguageModelCorpus.Source]
  /// How the training went.
  public var results: Results

  /// How a training went.
  public struct Results: Sendable, Equatable, Codable {
    /// How it ended.
    public var end: TrainingEnd
    /// Epochs done.
    public var epochs: Int
    /// The epoch whose parameters were kept, from 1; nil without validation.
    public var bestEpoch: Int?
    /// The smoothed loss at the end, in nats.
    public var trainingLoss: Double
    /// On the validation text, in one carried state.
    public var validation: LanguageModelEvaluation?
    /// On the test text, in one carried state.
    public var test: LanguageModelEvaluation?
    /// Trained numbers.
    public var parameterCount: Int
    /// Seconds of training.
    public var seconds: Double

    /// The results of a training.
    public init(
      end: TrainingEnd, epochs: Int, bestEpoch: Int?, trainingLoss: Double,
      validation: LanguageModelEvaluation?,
      test: LanguageModelEvaluation?, parameterCount: Int, seconds: Double
    ) {
      self.end = end
      self.epochs = epochs
      self.bestEpoch = bestEpoch
      self.trainingLoss = trainingLoss
      self.validation = validation
      self.test = test
      self.parameterCount = parameterCount
      self.seconds = seconds
    }
  }

  /// A description.
  public init(
    configuration: LanguageModelConfiguration, vocabulary: TextVocabulary,
    tokenOrder: [Int32]? = nil, sources: [LanguageModelCorpus.Source], results: Results
  ) {
    self.configuration = configuration
    self.vocabulary = vocabulary
    self.tokenOrder = tokenOrder
    self.sources = sources
    self.results = results
  }
}

/// A trained language model, ready to read and write.
public struct TrainedLanguageModel: Sendable {
  /// The name of the task in bundles and on the command line.
  public static let task = "language-model"

  /// The parameters.
  public let model: LanguageModel
  /// Everything else.
  public let description: LanguageModelDescription

  /// Puts a model and its description together.
  public init(model: LanguageModel, description: LanguageModelDescription) {
    self.model = model
    self.description = description
  }

  /// Reads a bundle.
  ///
  /// - Throws: ``BundleError``, ``ParameterError`` or a format error.
  public init(bundle path: String) throws {
    let (bundle, parameters) = try ModelBundle<LanguageModelDescription>.open(
      path, task: TrainedLanguageModel.task)
    description = bundle.description
    let configuration = description.configuration
    func damaged(_ reason: String) -> BundleError { .damaged(path: path + "/task.json", reason: reason) }
    let sizes = [configuration.hiddenSize, configuration.embeddingSize, configuration.layerCount]
    guard sizes.allSatisfy({ $0 > 0 && $0 <= 1 << 16 }) else {
      throw damaged("the sizes of the model are impossible")
    }
    guard configuration.precision != .int8 else {
      throw damaged("it says that the model was trained in int8, in which none is trained")
    }
    guard configuration.dropoutRate >= 0, configuration.dropoutRate < 1 else {
      throw damaged("the dropout rate is \(configuration.dropoutRate), which is not from 0 to below 1")
    }
    if let objection = configuration.cellOptions.flatMap({ configuration.cell.objection(to: $0) }) {
      throw damaged(objection)
    }
    if let heads = configuration.cellOptions?.headCount, configuration.hiddenSize % heads != 0 {
      throw damaged("\(heads) heads do not divide \(configuration.hiddenSize) units")
    }
    let count = description.vocabulary.count
    do {
      guard try configuration.resolved(vocabularySize: count) == configuration else {
        throw damaged("the adaptive softmax has no cutoffs")
      }
    } catch let error as DataError {
      throw damaged("\(error)")
    }
    if let order = description.tokenOrder, order.sorted() != (0..<Int32(count)).map({ $0 }) {
      throw damaged("the order of the tokens does not name each of the \(count) once")
    }
    // compared before anything of that size is made
    let expected = configuration.parameterCount(vocabularySize: count)
    let found = parameters.tensors.reduce(0) { $0 + $1.count }
    guard expected == found else {
      throw damaged(
        "it describes a model of \(expected) parameters, model.safetensors beside it holds \(found)")
    }
    var model = LanguageModel(
      configuration, vocabularySize: count, tokenOrder: description.tokenOrder, key: RandomKey(seed: 0))
    try model.load(from: parameters)
    try bundle.verify()
    self.model = model
  }

  /// Writes a bundle with its card and the plot of the training.
  public func write(to path: String, lossPlot: String, sample: String, overwrites: Bool) throws {
    let bundle = ModelBundle(task: TrainedLanguageModel.task, description: description)
    try bundle.write(
      to: path, model: model, files: ["card.md": card(sample: sample), "loss.svg": lossPlot],
      overwrites: overwrites)
  }

  /// The same model with the operands of the products in its recurrent layers rounded to `precision`.
  public func with(precision: Precision) -> TrainedLanguageModel {
    TrainedLanguageModel(model: model.with(precision: precision), description: description)
  }

  /// The beginning of a text.
  public func session() -> LanguageModelSession {
    LanguageModelSession(model: model, vocabulary: description.vocabulary)
  }
}
