import RecurrentReports

/// Music as it is played: which key is struck or released next, how hard, and how long that takes, after all that was played before.
///
/// What ``MusicTask`` learns on a grid of steps this one learns in hundredths of a second, with the touch: from files that were recorded, and not written by
/// a notation program.
public struct PerformanceTask: BatchedTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "performance"

  /// The network, of ``MusicRepresentation/events``.
  public var configuration: MusicConfiguration
  /// How performances are written.
  public var tokens: PerformanceTokens
  /// The instruments of files that are read; nil for all.
  public var programs: [Int]?
  /// Whether notes go on while the sustain pedal is down.
  public var usesPedal: Bool
  /// Performances to train on are moved by up to so many semitones up or down, each time anew.
  public var transposition: Int
  /// How often each token occurs in the training part, `[V]`.
  public var frequencies: [Int]
  /// How the model goes on learning from what it reads, where that was chosen by performances.
  public var adaptation: Adaptation?
  /// Whether the bundle has the keys of the training part.
  public var hasCorpus = false
  /// The keys of the training part one after the other, for saying what a performance has copied; a file of the bundle.
  public var corpus = MusicCorpus()

  private enum CodingKeys: CodingKey {
    case configuration, tokens, programs, usesPedal, transposition, frequencies, hasCorpus, adaptation
  }

  /// A task.
  public init(
    configuration: MusicConfiguration = MusicConfiguration(), tokens: PerformanceTokens,
    programs: [Int]? = nil,
    usesPedal: Bool = true, transposition: Int = 5, frequencies: [Int]? = nil
  ) {
    (self.configuration, self.tokens, self.programs) = (configuration, tokens, programs)
    (self.usesPedal, self.transposition) = (usesPedal, transposition)
    self.frequencies = frequencies ?? [Int](repeating: 0, count: tokens.count)
  }

  /// A performance, or a part of one that is trained on by itself.
  public struct Example: Sendable, Equatable {
    /// Its tokens; of a whole one with the end.
    public var tokens: [Int32]
    /// Tokens at the beginning that are read and do not count, of a part.
    public var contextCount: Int
    /// Where it comes from.
    public var name: String

    /// A performance.
    public init(tokens: [Int32], contextCount: Int = 0, name: String = "") {
      (self.tokens, self.contextCount, self.name) = (tokens, contextCount, name)
    }
  }

  /// How likely an event was.
  public struct EventPrediction: Sendable, Equatable {
    /// Its negative log-likelihood among the events that might have come, in nats.
    public var nats: Float
    /// Whether it was the likeliest.
    public var isLikeliest: Bool
  }

  /// How likely the events of a performance are, each after those before.
  public struct Prediction: Sendable, Equatable {
    /// What is known of each event.
    public var events: [EventPrediction]
  }

  // MARK: Model

  /// A network with fresh parameters.
  public func makeModel(key: RandomKey) -> LanguageModel {
    LanguageModel(configuration.language, vocabularySize: tokens.count, key: key)
  }

  /// The model with its weights packed for the kernels.
  public func packed(_ model: LanguageModel) -> LanguageModel { model.packed() }

  /// The number of parameters, by their sizes alone.
  public var parameterCount: Int { configuration.language.parameterCount(vocabularySize: tokens.count) }

  /// Numbers: when keys are struck.
  public var modality: Modality { .series }

  /// Tokens.
  public func cost(of example: Example) -> Int { example.tokens.count }

  /// The bytes of the tokens.
  public func memory(of example: Example) -> Int { 4 * example.tokens.count + 64 }

  /// The performance some semitones higher or lower, and up to a twentieth faster or slower.
  public func augmented(_ example: Example, key: RandomKey) -> Example {
    let factor = 0.95 + 0.1 * Double(key.uniform(at: 1))
    let (context, rest) = (
      example.tokens.prefix(example.contextCount), example.tokens.dropFirst(example.contextCount)
    )
    let before = tokens.stretched(context, by: factor)
    var copy = example
    copy.contextCount = before.count
    copy.tokens = transposed(before + tokens.stretched(rest, by: factor), draw: Double(key.uniform(at: 0)))
    return copy
  }

  /// Tokens moved by semitones that keep all keys in range, by a draw of 0 to 1.
  private func transposed(_ ids: [Int32], draw: Double) -> [Int32] {
    let keys = ids.compactMap { id -> Int? in
      switch tokens.event(id) {
      case .struck(let key), .released(let key): key
      default: nil
      }
    }
    guard transposition > 0, let low = keys.min(), let high = keys.max() else { return ids }
    let (least, most) = (max(-transposition, tokens.lowest - low), min(transposition, tokens.highest - high))
    guard least < most else { return ids }
    let shift = Int32(min(least + Int(draw * Double(most - least + 1)), most))
    return ids.map { Int($0) < 2 * tokens.keyCount ? $0 + shift : $0 }
  }

  /// The mean negative log-likelihood of a token in nats; its weight is the number of tokens that count.
  public func loss(
    _ model: LanguageModel, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let longest = examples.map(\.tokens.count).max() ?? 0
    var inputs = [Int32](repeating: 0, count: longest * examples.count)
    var labels = [Int32](repeating: PerformanceTask.ignoredLabel, count: inputs.count)
    var count = 0
    for (row, example) in examples.enumerated() {
      var last = tokens.beginning
      for (step, token) in example.tokens.enumerated() {
        inputs[step * examples.count + row] = last
        if step >= example.contextCount {
          labels[step * examples.count + row] = token
          count += 1
        }
        last = token
      }
    }
    let shape = [longest, examples.count]
    let (mean, _) = model.loss(
      Indices(inputs, shape: shape), targets: Indices(labels, shape: shape), mode: mode)
    return (mean, Double(count))
  }

  /// The label of what does not count.
  private static let ignoredLabel: Int32 = -100

  /// The loss is in nats of an event.
  public func terms(of loss: Double) -> String? { "\(rounded(loss, 3)) nats/event" }

  /// Nothing is fitted behind the parameters.
  public mutating func calibrate(_ model: LanguageModel, on source: ExampleSource<Example>) {}

  /// It looks back alone.
  public var isCausal: Bool { true }

  // MARK: Files of the bundle

  private static let corpusFile = "training-keys.bin"

  /// The keys of the training part.
  public var resources: [String: [UInt8]] {
    corpus.pieces.isEmpty ? [:] : [PerformanceTask.corpusFile: corpus.bytes]
  }

  /// Takes over the keys of the training part, where the bundle has them.
  public mutating func restoreResources(_ resource: (String) throws -> [UInt8]) throws {
    guard hasCorpus else { return }
    corpus = try MusicCorpus(
      bytes: resource(PerformanceTask.corpusFile), path: PerformanceTask.corpusFile)
  }

  /// What is impossible about the task, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try configuration.check()
      try ValueIssue.pass(adaptation?.issue)
      try ValueIssue.check("tokens.lowest", tokens.lowest, in: 0...116)
      try ValueIssue.check("tokens.highest", tokens.highest, in: tokens.lowest + 11...127)
      try ValueIssue.check("transposition", transposition, in: 0...24)
      try ValueIssue.check("programs", each: programs ?? [], in: 0...127)
      try ValueIssue.check(
        "the count of frequencies", frequencies.count, equals: tokens.count, "one of each token")
      try ValueIssue.check("frequencies", each: frequencies, in: 0...1 << 40)
    }
  }
}
