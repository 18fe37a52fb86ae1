import RecurrentReports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Music: what sounds at each step of a grid, after all steps before.
///
/// The same network evaluates music, writes it, goes on with the beginning of a piece, and finds the other voices of a melody.
public struct MusicTask: BatchedTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "music"

  /// The network.
  public var configuration: MusicConfiguration
  /// The keys, and how steps are written.
  public var tokens: MusicTokens
  /// The steps of a quarter, and which notes of files are read.
  public var grid: MusicGrid
  /// Pieces to train on are moved by up to so many semitones up or down, each time anew.
  public var transposition: Int
  /// Beats of a bar that lengths in bars are meant in, as quarters.
  public var quartersPerBar: Int
  /// What the training part is like.
  public var style: MusicStyle
  /// The styles that may be asked for; nil where pieces are not told apart.
  public var labels: StyleNames?
  /// How the model goes on learning from what it reads, where that was chosen by pieces.
  public var adaptation: Adaptation?
  /// The training part, for saying what a piece has copied; it is a file of the bundle.
  public var corpus = MusicCorpus()

  private enum CodingKeys: CodingKey {
    case configuration, tokens, grid, transposition, quartersPerBar, style, labels, adaptation
  }

  /// A task.
  public init(
    configuration: MusicConfiguration = MusicConfiguration(), tokens: MusicTokens,
    grid: MusicGrid = MusicGrid(),
    transposition: Int = 5, quartersPerBar: Int = 4, style: MusicStyle = MusicStyle([[[MusicPiece.Tone]]]()),
    labels: StyleNames? = nil
  ) {
    (self.configuration, self.tokens, self.grid) = (configuration, tokens, grid)
    (self.transposition, self.quartersPerBar, self.style) = (transposition, quartersPerBar, style)
    self.labels = labels
  }

  /// A piece, or a part of one that is trained on by itself.
  public struct Example: Sendable, Equatable {
    /// What sounds at each step, in the range of the task.
    public var steps: [[MusicPiece.Tone]]
    /// Steps at the beginning that are read and do not count, of a part of a piece.
    public var contextCount: Int
    /// Where it comes from.
    public var name: String
    /// Its style, by its number among the labels; nil where that is not told or not known.
    public var label: Int?

    /// A piece.
    public init(steps: [[MusicPiece.Tone]], contextCount: Int = 0, name: String = "", label: Int? = nil) {
      (self.steps, self.contextCount, self.name, self.label) = (steps, contextCount, name, label)
    }
  }

  /// How likely the steps of a piece are, each after those before.
  public struct Prediction: Sendable, Equatable {
    /// What is known of each step.
    public var steps: [MusicStepPrediction]
  }

  // MARK: Model

  /// A network with fresh parameters.
  public func makeModel(key: RandomKey) -> MusicModel {
    configuration.makeModel(tokens, styleCount: labels?.count ?? 0, key: key)
  }

  /// A network that begins, of independent keys, with how often each sounds: nearly all are silent nearly always, and a network that
  /// begins with a half for each spends its first epochs on learning that alone.
  public func initialModel(key: RandomKey, plan: TrainingPlan<MusicTask>) throws -> MusicModel {
    var model = makeModel(key: key)
    model.roll?.head.bias = Tensor(logOdds)
    return model
  }

  /// The logarithm of the odds of each key by the training part, each as often moved as in training.
  private var logOdds: [Float] {
    let shares = style.probabilities(of: 0...127)
    return tokens.range.map { key in
      let near = max(0, key - transposition)...min(127, key + transposition)
      let share = near.reduce(0) { $0 + shares[$1] } / Double(near.count)
      return Float(log(share / (1 - share)))
    }
  }

  /// The number of parameters, by their sizes alone.
  public var parameterCount: Int { configuration.parameterCount(tokens, styleCount: labels?.count ?? 0) }

  /// Numbers: which keys sound.
  public var modality: Modality { .series }

  /// Tokens, or steps.
  public func cost(of example: Example) -> Int {
    configuration.representation == .roll
      ? example.steps.count : example.steps.reduce(0) { $0 + $1.count + 1 }
  }

  /// The bytes of the tones.
  public func memory(of example: Example) -> Int { example.steps.reduce(0) { $0 + 32 + 16 * $1.count } }

  /// The piece some semitones higher or lower; now and then without its style.
  public func augmented(_ example: Example, key: RandomKey) -> Example {
    var example = example
    if example.label != nil, key.child(1).uniform(at: 0) < StyleNames.forgetRate { example.label = nil }
    guard transposition > 0 else { return example }
    let choices = 2 * transposition + 1
    let shift = min(Int(Double(key.uniform(at: 0)) * Double(choices)), choices - 1) - transposition
    var copy = example
    copy.steps = example.steps.map { $0.transposed(by: shift, within: tokens.range) }
    return copy
  }

  /// The mean negative log-likelihood of a step in nats; its weight is the number of steps that count.
  public func loss(
    _ model: MusicModel, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let count = examples.reduce(0) { $0 + $1.steps.count - $1.contextCount }
    if let events = model.eventsOfStyles { return (loss(events, examples, count, mode), Double(count)) }
    guard let roll = model.roll else { fatalError("MusicTask.loss: the network has no part") }
    let batch = MusicRollBatch(examples.map(\.steps), tokens)
    let (scores, _) = roll(
      batch.inputs(0..<batch.stepCount), style: model.vectors(of: examples.map(\.label)), mode: mode)
    let (steps, rows, keys) = (batch.stepCount, examples.count, tokens.keyCount)
    var weights = [Float](repeating: 0, count: steps * rows)
    for (row, example) in examples.enumerated() {
      for step in example.contextCount..<example.steps.count { weights[step * rows + row] = 1 }
    }
    let mean = BernoulliOutput(count: keys).loss(
      scores.reshaped(to: [steps * rows, keys]), batch.targets, weights: Tensor(weights))
    return (mean, Double(count))
  }

  private func loss(_ model: LanguageModel, _ examples: [Example], _ stepCount: Int, _ mode: Mode) -> Tensor {
    let rows = examples.map { example in example.steps.map { tokens.tokens(of: $0) } }
    let longest = rows.map { row in row.reduce(0) { $0 + $1.count } }.max() ?? 0
    let bases = examples.map { firstToken(ofStyle: $0.label) }
    var inputs = [Int32](repeating: 0, count: longest * rows.count)
    var labels = [Int32](repeating: MusicTask.ignoredLabel, count: inputs.count)
    var count = 0
    for (row, steps) in rows.enumerated() {
      var (place, last) = (row, tokens.beginning)
      for (step, tokens) in steps.enumerated() {
        for token in tokens {
          inputs[place] = last + bases[row]
          if step >= examples[row].contextCount {
            labels[place] = token
            count += 1
          }
          last = token
          place += rows.count
        }
      }
    }
    let shape = [longest, rows.count]
    let (mean, _) = model.loss(
      Indices(inputs, shape: shape), targets: Indices(labels, shape: shape), mode: mode)
    return mean * (Float(count) / Float(max(stepCount, 1)))
  }

  /// What the numbers of tokens are moved by in ``MusicModel/eventsOfStyles``.
  func firstToken(ofStyle label: Int?) -> Int32 {
    labels.map { Int32(tokens.count * (label ?? $0.count)) } ?? 0
  }

  /// The label of what does not count.
  private static let ignoredLabel: Int32 = -100

  /// The loss is in nats of a step.
  public func terms(of loss: Double) -> String? {
    "\(rounded(loss, 3)) nats/step (\(configuration.representation.likelihoodClass))"
  }

  /// Nothing is fitted behind the parameters.
  public mutating func calibrate(_ model: MusicModel, on source: ExampleSource<Example>) {}

  /// It looks back alone.
  public var isCausal: Bool { true }

  // MARK: Files of the bundle

  private static let corpusFile = "training-steps.bin"

  /// The training part.
  public var resources: [String: [UInt8]] {
    corpus.pieces.isEmpty ? [:] : [MusicTask.corpusFile: corpus.bytes]
  }

  /// Takes over the training part, where the bundle has it.
  public mutating func restoreResources(_ resource: (String) throws -> [UInt8]) throws {
    guard style.hasCorpus else { return }
    corpus = try MusicCorpus(bytes: resource(MusicTask.corpusFile), path: MusicTask.corpusFile)
  }

  /// What is impossible about the task, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try configuration.check()
      try ValueIssue.pass(adaptation?.issue)
      try ValueIssue.check("tokens.lowest", tokens.lowest, in: 0...116)
      try ValueIssue.check("tokens.highest", tokens.highest, in: tokens.lowest + 11...127)
      try ValueIssue.check("grid.stepsPerQuarter", grid.stepsPerQuarter, in: 1...96)
      try ValueIssue.check("transposition", transposition, in: 0...24)
      try ValueIssue.check("quartersPerBar", quartersPerBar, in: 1...64)
      try style.check()
      try ValueIssue.check("the number of labels", labels?.count ?? 0, in: 0...1 << 16)
      try ValueIssue.check("labels", distinct: labels?.names ?? [])
    }
  }
}
