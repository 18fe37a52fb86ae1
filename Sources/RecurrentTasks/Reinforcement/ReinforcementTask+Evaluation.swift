import RecurrentReports

/// How well a policy does over some episodes.
public struct ReturnMetrics: Sendable, Equatable, Codable {
  /// The return of each episode, in their order.
  public var returns: [Double]
  /// The steps of each.
  public var steps: [Int]
  /// The mean return with its 95 % confidence interval, as if the mean were distributed normally.
  public var mean: ScoreInterval
  /// The standard deviation of the returns.
  public var deviation: Double
  /// The share of episodes that succeed, with its interval; nil where nothing tells.
  public var success: ScoreInterval?

  /// The metrics of episodes. Traps without any.
  init(_ records: [EpisodeRecord], _ spaces: EnvironmentSpaces) {
    self.init(records.map(\.totalReward), steps: records.map(\.stepCount), spaces)
  }

  /// The metrics of returns. Traps without any.
  init(_ returns: [Double], steps: [Int], _ spaces: EnvironmentSpaces) {
    trapUnless(!returns.isEmpty, "ReturnMetrics: expected at least one episode")
    (self.returns, self.steps) = (returns, steps)
    let count = Double(returns.count)
    let center = returns.reduce(0, +) / count
    let squares = returns.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    deviation = (squares / max(count - 1, 1)).squareRoot()
    let half = 1.96 * deviation / count.squareRoot()
    mean = ScoreInterval(value: center, low: center - half, high: center + half)
    success = spaces.successReturn.map { least in
      // Wilson's interval, which is right for shares of 0 and 1 too
      let share = Double(returns.count { $0 >= least }) / count
      let z = 1.96 * 1.96 / count
      let middle = (share + z / 2) / (1 + z)
      let half = 1.96 / (1 + z) * (share * (1 - share) / count + z / (4 * count)).squareRoot()
      return ScoreInterval(value: share, low: middle - half, high: middle + half)
    }
  }

  /// The metrics for a terminal and for programs.
  var metrics: [TaskEvaluation.Metric] {
    var metrics = [TaskEvaluation.Metric("mean return", mean)]
    if let success { metrics.append(.init("success rate", success)) }
    return metrics + [
      .init("standard deviation of returns", deviation), .init("least return", returns.min() ?? 0),
      .init("mean steps", Double(steps.reduce(0, +)) / Double(max(steps.count, 1))),
    ]
  }
}

/// What an evaluation says beside its metrics.
struct ReturnDetails: Encodable, Sendable {
  let environment: String
  let episodes: Int
  let returns: [Double]
  let learningCurve: [LearningPoint]
  let controlReturns: [Double]?
}

extension ReinforcementTask {
  /// Runs the episodes and evaluates their returns.
  ///
  /// - Throws: ``EnvironmentError``, what `progress` throws, or ``TaskError/unsupported(_:)`` for recorded observations.
  public func evaluation(
    _ model: PolicyModel, on examples: ExampleSource<Example>, progress: (Double) throws -> Void
  ) throws -> TaskEvaluation {
    let seeds = try examples.all().compactMap(\.seed)
    guard seeds.count == examples.count, !seeds.isEmpty else {
      throw TaskError.unsupported("recorded observations have no returns: let the policy act")
    }
    var film: [Scene] = []
    var runner = runner(in: choice)
    runner.look = { film.append($0) }
    let records = try runner.run(packed(model), seeds: seeds, recorded: 1, progress: progress)
    return evaluation(of: records, film, in: choice)
  }

  /// Evaluates episodes that were run, of which the first was recorded.
  ///
  /// - Parameters:
  ///   - records: the episodes, at least one.
  ///   - film: what the first one looked like; empty where there is nothing to see.
  ///   - choice: the environment.
  func evaluation(
    of records: [EpisodeRecord], _ film: [Scene], in choice: EnvironmentChoice
  ) -> TaskEvaluation {
    let own = ReturnMetrics(records, spaces)
    // the control was not run elsewhere
    let other = choice == self.choice ? control.map { ReturnMetrics($0.returns, steps: [], spaces) } : nil
    var metrics = own.metrics
    if let other { metrics.append(.init("mean return without memory", other.mean)) }
    if let success = other?.success { metrics.append(.init("success rate without memory", success)) }
    var lines = [
      "\(counted(records.count, "episode")) in \(choice.name): mean return \(significant(own.mean.value)) "
        + "(95 %: \(significant(own.mean.low)) to \(significant(own.mean.high)))"
    ]
    if let success = own.success { lines.append("success rate: \(percent(success.value))") }
    if let other {
      lines.append("the same network without memory: mean return \(significant(other.mean.value))")
    }
    return TaskEvaluation(
      metrics: metrics, lines: lines, report: report(own, other, records, film, choice.name).html,
      details: ReturnDetails(
        environment: choice.name, episodes: records.count, returns: own.returns, learningCurve: curve,
        controlReturns: other?.returns),
      warnings: warnings(own, other))
  }

  private func warnings(_ own: ReturnMetrics, _ other: ReturnMetrics?) -> [String] {
    guard let other, other.mean.high >= own.mean.low else { return [] }
    return [
      "the same network without memory does about as well: nothing shows that memory is needed here"
    ]
  }
}
