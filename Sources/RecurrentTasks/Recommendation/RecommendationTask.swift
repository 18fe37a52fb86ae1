import RecurrentReports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What comes next: of a visitor's items, in the order in which they were looked at or bought, the next one.
///
/// The same model evaluates sessions, recommends behind each, and follows any number of sessions that come event by event.
public struct RecommendationTask: SequenceTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "recommendation"

  /// The network, and how it is trained.
  public var configuration: RecommendationConfiguration
  /// The items.
  public var items: ItemVocabulary
  /// How often each item occurs in the training part.
  public var counts: [Int]
  /// The columns of the data that the task was trained on.
  public var columns: InteractionColumns
  /// How data are split, and which of their events are evaluated.
  public var split: InteractionSplit
  /// Whether an item that comes several times in a row counts once.
  public var mergesRepeats: Bool
  /// When the first session begins that was not trained on; nil where that is no question.
  public var trainingEnd: Double?
  /// How the model goes on learning from the sessions that it reads, where that was chosen by sessions.
  public var adaptation: Adaptation?
  /// Whether the bundle has the tables that the model is compared with.
  public var hasBaselines = false
  /// These tables; they are a file of the bundle.
  public var baselines = ItemBaselines()
  /// How many items are recommended.
  public var topCount = RecommendationTask.standardTopCount
  /// Whether what a session has seen is not recommended to it again.
  public var excludesSeen = false
  /// How many items that are drawn at random stand beside the one that came, in an evaluation; nil for all.
  public var candidateCount: Int?

  static let standardTopCount = 10

  private enum CodingKeys: CodingKey {
    case configuration, items, counts, columns, split, mergesRepeats, trainingEnd, hasBaselines
    case adaptation
  }

  /// A task.
  public init(
    configuration: RecommendationConfiguration = RecommendationConfiguration(), items: ItemVocabulary,
    counts: [Int], columns: InteractionColumns = InteractionColumns(),
    split: InteractionSplit = .time, mergesRepeats: Bool = false, trainingEnd: Double? = nil
  ) {
    (self.configuration, self.items, self.counts) = (configuration, items, counts)
    (self.columns, self.split) = (columns, split)
    (self.mergesRepeats, self.trainingEnd) = (mergesRepeats, trainingEnd)
  }

  /// A session.
  public struct Example: Sendable, Equatable {
    /// What was seen, as numbers of items.
    public var items: [Int32]
    /// How many of the last items are to be predicted from those before; fewer than there are items.
    public var targetCount: Int
    /// Events that would be targets, of items that are not known.
    public var unseenCount: Int
    /// Which session it is.
    public var name: String

    /// A session; nil for all targets but the first item.
    public init(items: [Int32], targetCount: Int? = nil, unseenCount: Int = 0, name: String = "") {
      (self.items, self.unseenCount, self.name) = (items, unseenCount, name)
      self.targetCount = targetCount ?? max(0, items.count - 1)
    }
  }

  /// What is recommended behind a session.
  public struct Prediction: Sendable, Equatable {
    /// An item with how likely it comes next.
    public struct Choice: Sendable, Equatable {
      /// Its number.
      public var item: Int32
      /// Its probability among all items, or all that may be recommended.
      public var probability: Float
    }
    /// The likeliest first.
    public var choices: [Choice]
  }

  // MARK: Model

  /// A network with fresh parameters.
  public func makeModel(key: RandomKey) -> RecommendationModel {
    RecommendationModel(configuration, itemCount: items.count, key: key)
  }

  /// A network that begins with how often each item occurs.
  public func initialModel(
    key: RandomKey, plan: TrainingPlan<RecommendationTask>
  ) throws -> RecommendationModel {
    var model = makeModel(key: key)
    if configuration.loss != .bprMax { model.bias = Tensor(logShares) }
    return model
  }

  /// The number of parameters, by their sizes alone.
  public var parameterCount: Int { configuration.parameterCount(itemCount: items.count) }

  /// Numbers: items.
  public var modality: Modality { .series }

  /// Whether tables have a column of a name that the model reads.
  public func reads(column: String) -> Bool {
    [columns.session, columns.item, columns.time, columns.date, columns.list].contains(column)
  }

  /// Events.
  public func cost(of example: Example) -> Int { example.items.count }

  /// The bytes of the items.
  public func memory(of example: Example) -> Int { 4 * example.items.count }

  /// Sessions side by side.
  public func problem(_ plan: TrainingPlan<RecommendationTask>) throws -> RecommendationProblem {
    try RecommendationProblem(self, plan)
  }

  /// Parameters with their copies, and what a window keeps.
  public func trainingMemory(_ settings: TaskSettings) -> Int {
    let rows = clampedProduct(settings.batchSize, configuration.windowLength)
    let candidates =
      configuration.loss == .crossEntropy
      ? min(items.count, 1 << 14) : min(items.count, configuration.sampleCount + rows)
    let scores = clampedProduct(rows, candidates) / (configuration.loss == .bprMax ? 1 : 8)
    let window = clampedProduct(rows, 8 * configuration.hiddenSize * configuration.layerCount)
    return clampedProduct(24, parameterCount) + clampedProduct(4, window) / 2 * 2 + clampedProduct(4, scores)
  }

  /// Nothing is fitted behind the parameters.
  public mutating func calibrate(_ model: RecommendationModel, on examples: ExampleSource<Example>) {}

  /// It looks back alone.
  public var isCausal: Bool { true }

  // MARK: Files of the bundle

  private static let baselineFile = "baselines.bin"

  /// The tables that the model is compared with.
  public var resources: [String: [UInt8]] {
    baselines.isEmpty ? [:] : [RecommendationTask.baselineFile: baselines.bytes]
  }

  /// Takes over the tables, where the bundle has them.
  public mutating func restoreResources(_ resource: (String) throws -> [UInt8]) throws {
    guard hasBaselines else { return }
    baselines = try ItemBaselines(
      bytes: resource(RecommendationTask.baselineFile), itemCount: items.count,
      path: RecommendationTask.baselineFile)
  }

  /// What is impossible about the task, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try configuration.check()
      try ValueIssue.pass(adaptation?.issue)
      try ValueIssue.check("the number of items", items.count, in: 1...1 << 24)
      try ValueIssue.check("the number of counts", counts.count, equals: items.count, "the number of items")
      try ValueIssue.check("counts", each: counts, in: 0...1 << 38)
    }
  }

  /// The logarithm of the share of each item, of those that do not occur as if once.
  var logShares: [Float] {
    let total = counts.reduce(0.0) { $0 + Double(max($1, 1)) }
    return counts.map { Float(log(Double(max($0, 1)) / total)) }
  }
}
