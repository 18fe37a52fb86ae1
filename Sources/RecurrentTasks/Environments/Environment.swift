import RecurrentReports

/// A world that a policy acts in, step by step: what it observes, what it does, and what that is worth.
///
///     var world = CartPole()
///     var observation = try world.reset(seed: 1)
///     while true {
///       let step = try world.step([observation[2] > 0 ? 1 : 0])
///       observation = step.observation
///       if step.hasEnded { break }
///     }
///
/// An episode is a function of the seed and of the actions alone: the same ones give the same episode.
public protocol Environment: Sendable {
  /// What is observed and what can be done.
  var spaces: EnvironmentSpaces { get }

  /// Begins an episode.
  ///
  /// - Parameter seed: of everything random in it.
  /// - Returns: the first observation, O numbers.
  /// - Throws: ``EnvironmentFault`` where the environment fails.
  mutating func reset(seed: UInt64) throws(EnvironmentFault) -> [Float]

  /// Acts. Not to be called behind the end of an episode.
  ///
  /// - Parameter action: the number of a discrete action, or one number for each continuous action within its bounds.
  /// - Throws: ``EnvironmentFault`` where the environment fails.
  mutating func step(_ action: [Float]) throws(EnvironmentFault) -> EnvironmentStep

  /// The environment as it is now, as a picture; nil where it has none.
  var scene: Scene? { get }
}

extension Environment {
  /// There is nothing to see.
  public var scene: Scene? { nil }
}

/// What comes of an action.
public struct EnvironmentStep: Sendable, Equatable {
  /// What is observed behind it, O numbers; where the episode has ended, its last observation.
  public var observation: [Float]
  /// What the action was worth.
  public var reward: Double
  /// Whether the episode has ended by itself: nothing can be gained any more.
  public var isTerminated: Bool
  /// Whether it was broken off, by a limit of time for example: it might have gone on.
  public var isTruncated: Bool

  /// What comes of an action.
  public init(observation: [Float], reward: Double, isTerminated: Bool, isTruncated: Bool) {
    (self.observation, self.reward) = (observation, reward)
    (self.isTerminated, self.isTruncated) = (isTerminated, isTruncated)
  }

  /// Whether the next step needs another episode.
  public var hasEnded: Bool { isTerminated || isTruncated }
}

/// What is observed in an environment and what can be done there.
public struct EnvironmentSpaces: Sendable, Equatable, Codable {
  /// The names of the O numbers of an observation.
  public var observations: [String]
  /// What can be done.
  public var actions: ActionSpace
  /// The most steps of an episode.
  public var stepLimit: Int
  /// An episode succeeds where its return is at least this; nil where nothing tells.
  public var successReturn: Double?

  /// Spaces.
  public init(
    observations: [String], actions: ActionSpace, stepLimit: Int, successReturn: Double? = nil
  ) {
    (self.observations, self.actions) = (observations, actions)
    (self.stepLimit, self.successReturn) = (stepLimit, successReturn)
  }

  /// What is impossible about the spaces, as a sentence; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try ValueIssue.check("the count of observations", observations.count, in: 1...1 << 16)
      try ValueIssue.check("observations", distinct: observations)
      try ValueIssue.check("stepLimit", stepLimit, in: 1...1 << 20)
      try ValueIssue.check(successReturn?.isFinite ?? true, "successReturn is not finite")
      switch actions {
      case .discrete(let names):
        try ValueIssue.check("the count of actions", names.count, in: 2...1 << 16)
        try ValueIssue.check("actions", distinct: names)
      case .continuous(let bounds):
        try ValueIssue.check("the count of actions", bounds.count, in: 1...1 << 10)
        try ValueIssue.check("actions", distinct: bounds.map(\.name))
        let isBounded = bounds.allSatisfy { $0.low < $0.high && ($0.high - $0.low).isFinite }
        try ValueIssue.check(isBounded, "a continuous action has no bounds, expected finite ones, low < high")
      }
    }
  }
}

/// What can be done in an environment.
public enum ActionSpace: Sendable, Equatable, Codable {
  /// One of several actions with names.
  case discrete([String])
  /// A number for each of several actions.
  case continuous([ActionBounds])

  /// Whether these are as many actions with the same bounds, whatever they are called.
  func isLike(_ other: ActionSpace) -> Bool {
    switch (self, other) {
    case (.discrete(let own), .discrete(let others)): own.count == others.count
    case (.continuous(let own), .continuous(let others)):
      own.map(\.low) == others.map(\.low) && own.map(\.high) == others.map(\.high)
    default: false
    }
  }

  /// Numbers of an action as an environment takes it.
  public var size: Int {
    switch self {
    case .discrete: 1
    case .continuous(let bounds): bounds.count
    }
  }

  /// Numbers that a policy gives for an action: a score for each discrete one, a mean for each continuous one.
  public var scoreCount: Int {
    switch self {
    case .discrete(let names): names.count
    case .continuous(let bounds): bounds.count
    }
  }
}

/// A continuous action.
public struct ActionBounds: Sendable, Equatable, Codable {
  /// What it is called.
  public var name: String
  /// The least and the largest number.
  public var low, high: Float

  /// An action.
  public init(_ name: String, _ range: ClosedRange<Float>) {
    (self.name, low, high) = (name, range.lowerBound, range.upperBound)
  }

  /// The number for one from -1 to 1; what lies beyond counts as the nearest of these.
  func value(_ share: Float) -> Float { (low + high) / 2 + (high - low) / 2 * min(max(share, -1), 1) }
}
