@testable import RecurrentReports
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct PolicyDriveTests {
  private typealias Cases = ReinforcementCases

  private static func records(
    _ name: String, seeds: [UInt64], rows: Int, sampling: RandomKey? = nil, isMemoryless: Bool = false
  ) throws -> [EpisodeRecord] {
    let task = try Cases.task(name)
    var runner = task.runner(in: task.choice)
    (runner.rowCount, runner.sampling, runner.isMemoryless) = (rows, sampling, isMemoryless)
    return try runner.run(Cases.model(task), seeds: seeds, recorded: seeds.count)
  }

  /// An episode has the bits that it has alone, however many run beside it.
  @Test(arguments: ["cartpole-no-velocity", "pendulum-no-velocity", "t-maze-4"]) func episodesAreAlone(
    _ name: String
  ) throws {
    let seeds = (0..<7).map { UInt64($0) }
    for key in [nil, RandomKey(seed: 3)] {
      let together = try Self.records(name, seeds: seeds, rows: 3, sampling: key)
      #expect(together.map(\.seed) == seeds)
      #expect(try Self.records(name, seeds: seeds, rows: 1, sampling: key) == together)
      #expect(try Self.records(name, seeds: seeds, rows: 50, sampling: key) == together)
      if key == nil {
        for (seed, own) in zip(seeds, together) {
          #expect(try Self.records(name, seeds: [seed], rows: 1) == [own])
        }
      }
    }
  }

  /// What was recorded is what a session says step by step, from its beginning at each start.
  @Test func recordsAreSessions() throws {
    let task = try Cases.task("cartpole-no-velocity")
    let model = Cases.model(task)
    for record in try Self.records("cartpole-no-velocity", seeds: [4, 5], rows: 1) {
      #expect(record.steps.count == record.stepCount && record.totalReward == Double(record.stepCount))
      var session = try #require(task.session(model))
      for step in record.steps {
        let scaled = step.observation.enumerated().map { task.scaler.scaled($0.element, channel: $0.offset) }
        let own = session.push(FeatureSequence(featureCount: 2, values: scaled))
        #expect(own[0].scores[1] > own[0].scores[0] ? step.action == [1] : step.action == [0])
      }
    }
  }

  /// Without memory an action is one of the observation alone.
  @Test func withoutMemory() throws {
    let task = try Cases.task("cartpole-no-velocity")
    let model = Cases.model(task)
    let record = try Self.records("cartpole-no-velocity", seeds: [4], rows: 1, isMemoryless: true)[0]
    for step in record.steps {
      var session = try #require(task.session(model))
      let scaled = step.observation.enumerated().map { task.scaler.scaled($0.element, channel: $0.offset) }
      let own = session.push(FeatureSequence(featureCount: 2, values: scaled))
      #expect(own[0].scores[1] > own[0].scores[0] ? step.action == [1] : step.action == [0])
    }
  }

  @Test func metricsByHand() throws {
    let spaces = EnvironmentSpaces(
      observations: ["x"], actions: .discrete(["a", "b"]), stepLimit: 9, successReturn: 3)
    let own = ReturnMetrics([1, 3, 5, 7], steps: [1, 2, 3, 4], spaces)
    #expect(own.mean.value == 4)
    #expect(abs(own.deviation - (20.0 / 3).squareRoot()) < 1e-12)
    #expect(abs(own.mean.high - 4 - 1.96 * (20.0 / 3).squareRoot() / 2) < 1e-12)
    // Wilson's interval of 3 in 4
    let success = try #require(own.success)
    #expect(success.value == 0.75 && abs(success.low - 0.3006) < 1e-4 && abs(success.high - 0.9544) < 1e-4)
    let all = try #require(ReturnMetrics([4, 4], steps: [1, 1], spaces).success)
    #expect(all.value == 1 && all.low < 0.5 && abs(all.high - 1) < 1e-12)
    #expect(own.metrics.map(\.name).prefix(2) == ["mean return", "success rate"])
  }

  @Test func driving() throws {
    let task = try Cases.task("t-maze-3")
    let trained = TrainedTask(task, Cases.model(task))
    var drive = PolicyDrive(trained)
    var (now, times) = (0.0, [Double]())
    let result = try drive.run(
      episodeCount: 6,
      clock: {
        now += 0.5
        return now
      }, latency: { times.append($0) })
    #expect(result.episodes.count == 6)
    #expect(times.count == result.episodes.reduce(0) { $0 + $1.stepCount } && times.allSatisfy { $0 == 0.5 })
    #expect(result.picture.hasPrefix("<svg") && result.evaluation.report.contains("An episode"))
    #expect(try drive.run(episodeCount: 6).episodes == result.episodes)
    drive.seed = 2
    #expect(try drive.run(episodeCount: 6).episodes.map(\.seed) != result.episodes.map(\.seed))
    drive.drawsActions = true
    let drawn = try drive.run(episodeCount: 6).episodes
    #expect(try drive.run(episodeCount: 6).episodes == drawn)
    let others = PolicyDrive(trained, in: EnvironmentChoice("t-maze-8"))
    #expect(try others.run(episodeCount: 2).evaluation.lines[0].contains("2 episodes in t-maze-8"))
    for (name, reason) in [
      ("cartpole", "it is observed by 4 numbers, and the policy reads 2"),
      ("cartpole-no-velocity", "its actions are not those of the policy"),
    ] {
      #expect(throws: EnvironmentError.unfit(environment: name, reason: reason)) {
        try PolicyDrive(trained, in: EnvironmentChoice(name)).run(episodeCount: 1)
      }
    }
  }

  @Test func filmsAreWellFormed() throws {
    for name in EnvironmentCatalog.names {
      let task = try Cases.task(name)
      let result = try PolicyDrive(TrainedTask(task, Cases.model(task))).run(episodeCount: 1)
      try checkedMarkup(result.picture)
      try checkedMarkup(task.episodeChart(result.episodes[0]).svg)
    }
    let strip = SceneStripChart(title: "t", scenes: Array(repeating: Scene(shapes: []), count: 100))
    #expect(strip.shown.count == 24 && strip.shown.first == 0 && strip.shown.last == 99)
    #expect(SceneStripChart(title: "t", scenes: []).shown.isEmpty)
    #expect(SceneStripChart(title: "t", scenes: [Scene(shapes: [])]).shown == [0])
  }
}
