import RecurrentReports

/// The text of another language, or any other text that belongs to one: transliterations, spellings, summaries.
///
/// A network reads the tokens of a text and writes those of the other one, see ``TranslationModel``; ``BeamSearch`` finds likely ones.
public struct TranslationTask: BatchedTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "translation"

  /// The tokens.
  public var units: TextTokens { didSet { cache = SearchCache<BeamSearch>() } }
  /// The network.
  public var network: TranslationConfiguration
  /// How texts are found.
  public var search: BeamSearchSettings { didSet { cache = SearchCache<BeamSearch>() } }
  /// The most tokens of a batch to train on: its pairs times the longest side.
  public var batchTokens: Int
  /// Which columns or languages were named in training: further data are read alike.
  public var sides: ParallelSides
  /// Whether unknown words that are written are those of the text that they look at most; nil for not.
  public var copiesUnknown: Bool?
  /// What the search knows of texts beside what the network says; nil for nothing.
  public var language: SearchLanguage? { didSet { cache = SearchCache<BeamSearch>() } }
  /// The longest source that was trained on, in tokens; 0 where nobody says.
  public var longestSource: Int
  /// The search, made once.
  var cache = SearchCache<BeamSearch>()

  enum CodingKeys: CodingKey {
    case units, network, search, batchTokens, sides, copiesUnknown, language, longestSource
  }

  /// A task.
  public init(
    units: TextTokens, network: TranslationConfiguration = TranslationConfiguration(),
    search: BeamSearchSettings = BeamSearchSettings(), batchTokens: Int = 2_500,
    sides: ParallelSides = ParallelSides(), longestSource: Int = 0
  ) {
    (self.units, self.network, self.search) = (units, network, search)
    (self.batchTokens, self.sides, self.longestSource) = (batchTokens, sides, longestSource)
  }

  /// A text with its translations.
  public struct Example: Sendable, Equatable {
    /// The text.
    public var source: String
    /// Its tokens.
    public var sourceTokens: [Int32]
    /// The tokens of the translation to learn, without an end; empty where there is none.
    public var targetTokens: [Int32]
    /// What it may be translated to; empty where nobody tells.
    public var references: [String]

    /// An example.
    public init(source: String, sourceTokens: [Int32], targetTokens: [Int32] = [], references: [String] = [])
    {
      (self.source, self.sourceTokens) = (source, sourceTokens)
      (self.targetTokens, self.references) = (targetTokens, references)
    }
  }

  /// What a text was translated to.
  public typealias Prediction = TextHypotheses

  // MARK: Model

  /// A network with fresh parameters.
  public func makeModel(key: RandomKey) -> TranslationModel {
    TranslationModel(network, vocabularySize: units.count, key: key)
  }

  /// The number of parameters, by their sizes alone.
  public var parameterCount: Int { countParameters { makeModel(key: RandomKey(seed: 0)) } }

  /// The model with its weights packed for the kernels.
  public func packed(_ model: TranslationModel) -> TranslationModel { model.packed() }

  /// Texts.
  public var modality: Modality { .text }

  /// The tokens of the longer side, with the end.
  public func cost(of example: Example) -> Int {
    max(example.sourceTokens.count, example.targetTokens.count) + 1
  }

  /// The most tokens of a batch.
  public var batchCost: Int? { batchTokens }

  /// The bytes of texts and tokens.
  public func memory(of example: Example) -> Int {
    4 * (example.sourceTokens.count + example.targetTokens.count) + example.source.utf8.count
      + example.references.reduce(0) { $0 + $1.utf8.count }
  }

  /// The mean negative log-likelihood of the tokens of the translations, their ends among them.
  public func loss(
    _ model: TranslationModel, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let count = examples.reduce(0) { $0 + $1.targetTokens.count + 1 }
    let loss = model.loss(
      examples.map(\.sourceTokens), examples.map(\.targetTokens), end: units.end, mode: mode)
    return (loss, Double(count))
  }

  /// Perplexity.
  public func terms(of loss: Double) -> String? { "perplexity \(rounded(perplexityOfNats(loss), 2))" }

  /// Nothing is fitted behind the parameters.
  public mutating func calibrate(_ model: TranslationModel, on source: ExampleSource<Example>) {}

  // MARK: Sessions

  /// A source is read in both directions.
  public var isCausal: Bool { false }

  /// The tokens of the source.
  public func steps(of example: Example) -> [Int32] { example.sourceTokens }
}

extension TranslationTask {
  /// What is impossible about the task, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try units.check()
      try network.check()
      try search.check("search")
      try language?.check()
      if language != nil, (try? units.spelling()) == nil {
        throw ValueIssue("units.vocabulary has a token that cannot be spelled, and there is a language")
      }
      try ValueIssue.check(
        copiesUnknown != true || units.kind == .word, "copiesUnknown is true, expected false without words")
      try ValueIssue.check("batchTokens", batchTokens, in: 1...1 << 40)
      try ValueIssue.check("longestSource", longestSource, in: 0...Int(Int32.max))
    }
  }
}
