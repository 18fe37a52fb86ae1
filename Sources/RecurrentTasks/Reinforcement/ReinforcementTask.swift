import RecurrentReports

/// A policy with a state that is learnt by acting: proximal policy optimisation in an environment.
public struct ReinforcementTask: SequenceTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "reinforcement"

  /// The environment by its name, or the command that runs it.
  public var environment: String
  /// Seconds that a process has for an answer.
  public var timeout: Double
  /// What is observed and done.
  public var spaces: EnvironmentSpaces
  /// The scale of each observation, as actions drawn at random show it.
  public var scaler: ChannelScaler
  /// What rewards are multiplied with in training.
  public var rewardScale: Double
  /// Both networks; their layers read forwards.
  public var network: SequenceNetworkConfiguration
  /// How it is trained.
  public var ppo: PPOSettings
  /// Whether the same network without memory is trained beside, for comparison.
  public var trainsControl: Bool
  /// How the training went.
  public var curve: [LearningPoint]
  /// What the same network without memory has learnt; nil where none was trained.
  public var control: ControlResult?

  /// A task that was not trained yet.
  public init(
    environment: String, timeout: Double = ProcessEnvironment.standardTimeout, spaces: EnvironmentSpaces,
    scaler: ChannelScaler, rewardScale: Double = 1, network: SequenceNetworkConfiguration,
    ppo: PPOSettings = PPOSettings(), trainsControl: Bool = false
  ) {
    (self.environment, self.timeout, self.spaces) = (environment, timeout, spaces)
    (self.scaler, self.rewardScale, self.network) = (scaler, rewardScale, network)
    (self.ppo, self.trainsControl) = (ppo, trainsControl)
    (curve, control) = ([], nil)
  }

  /// Observations one after the other, or an episode that is to be run.
  public struct Example: Sendable, Equatable {
    /// What is observed.
    public var features: FeatureSequence
    /// The seed of an episode that is to be run; nil for observations that were recorded.
    public var seed: UInt64?

    /// Observations.
    public init(features: FeatureSequence) { (self.features, seed) = (features, nil) }

    /// An episode that is to be run.
    public init(seed: UInt64) { (features, self.seed) = (FeatureSequence(tokens: []), seed) }
  }

  /// What the policy does at each step.
  public struct Prediction: Sendable, Equatable {
    /// Numbers of the actor, step by step: P scores of discrete actions, or means of continuous ones.
    public var scores: [Float]
  }

  /// From recorded observations to features.
  public var featurizer: SequenceFeaturizer {
    .series(
      SeriesFeaturizer(
        channels: spaces.observations, scaler: scaler,
        missing: MissingValues(marksMissing: false, timeScale: 1)))
  }

  /// The environment that it was trained in.
  public var choice: EnvironmentChoice { EnvironmentChoice(environment, timeout: timeout) }

  /// Runs episodes.
  func runner(in choice: EnvironmentChoice) -> EpisodeRunner {
    EpisodeRunner(choice: choice, spaces: spaces, scaler: scaler, rowCount: choice.rowCount)
  }

  /// Seeds of episodes that are not trained on.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - kind: seeds of different kinds have nothing to do with each other.
  ///   - seed: of all of them.
  func seeds(_ count: Int, _ kind: Int, seed: UInt64 = 1) -> [UInt64] {
    let key = RandomKey(seed: seed).child(3).child(kind)
    return (0..<count).map { key.child($0).bits }
  }

  // MARK: Model

  /// Networks with fresh parameters.
  public func makeModel(key: RandomKey) -> PolicyModel {
    PolicyModel(
      network, actions: spaces.actions, memory: ppo.memory, logDeviation: Float(ppo.logDeviation), key: key)
  }

  /// The number of parameters of actor and critic, by their sizes alone.
  public var parameterCount: Int {
    var count = 2 * network.parameterCount + (spaces.actions.scoreCount + 1) * (network.outputSize + 1)
    if case .continuous(let bounds) = spaces.actions { count += bounds.count }
    return count
  }

  /// Numbers.
  public var modality: Modality { .series }

  /// Whether tables have a column of a name that the policy observes.
  public func reads(column: String) -> Bool { spaces.observations.contains(column) }

  /// Steps.
  public func cost(of example: Example) -> Int { example.features.stepCount }

  /// The bytes of the observations.
  public func memory(of example: Example) -> Int { example.features.byteCount }

  /// Parameters, rollouts and the actions of running episodes.
  public func trainingMemory(_ settings: TaskSettings) -> Int {
    let rows = ppo.rowCount
    let log = clampedProduct(clampedProduct(rows, spaces.stepLimit), 16 * spaces.actions.size)
    let numbers = 40 * (network.inputSize + 8 * network.hiddenSize + spaces.actions.scoreCount + 8)
    let rollout = clampedProduct(clampedProduct(rows, ppo.rolloutSteps), numbers)
    return 20 * parameterCount + log + rollout
  }

  /// A policy looks back alone.
  public var isCausal: Bool { true }

  /// The mean return, of which the loss of a validation is the negative.
  public func terms(of loss: Double) -> String? { "mean return \(significant(-loss))" }

  // MARK: Training

  /// The training of a plan.
  public func problem(_ plan: TrainingPlan<ReinforcementTask>) -> ReinforcementProblem {
    ReinforcementProblem(self, in: choice, plan.settings)
  }

  /// Nothing is fitted behind the parameters.
  public mutating func calibrate(_ model: PolicyModel, on examples: ExampleSource<Example>) {}

  /// What is impossible about the task, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try ValueIssue.pass(spaces.issue, in: "spaces: ")
      try scaler.check("scaler", channels: spaces.observations.count)
      try ValueIssue.check("rewardScale", rewardScale, in: 1e-300...1e300)
      try ValueIssue.check("timeout", timeout, in: 1e-3...1e9)
      try ValueIssue.check(
        network.isCausal && network.convolutions.isEmpty && network.vocabularySize == nil
          && network.picture == nil,
        "network reads something else than observations forwards")
      try network.check(beside: featurizer)
      try ValueIssue.pass(ppo.issue, in: "ppo: ")
    }
  }
}
