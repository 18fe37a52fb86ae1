import RecurrentReports

/// An episode that was run to its end.
public struct EpisodeRecord: Sendable, Equatable {
  /// The seed that it began with.
  public var seed: UInt64
  /// The sum of its rewards.
  public var totalReward: Double
  /// Steps.
  public var stepCount: Int
  /// Whether it ended by itself, and was not broken off.
  public var isTerminated: Bool
  /// Step by step what was observed and done and what that was worth; empty where nobody asked.
  public var steps: [Step]

  /// A step of an episode.
  public struct Step: Sendable, Equatable {
    /// What was observed before it, `[O]`.
    public var observation: [Float]
    /// What was done, as the environment took it, `[A]`.
    public var action: [Float]
    /// What that was worth.
    public var reward: Double
  }
}

/// Runs a policy in an environment, episode after episode; its state is that of the beginning at each start.
struct EpisodeRunner {
  /// The environment.
  let choice: EnvironmentChoice
  /// Its spaces as the policy knows them.
  let spaces: EnvironmentSpaces
  /// To the scale of the network.
  let scaler: ChannelScaler
  /// Episodes side by side; an episode does not depend on it.
  var rowCount = 1
  /// Whether the policy forgets everything before each step.
  var isMemoryless = false
  /// The key by which actions are drawn; nil for the likeliest ones.
  var sampling: RandomKey?
  /// Called with the environment before each step and behind the end of the first episode.
  var look: ((Scene) -> Void)?
  /// Seconds that only grow, where steps of the policy are measured.
  var clock: (() -> Double)?

  /// Runs an episode for each seed.
  ///
  /// - Parameters:
  ///   - model: the policy.
  ///   - seeds: of the episodes.
  ///   - recorded: how many of the first episodes keep their steps.
  ///   - latency: called with the seconds that the policy took for a step of all rows, where there is a clock.
  ///   - progress: called with the completed fraction behind each episode.
  /// - Throws: ``EnvironmentError``, and what `progress` throws.
  func run(
    _ model: PolicyModel, seeds: [UInt64], recorded: Int = 0, latency: (Double) -> Void = { _ in },
    progress: (Double) throws -> Void = { _ in }
  ) throws -> [EpisodeRecord] {
    let rows = min(rowCount, seeds.count)
    guard rows > 0 else { return [] }
    var environments: [CheckedEnvironment] = []
    for _ in 0..<rows { environments.append(try checked()) }
    var stepper = PolicyRows(model.actor, scaler: scaler, rowCount: rows)
    let distribution = PolicyDistribution(spaces.actions, model)
    var records = seeds.map {
      EpisodeRecord(seed: $0, totalReward: 0, stepCount: 0, isTerminated: false, steps: [])
    }
    var observations = [[Float]](repeating: [], count: rows)
    /// The episode of each row; nil where there is none left.
    var episodes = [Int?](repeating: nil, count: rows)
    var (next, done) = (0, 0)
    func begin(_ row: Int) throws {
      stepper.reset(row: row)
      guard next < seeds.count else {
        episodes[row] = nil
        return
      }
      observations[row] = try environments[row].reset(seed: seeds[next], episode: next + 1)
      episodes[row] = next
      next += 1
    }
    for row in 0..<rows { try begin(row) }
    var action = [Float](repeating: 0, count: spaces.actions.size)
    while done < seeds.count {
      if isMemoryless { stepper.resetAll() }
      let before = clock?()
      for row in 0..<rows { stepper.load(observations[row], row: row) }
      stepper.advance()
      if let before, let clock { latency(clock() - before) }
      for row in 0..<rows {
        guard let episode = episodes[row] else { continue }
        if episode == 0, let look, let scene = environments[row].scene { look(scene) }
        stepper.withScores(row: row) { scores in
          if let sampling {
            let width = action.count
            let uniforms = sampling.child(episode).uniforms(width, from: width * records[episode].stepCount)
            _ = distribution.sample(scores, uniforms: uniforms, into: &action)
          } else {
            distribution.best(scores, into: &action)
          }
        }
        let taken = distribution.value(action)
        let step = try environments[row].step(taken)
        records[episode].totalReward += step.reward
        records[episode].stepCount += 1
        if episode < recorded {
          records[episode].steps.append(
            .init(observation: observations[row], action: taken, reward: step.reward))
        }
        observations[row] = step.observation
        guard step.hasEnded else { continue }
        if episode == 0, let look, let scene = environments[row].scene { look(scene) }
        records[episode].isTerminated = step.isTerminated
        done += 1
        try progress(Double(done) / Double(seeds.count))
        try begin(row)
      }
    }
    return records
  }

  /// An environment that has the spaces of the policy.
  private func checked() throws(EnvironmentError) -> CheckedEnvironment {
    let environment = try CheckedEnvironment(choice)
    let own = environment.spaces
    guard own.observations.count == spaces.observations.count else {
      throw .unfit(
        environment: choice.name,
        reason: "it is observed by \(own.observations.count) numbers, and the policy reads "
          + "\(spaces.observations.count)")
    }
    guard own.actions.isLike(spaces.actions) else {
      throw .unfit(environment: choice.name, reason: "its actions are not those of the policy")
    }
    return environment
  }
}
