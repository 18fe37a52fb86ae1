import RecurrentReports

/// An environment of which some numbers are not observed, such as the velocities: only who remembers knows them.
public struct PartialEnvironment<Base: Environment>: Environment {
  private var base: Base
  /// The places of the numbers that are observed.
  private let kept: [Int]

  /// An environment without some observations.
  ///
  /// - Parameters:
  ///   - base: the whole environment.
  ///   - isHidden: says by its name whether a number is not observed.
  public init(_ base: Base, hiding isHidden: (String) -> Bool) {
    self.base = base
    let names = base.spaces.observations
    kept = names.indices.filter { !isHidden(names[$0]) }
  }

  /// The spaces, with the observations that are left.
  public var spaces: EnvironmentSpaces {
    var spaces = base.spaces
    spaces.observations = kept.map { spaces.observations[$0] }
    return spaces
  }

  /// Begins an episode.
  public mutating func reset(seed: UInt64) throws(EnvironmentFault) -> [Float] {
    let whole = try base.reset(seed: seed)
    return kept.map { whole[$0] }
  }

  /// Acts.
  public mutating func step(_ action: [Float]) throws(EnvironmentFault) -> EnvironmentStep {
    var step = try base.step(action)
    let whole = step.observation
    step.observation = kept.map { whole[$0] }
    return step
  }

  /// The whole environment.
  public var scene: Scene? { base.scene }
}
