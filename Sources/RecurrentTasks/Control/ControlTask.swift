import RecurrentReports

/// Control: a model of a system, which gives its outputs by its inputs alone, or of a driver, which does what was shown.
///
/// A system reads its inputs, and in the first samples the outputs that were measured beside them: these bring the state of the network to
/// that of the system. From then on it runs free. A driver carries its state from the beginning of an episode, in training as at work.
public struct ControlTask: BatchedTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "control"

  /// What is learnt.
  public var kind: ControlKind
  /// The networks.
  public var configuration: ControlConfiguration
  /// From the inputs of a step to features; of numbers.
  public var featurizer: SequenceFeaturizer
  /// The names of the outputs, D of them.
  public var outputs: [String]
  /// The moves that the one output is one of; empty where outputs are numbers.
  public var moves: [String]
  /// The scale of each output in the training part.
  public var scaler: ChannelScaler
  /// Samples whose measured outputs are read before a system runs free.
  public var warmUp: Int
  /// Whether a driver reads what it did last.
  public var readsPreviousAction: Bool
  /// How often training hides the last action.
  public var previousActionDropout: Float
  /// K: normal distributions of an action of numbers.
  public var mixtureCount: Int
  /// The one action that a distribution becomes.
  public var actionChoice: ActionChoice
  /// Steps of a window in training behind the warm-up.
  public var windowLength: Int
  /// The deviation of noise on the inputs in training, on their common scale.
  public var noise: Float
  /// The networks that answer together, by their numbers, rising.
  public var members: [Int]
  /// The linear model that the networks have to beat.
  public var linear: LinearMemory
  /// The columns that were named or found in training: further data are read alike.
  public var columns: ControlColumns
  /// The distance of the steps in the unit of their times; nil without times.
  public var interval: Double?
  /// Whether recorded actions are fed back in place of its own: to tell a driver that copies.
  var feedsRecordedActions = false
  /// What a driver is tried on in an evaluation; nil for nothing.
  var system: ControlSystem?

  private enum CodingKeys: CodingKey {
    case kind, configuration, featurizer, outputs, moves, scaler, warmUp, readsPreviousAction
    case previousActionDropout, mixtureCount, actionChoice, windowLength, noise, members, linear, columns
    case interval
  }

  /// A task whose best networks are not known yet.
  public init(
    kind: ControlKind, configuration: ControlConfiguration, featurizer: SequenceFeaturizer,
    outputs: [String], moves: [String] = [], scaler: ChannelScaler, warmUp: Int = 0, linear: LinearMemory
  ) {
    (self.kind, self.configuration, self.featurizer) = (kind, configuration, featurizer)
    (self.outputs, self.moves, self.scaler, self.warmUp) = (outputs, moves, scaler, warmUp)
    (readsPreviousAction, previousActionDropout, mixtureCount) = (false, 0.5, 1)
    (actionChoice, noise, self.linear) = (.mean, 0, linear)
    windowLength = ControlTask.standardWindow(kind, hasMoves: !moves.isEmpty)
    members = Array(0..<configuration.ensembleSize)
    (columns, interval) = (ControlColumns(), nil)
  }

  /// An episode, or a part of one.
  public struct Example: Sendable, Equatable {
    /// What goes in at each step, of T steps.
    public var features: FeatureSequence
    /// The same as numbers of the data, `[T * I]`.
    public var inputs: [Float]
    /// What comes out, `[T * D]`; of moves their numbers. NaN where it is not known.
    public var outputs: [Float]
    /// Steps at the beginning that do not count beyond those of the warm-up.
    public var contextCount: Int
    /// Where it comes from.
    public var name: String

    /// An episode.
    public init(
      features: FeatureSequence, inputs: [Float], outputs: [Float], contextCount: Int = 0, name: String = ""
    ) {
      (self.features, self.inputs, self.outputs) = (features, inputs, outputs)
      (self.contextCount, self.name) = (contextCount, name)
    }

    /// T.
    public var stepCount: Int { features.stepCount }
  }

  /// What comes out at each step from ``ControlTask/firstStep`` on.
  public struct Prediction: Sendable, Equatable {
    /// Step by step all D outputs; of moves the number of the likeliest.
    public var values: [Double]
    /// Step by step the deviations of an action, or the probabilities of all moves; nothing of a system.
    public var spreads: [Double]

    /// A prediction.
    public init(values: [Double] = [], spreads: [Double] = []) {
      (self.values, self.spreads) = (values, spreads)
    }
  }

  // MARK: Shapes

  /// The first step with a prediction, from 0.
  public var firstStep: Int { kind == .simulation ? warmUp : 0 }

  /// D.
  var outputSize: Int { outputs.count }

  /// What the networks give out.
  var output: ControlOutput {
    if !moves.isEmpty { return .moves(moves.count) }
    return kind == .simulation
      ? .values(outputSize)
      : .mixture(DiagonalMixtureOutput(count: mixtureCount, size: outputSize), actionChoice)
  }

  /// Numbers beside the features of a step: measured outputs or the last action, and whether they are there.
  var feedbackSize: Int {
    switch kind {
    case .simulation: warmUp > 0 ? outputSize + 1 : 0
    case .imitation: readsPreviousAction ? (moves.isEmpty ? outputSize : moves.count) + 1 : 0
    }
  }

  /// F: numbers that the networks read of a step.
  var inputSize: Int { featurizer.featureCount + feedbackSize }

  // MARK: Model

  /// Networks with fresh parameters.
  public func makeModel(key: RandomKey) -> ControlModel {
    ControlModel(configuration, inputSize: inputSize, outputSize: output.parameterCount, key: key)
  }

  /// The number of parameters, by their sizes alone.
  public var parameterCount: Int {
    configuration.parameterCount(inputSize: inputSize, outputSize: output.parameterCount)
  }

  /// Numbers.
  public var modality: Modality { .series }

  /// Steps.
  public func cost(of example: Example) -> Int { example.stepCount }

  /// The bytes of inputs and outputs.
  public func memory(of example: Example) -> Int {
    example.features.byteCount + 4 * (example.inputs.count + example.outputs.count)
  }

  /// It looks back alone.
  public var isCausal: Bool { true }

  /// Batches of windows.
  public func problem(_ plan: TrainingPlan<ControlTask>) throws -> ControlProblem {
    try ControlProblem(self, plan)
  }

  /// Chooses the networks with the least loss on examples that they were not trained on.
  ///
  /// - Throws: what reading the examples throws.
  public mutating func calibrate(_ model: ControlModel, on source: ExampleSource<Example>) throws {
    let examples = try source.all()
    guard !examples.isEmpty, model.members.count > 1 else { return }
    let packed = model.packed()
    let losses = packed.members.map { loss([$0], examples) }
    let order = losses.indices.sorted { (losses[$0], $0) < (losses[$1], $1) }
    members = order.prefix(configuration.ensembleSize).sorted()
  }

  /// The task as it predicts with settings that are given for that.
  public func predicting(with settings: Settings) throws -> ControlTask {
    var own = self
    if let choice = settings[.actionChoice] { own.actionChoice = choice }
    if let path = settings[.system] { own.system = try ControlSystem(bundle: path) }
    return own
  }

  /// What is impossible about the task, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try configuration.check()
      try ValueIssue.pass(featurizer.issue, in: "featurizer: ")
      guard case .series(let own) = featurizer else {
        throw ValueIssue("featurizer is for \(featurizer.modality), expected numbers")
      }
      try ValueIssue.check(
        !own.missing.marksMissing, "featurizer.missing.marksMissing is true, expected no gaps")
      try ValueIssue.check("the count of outputs", outputs.count, in: 1...1 << 12)
      try ValueIssue.check("outputs", distinct: outputs)
      try ValueIssue.check("the count of moves", moves.count, in: 0...1 << 16)
      try ValueIssue.check("moves", distinct: moves)
      try ValueIssue.check(
        moves.isEmpty || outputs.count == 1 && kind == .imitation,
        "moves are there, expected one output of a driver")
      try scaler.check("scaler", channels: outputs.count)
      try ValueIssue.check("warmUp", warmUp, in: 0...1 << 20)
      try ValueIssue.check("previousActionDropout", previousActionDropout, in: 0...1)
      try ValueIssue.check("mixtureCount", mixtureCount, in: 1...1 << 10)
      try ValueIssue.check("windowLength", windowLength, in: 1...1 << 20)
      try ValueIssue.check("noise", noise, in: 0...10)
      try ValueIssue.check("the count of members", members.count, in: 1...configuration.restartCount)
      try ValueIssue.check("members", each: members, in: 0...configuration.restartCount - 1)
      try ValueIssue.check(
        zip(members, members.dropFirst()).allSatisfy { $0 < $1 },
        "members are \(members), expected rising ones")
      try linear.check(inputs: own.channels.count, outputs: moves.isEmpty ? outputs.count : moves.count)
    }
  }
}
