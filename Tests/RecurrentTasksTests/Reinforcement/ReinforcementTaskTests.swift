import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct ReinforcementTaskTests {
  private typealias Cases = ReinforcementCases

  private static func examples(_ task: ReinforcementTask) -> [ReinforcementTask.Example] {
    let width = task.spaces.observations.count
    return [6, 3, 9, 5, 1, 0].map { steps in
      ReinforcementTask.Example(
        features: FeatureSequence(
          featureCount: width,
          values: Tensor.random([steps * width], key: RandomKey(seed: UInt64(steps))).scalars))
    }
  }

  @Test(arguments: ["cartpole-no-velocity", "pendulum-no-velocity", "t-maze-2"], [CellCatalog.gru, .lstm])
  func promisesHold(_ name: String, _ cell: CellCatalog) throws {
    let task = try Cases.task(name, cell: cell)
    #expect(task.issue == nil)
    try checkTask(task, examples: Self.examples(task))
  }

  /// Gates keep the state for up to so many steps, whatever comes, before anything is learnt.
  @Test(arguments: [CellCatalog.gru, .gruResetBefore, .lstm]) func gatesRememberAtFirst(_ cell: CellCatalog)
    throws
  {
    var task = try Cases.task("t-maze-2", cell: cell, layers: 2)
    task.network.hiddenSize = 40
    task.ppo.memory = 100
    let layer = task.makeModel(key: RandomKey(seed: 3)).actor.network.recurrent
    let biases = layer.parameters.filter { $0.name.hasPrefix("bias_ih") }.map { $0.value.scalars }
    #expect(biases.count == 2 && biases[0] != biases[1])
    for numbers in biases {
      let keeping = numbers[40..<80]
      #expect(keeping.allSatisfy { $0 >= 0 && $0 <= Float(4.6) } && keeping.contains { $0 > 3.5 })
      if cell == .lstm { #expect(zip(numbers[..<40], keeping).allSatisfy { $0 == -$1 }) }
    }
    task.ppo.memory = 0
    let plain = task.makeModel(key: RandomKey(seed: 3)).actor.network.recurrent
    #expect(plain.parameters.first { $0.name == "bias_ih_l0" }?.value.scalars[40] == (cell == .lstm ? 1 : 0))
  }

  // MARK: Plans

  private static func plan(_ set: (inout Settings) -> Void) throws -> TrainingPlan<ReinforcementTask> {
    var settings = Settings()
    set(&settings)
    return try ReinforcementTask.plan(TaskRequest([], settings: settings)) { _, _ in }
  }

  @Test func whatIsSetIsTaken() throws {
    let plan = try Self.plan {
      $0[.environment] = "t-maze-9"
      ($0[.experience], $0[.rows], $0[.rolloutSteps], $0[.passes]) = (500, 5, 6, 7)
      ($0[.discount], $0[.trace], $0[.clipRange], $0[.valueWeight]) = (0.5, 0.25, 0.125, 2)
      ($0[.entropyWeight], $0[.validationEpisodes], $0[.testEpisodes]) = (0.75, 4, 11)
      $0[.memory] = 13
      ($0[.hidden], $0[.layers], $0[.cell], $0[.control]) = (9, 2, .lstm, false)
      ($0[.batchSize], $0[.epochs]) = (3, 2)
    }
    #expect(
      plan.task.ppo
        == PPOSettings(
          stepCount: 500, rowCount: 5, rolloutSteps: 6, passCount: 7, discount: 0.5, trace: 0.25,
          clipRange: 0.125, valueWeight: 2, entropyWeight: 0.75, memory: 13, logDeviation: 0,
          validationEpisodes: 4))
    #expect(plan.task.network.hiddenSize == 9 && plan.task.network.layerCount == 2)
    #expect(plan.task.network.cell == .lstm && !plan.task.trainsControl && plan.task.issue == nil)
    let sizes = [plan.sizes.training, plan.sizes.validation, plan.sizes.test, plan.test.count]
    #expect(sizes == [500, 4, 11, 11])
    // two epochs of at least 250 steps, in rollouts of 30, each with 7 passes in two parts
    #expect(plan.task.problem(plan).stepCount(epoch: 0) == 9 * 7 * 2)
  }

  @Test(arguments: EnvironmentCatalog.names) func recipesArePossible(_ name: String) throws {
    let plan = try Self.plan { $0[.environment] = name }
    #expect(plan.task.issue == nil && plan.task.trainsControl)
    // the scales are those of actions drawn at random
    #expect(plan.task.scaler.scales.allSatisfy { $0 > 0 } && plan.task.rewardScale > 0)
    #expect(try Self.plan { $0[.environment] = name }.task == plan.task)
  }

  @Test func environmentsAreNeededAndNoData() throws {
    #expect(throws: DataError.self) { try Self.plan { _ in } }
    #expect(throws: EnvironmentError.self) { try Self.plan { $0[.environment] = "cartpol" } }
    var settings = Settings()
    settings[.environment] = "cartpole"
    #expect(throws: DataError.self) {
      try ReinforcementTask.plan(TaskRequest(["log.csv"], settings: settings)) { _, _ in }
    }
    #expect(!ReinforcementTask.needsData(Settings()) && SequenceRegressionTask.needsData(Settings()))
  }

  // MARK: Trainings

  private static func train(
    _ name: String, epochs: Int = 2, seed: UInt64 = 1, _ set: (inout Settings) -> Void = { _ in }
  ) throws -> TrainedTask<ReinforcementTask> {
    var settings = Settings()
    settings[.environment] = name
    (settings[.experience], settings[.hidden], settings[.epochs]) = (600, 6, epochs)
    (settings[.testEpisodes], settings[.validationEpisodes], settings[.seed]) = (4, 2, seed)
    set(&settings)
    let outcome = try TaskTraining<ReinforcementTask>(TaskRequest([], settings: settings)).run()
    return try #require(outcome.trained)
  }

  /// A maze is learnt by who remembers, and by nobody else.
  @Test func memoryIsLearnt() throws {
    let trained = try Self.train("t-maze-3", epochs: 4) {
      ($0[.experience], $0[.hidden], $0[.testEpisodes]) = (24_000, 16, 40)
    }
    let figures = trained.description.results.figures
    #expect(figures["test success rate"] == 1)
    let without = try #require(figures["test success rate without memory"])
    #expect(without < 0.8)
    #expect(figures["test mean return without memory"] ?? 1 < 0.6)
  }

  @Test func theCourseIsKept() throws {
    let trained = try Self.train("cartpole-no-velocity", epochs: 3)
    let curve = trained.task.curve
    #expect(curve.count == 3 && curve.map(\.episodeCount).allSatisfy { $0 > 2 })
    // rollouts of 8 rows and 128 steps, one for each 200 steps
    #expect(curve.map(\.stepCount) == [1024, 2048, 3072])
    for point in curve {
      let mean = try #require(point.meanReturn)
      #expect(mean > 5 && mean < 100 && point.validationReturn != nil)
      let (low, high) = (try #require(point.low), try #require(point.high))
      #expect(low < mean && mean < high)
    }
    let control = try #require(trained.task.control)
    #expect(control.returns.count == 4 && control.curve.count == 3)
    #expect(trained.task.curve != control.curve)
  }

  /// The same seed gives the same bits, another one others; also where the same rows are learnt from in parts.
  @Test func seeds() throws {
    func parameters(_ seed: UInt64) throws -> [Tensor] {
      try Self.train("pendulum", seed: seed) {
        ($0[.control], $0[.rolloutSteps], $0[.passes]) = (false, 20, 2)
      }.model.parameters.map(\.value)
    }
    let first = try parameters(1)
    try requireSameBits(try parameters(1), first, "the same seed")
    #expect(try parameters(2).map(\.scalars) != first.map(\.scalars))
  }

  // MARK: Predictions

  @Test func whatIsDone() throws {
    let task = try Cases.task("t-maze-2")
    let example = ReinforcementTask.Example(features: FeatureSequence(featureCount: 2, values: [0, 0, 0, 0]))
    let rows = task.rows(.init(scores: [0, 1, 0, 3, 3, 1]), to: example, name: "r")
    #expect(rows.count == 2 && rows[0]["action"] == .text("left") && rows[0]["number"] == .integer(1))
    // of equal scores the first
    #expect(rows[1]["action"] == .text("forward") && rows[1]["step"] == .integer(2))
    guard case .number(let share)? = rows[0]["p left"] else { throw CheckFailure("no share") }
    #expect(abs(share - 0.5761168847658291) < 1e-12)
    let other = try Cases.task("pendulum")
    let turned = other.rows(
      .init(scores: [0.25, -7]),
      to: ReinforcementTask.Example(features: FeatureSequence(featureCount: 3, values: [0, 0, 0, 0, 0, 0])),
      name: "r")
    #expect(turned.map { $0["torque"] } == [.number(0.5), .number(-2)])
  }

  @Test func recordingsAreRead() throws {
    let task = try Cases.task("cartpole-no-velocity")
    let table = DataSource(bytes: Array("time,angle,position\n1,0.5,0.25\n2,0.1,0\n".utf8), name: "t.csv")
    let examples = try task.examples([table], settings: Settings(), needsTargets: false)
    #expect(examples.count == 1)
    let expected = [0.25, 0.5, 0, 0.1].enumerated().map {
      task.scaler.scaled($0.element, channel: $0.offset % 2)
    }
    #expect(try examples[0].features.values == expected)
    #expect(throws: TaskError.self) { try task.examples([table], settings: Settings(), needsTargets: true) }
    #expect(throws: TaskError.self) { try task.evaluation(Cases.model(task), on: examples) { _ in } }
  }

  @Test func damagedDescriptionsAreRefused() throws {
    let changes: [(inout ReinforcementTask) -> Void] = [
      { $0.spaces.observations.append("z") }, { $0.spaces.observations = [] }, { $0.spaces.stepLimit = 0 },
      { $0.spaces.actions = .discrete(["a", "a"]) }, { $0.scaler.scales[0] = 0 }, { $0.rewardScale = .nan },
      { $0.timeout = 0 }, { $0.network.isCausal = false }, { $0.network.hiddenSize = 1 << 40 },
      { $0.network.convolutions = [.init(size: 2, width: 2)] }, { $0.ppo.rowCount = 0 },
      { $0.ppo.rolloutSteps = -1 }, { $0.ppo.discount = 1.5 }, { $0.ppo.clipRange = 0 },
      { $0.ppo.logDeviation = 1e9 },
    ]
    for (number, change) in changes.enumerated() {
      var task = try Cases.task("cartpole-no-velocity")
      change(&task)
      #expect(task.issue != nil, "change \(number)")
    }
  }
}
