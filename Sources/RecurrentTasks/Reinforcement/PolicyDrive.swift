import RecurrentReports

/// A policy that is let act in an environment: who drives resets its state at the start of each episode.
///
///     let drive = PolicyDrive(try TrainedTask<ReinforcementTask>(bundle: "balance.bundle"))
///     let result = try drive.run(episodeCount: 100)
///     print(result.evaluation.lines)
public struct PolicyDrive: Sendable {
  private let task: ReinforcementTask
  private let model: PolicyModel
  /// The environment.
  public let choice: EnvironmentChoice
  /// Whether actions are drawn, and not the likeliest ones.
  public var drawsActions = false
  /// The seed of the episodes and of the draws.
  public var seed: UInt64 = 1

  /// A policy in an environment; nil for that which it was trained in.
  public init(_ trained: TrainedTask<ReinforcementTask>, in choice: EnvironmentChoice? = nil) {
    (task, model) = (trained.task, trained.task.packed(trained.model))
    self.choice = choice ?? trained.task.choice
  }

  /// What came of it.
  public struct Result: Sendable {
    /// The returns.
    public var evaluation: TaskEvaluation
    /// The episodes in their order; the first with its steps.
    public var episodes: [EpisodeRecord]
    /// The first episode as SVG.
    public var picture: String
  }

  /// Runs episodes, one after the other.
  ///
  /// - Parameters:
  ///   - episodeCount: how many, at least 1.
  ///   - clock: seconds that only grow, where steps of the policy are to be measured.
  ///   - latency: called with the seconds that the policy took for each step.
  ///   - progress: called with the completed fraction, 0 to 1; ends the run where it throws.
  /// - Throws: ``EnvironmentError``, and what `progress` throws.
  public func run(
    episodeCount: Int, clock: (() -> Double)? = nil, latency: (Double) -> Void = { _ in },
    progress: (Double) throws -> Void = { _ in }
  ) throws -> Result {
    trapUnless(episodeCount >= 1, "PolicyDrive: expected at least one episode, received \(episodeCount)")
    var film: [Scene] = []
    var runner = task.runner(in: choice)
    runner.rowCount = 1
    runner.look = { film.append($0) }
    runner.clock = clock
    if drawsActions { runner.sampling = RandomKey(seed: seed).child(5) }
    let records = try runner.run(
      model, seeds: task.seeds(episodeCount, 6, seed: seed), recorded: 1, latency: latency,
      progress: progress)
    return Result(
      evaluation: task.evaluation(of: records, film, in: choice), episodes: records,
      picture: task.picture(of: records[0], film, in: choice.name))
  }
}
