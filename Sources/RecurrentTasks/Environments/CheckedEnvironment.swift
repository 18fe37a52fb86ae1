import RecurrentReports

/// An environment whose answers are checked, and which knows the episode and the step for errors.
struct CheckedEnvironment: Sendable {
  /// What it is called in errors.
  let name: String
  /// What is observed and what can be done.
  let spaces: EnvironmentSpaces
  private var environment: any Environment
  private var episode = 0
  private var stepCount = 0

  /// Makes an environment by its name.
  ///
  /// - Throws: ``EnvironmentError``, also where its spaces are impossible.
  init(_ choice: EnvironmentChoice) throws(EnvironmentError) {
    try self.init(
      choice.name, try EnvironmentCatalog.make(choice.name, timeout: choice.timeout))
  }

  /// Checks what an environment gives.
  init(_ name: String, _ environment: any Environment) throws(EnvironmentError) {
    (self.name, self.environment, spaces) = (name, environment, environment.spaces)
    if let issue = spaces.issue { throw .cannotStart(environment: name, reason: issue) }
  }

  /// The environment as a picture.
  var scene: Scene? { environment.scene }

  /// Begins an episode.
  ///
  /// - Parameters:
  ///   - seed: of everything random in it.
  ///   - episode: its number, from 1, for errors.
  mutating func reset(seed: UInt64, episode: Int) throws(EnvironmentError) -> [Float] {
    (self.episode, stepCount) = (episode, 0)
    let observation: [Float]
    do { observation = try environment.reset(seed: seed) } catch { throw failure(error.reason) }
    try check(observation)
    return observation
  }

  /// Acts.
  mutating func step(_ action: [Float]) throws(EnvironmentError) -> EnvironmentStep {
    stepCount += 1
    var step: EnvironmentStep
    do { step = try environment.step(action) } catch { throw failure(error.reason) }
    try check(step.observation)
    guard step.reward.isFinite else {
      throw failure("the reward is \(step.reward), expected a finite number")
    }
    // one that does not end by itself is broken off here
    if !step.hasEnded, stepCount >= spaces.stepLimit { step.isTruncated = true }
    return step
  }

  private func check(_ observation: [Float]) throws(EnvironmentError) {
    guard observation.count == spaces.observations.count else {
      throw failure("the observation has \(observation.count) numbers, expected \(spaces.observations.count)")
    }
    guard let place = observation.firstIndex(where: { !$0.isFinite }) else { return }
    throw failure("\"\(spaces.observations[place])\" is \(observation[place]), expected a finite number")
  }

  private func failure(_ reason: String) -> EnvironmentError {
    .failed(environment: name, episode: episode, step: stepCount, reason: reason)
  }
}

/// An environment by its name, made as often as one is needed.
public struct EnvironmentChoice: Sendable, Equatable {
  /// What it is called: a name of the catalogue, or a command.
  public let name: String
  /// Seconds that a process has for an answer.
  public let timeout: Double

  /// One of the catalogue, or a command.
  public init(_ name: String, timeout: Double = ProcessEnvironment.standardTimeout) {
    (self.name, self.timeout) = (name, timeout)
  }

  /// Episodes side by side where nothing else is said: each process takes one.
  var rowCount: Int { EnvironmentCatalog.isCommand(name) ? 1 : 16 }
}
