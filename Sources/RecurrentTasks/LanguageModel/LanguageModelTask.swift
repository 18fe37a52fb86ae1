import RecurrentReports

/// The next token of a text: characters, bytes, words or byte pairs.
///
/// The text is one long sequence: it is trained on in contiguous streams with the state carried from window to window, and
/// evaluated in one carried state.
public struct LanguageModelTask: SequenceTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "language-model"

  /// The parts and sizes of the model.
  public var configuration: LanguageModelConfiguration
  /// The fitted vocabulary.
  public var vocabulary: TextVocabulary
  /// All tokens by falling frequency, where an adaptive softmax needs to know.
  public var tokenOrder: [Int32]?
  /// How the model goes on learning from what it reads, where that was chosen by a text.
  public var adaptation: Adaptation?
  /// How a conversation is written in the text; nil for a text that is none.
  public var chat: ChatTemplate?

  /// A task.
  public init(
    configuration: LanguageModelConfiguration, vocabulary: TextVocabulary, tokenOrder: [Int32]? = nil
  ) {
    (self.configuration, self.vocabulary, self.tokenOrder) = (configuration, vocabulary, tokenOrder)
  }

  /// How likely each token of a text is, after those before it.
  public struct Prediction: Sendable, Equatable {
    /// The cross-entropy of each token but the first, in nats.
    public var nats: [Float]
  }

  /// The name of the parts of a text.
  public typealias Example = EncodedText

  /// A model with fresh parameters.
  public func makeModel(key: RandomKey) -> LanguageModel {
    LanguageModel(configuration, vocabularySize: vocabulary.count, tokenOrder: tokenOrder, key: key)
  }

  /// Scalars of all parameters of the model.
  public var parameterCount: Int { configuration.parameterCount(vocabularySize: vocabulary.count) }

  /// Text.
  public var modality: Modality { .text }

  /// Tokens.
  public func cost(of example: EncodedText) -> Int { example.ids.count }

  /// Windows of the text.
  public func problem(_ plan: TrainingPlan<LanguageModelTask>) throws -> LanguageModelProblem {
    let ids = try plan.training[0].ids
    return try LanguageModelProblem(
      training: ids, opposite: configuration.readsBothStrands == true ? vocabulary.oppositeStrand(ids) : nil,
      validation: plan.validation.count > 0 ? try plan.validation[0].ids : [],
      configuration: configuration, settings: plan.settings)
  }

  /// Parameters with their copies, and what a window keeps.
  public func trainingMemory(_ settings: TaskSettings) -> Int {
    configuration.trainingMemory(vocabularySize: vocabulary.count, batchSize: settings.batchSize)
  }

  /// How windows are cut into chunks, where memory is limited.
  public func notes(_ problem: LanguageModelProblem, _ model: LanguageModel) throws -> [DataNote] {
    guard let memory = configuration.bpttMemory, let plan = try problem.recomputation(for: model) else {
      return []
    }
    let again = Double(plan.advancedStepCount) / Double(plan.stepCount) * 100
    return [
      DataNote(
        .found,
        plan.chunkCount == 1
          ? "a window fits into \(memory) as a whole"
          : "with \(memory), windows are computed in \(plan.chunkCount) chunks of \(grouped(plan.chunkLength)) steps; "
            + "\(rounded(again, 0)) % of the steps are computed once more")
    ]
  }

  /// Works with the pool of tensors kept within the limit of memory.
  public func withinMemory<R>(_ problem: LanguageModelProblem, _ body: () throws -> R) rethrows -> R {
    try problem.withinMemory(body)
  }

  /// Chooses how the model goes on learning, where that is asked for.
  public mutating func calibrate(
    _ model: LanguageModel, on examples: ExampleSource<EncodedText>
  ) throws {
    guard configuration.tunesAdaptation == true, examples.count > 0 else { return }
    adaptation = try tunedAdaptation(model, on: examples, progress: { _ in }).adaptation
  }

  /// Bits for characters and bytes, perplexity for words and byte pairs.
  public func terms(of loss: Double) -> String? {
    switch configuration.unit {
    case .character: "\(rounded(loss / 0.693147180559945, 3)) bits/character"
    case .byte: "\(rounded(loss / 0.693147180559945, 3)) bits/byte"
    case .base: "\(rounded(loss / 0.693147180559945, 3)) bits/base"
    case .word, .bpe, .kmer: "perplexity \(rounded(perplexityOfNats(loss), 1))"
    }
  }

  /// What the model writes, at temperature 0.8.
  public func sample(_ model: LanguageModel, seed: UInt64) -> String? {
    let length =
      configuration.unit == .word ? 80 : configuration.unit == .bpe || configuration.unit == .kmer ? 120 : 400
    return Array(
      TextGenerator(
        LanguageModelSession(model: model, vocabulary: vocabulary), sampler: Sampler(temperature: 0.8),
        length: length, key: RandomKey(seed: seed).child(2))
    ).joined()
  }

  /// It looks back alone.
  public var isCausal: Bool { true }
}

extension LanguageModelTask {
  /// What is impossible about the task, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      let configuration = configuration
      for (key, size) in [
        ("hiddenSize", configuration.hiddenSize), ("embeddingSize", configuration.embeddingSize),
        ("layerCount", configuration.layerCount),
      ] {
        try ValueIssue.check("configuration.\(key)", size, in: 1...1 << 16)
      }
      try ValueIssue.check(
        configuration.precision != .int8, "configuration.precision is int8, in which no model is trained")
      try ValueIssue.check("configuration.dropoutRate", configuration.dropoutRate, in: 0...Float(1).nextDown)
      try ValueIssue.pass(configuration.cellChoice.issue(hiddenSize: configuration.hiddenSize))
      let count = vocabulary.count
      let isResolved: Bool
      do { isResolved = try configuration.resolved(vocabularySize: count) == configuration } catch {
        throw ValueIssue("\(error)")
      }
      try ValueIssue.check(isResolved, "the adaptive softmax has no cutoffs")
      try ValueIssue.check(
        configuration.readsBothStrands != true || vocabulary.unit.isOfBases,
        "configuration.readsBothStrands is true, expected false for tokens that are not made of bases")
      try ValueIssue.pass(adaptation?.issue)
      try chat?.check()
      if let order = tokenOrder {
        try ValueIssue.check(
          order.sorted() == (0..<Int32(count)).map { $0 },
          "the order of the tokens does not name each of the \(count) once")
      }
    }
  }
}
