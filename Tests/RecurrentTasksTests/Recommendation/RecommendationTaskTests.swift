import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct RecommendationTaskTests {
  /// A task of some items of falling frequency.
  static func task(
    loss: RecommendationLoss = .crossEntropy, items: Int = 9, hidden: Int = 5, embedding: Int = 5,
    layers: Int = 1, window: Int = 3, cell: CellCatalog = .gru, stateDropout: Float = 0.2
  ) -> RecommendationTask {
    RecommendationTask(
      configuration: RecommendationConfiguration(
        cell: CellChoice(cell), hiddenSize: hidden, layerCount: layers, embeddingSize: embedding,
        dropoutRate: 0.2, stateDropoutRate: stateDropout, loss: loss, sampleCount: 4, windowLength: window),
      items: ItemVocabulary(ids: (0..<items).map { "i\($0)" }), counts: (0..<items).map { items - $0 })
  }

  static func examples(_ lengths: [Int], items: Int = 9) -> [RecommendationTask.Example] {
    lengths.enumerated().map { index, length in
      RecommendationTask.Example(
        items: RandomKey(seed: UInt64(index)).integers(length, below: items).map { Int32($0) },
        name: "s\(index)")
    }
  }

  @Test(arguments: [
    (RecommendationLoss.crossEntropy, 5, 1, 3, CellCatalog.gru), (.crossEntropy, 4, 2, 1, .lstm),
    (.sampledSoftmax, 5, 1, 2, .gru), (.bprMax, 5, 1, 8, .gru), (.sampledSoftmax, 5, 1, 1, .gru),
  ])
  func promisesHold(
    _ loss: RecommendationLoss, _ embedding: Int, _ layers: Int, _ window: Int, _ cell: CellCatalog
  ) throws {
    let task = Self.task(
      loss: loss, embedding: embedding, layers: layers, window: window, cell: cell)
    #expect(task.issue == nil)
    try checkTask(task, examples: Self.examples([6, 3, 9, 1, 5]))
  }

  private func plan(_ task: RecommendationTask, _ examples: [RecommendationTask.Example]) -> TrainingPlan<
    RecommendationTask
  > {
    TrainingPlan(
      task: task, training: ExampleSource(examples), validation: ExampleSource([]), test: ExampleSource([]),
      suggested: TaskSettings(batchSize: 2, training: TrainerSettings(epochs: 1)), settings: Settings(),
      unitName: "events")
  }

  /// The losses of all windows of an epoch, with the state carried, are those of each session alone.
  @Test(arguments: [1, 2, 5, 50]) func windowsAreSessionsAlone(_ window: Int) throws {
    let task = Self.task(window: window)
    let examples = Self.examples([6, 3, 9, 2, 5, 1])
    let problem = try task.problem(plan(task, examples))
    let model = task.makeModel(key: RandomKey(seed: 2))
    var carry = problem.initialCarry(model)
    var (sum, weight) = (0.0, 0.0)
    for step in 0..<problem.stepCount(epoch: 0) {
      let loss = try problem.loss(model, at: StepPosition(step: step), carry: carry, mode: .inference)
      carry = RecommendationProblem.Carry(tensors: loss.carry.tensors.map(\.detached))
      sum += Double(loss.loss.scalar) * loss.weight
      weight += loss.weight
    }
    var expected = 0.0
    for example in examples where example.items.count > 1 {
      let count = example.items.count - 1
      let (hidden, _) = model.read(Indices(Array(example.items.dropLast()), shape: [count, 1]))
      let targets = Indices(Array(example.items.dropFirst()), shape: [count, 1])
      expected += Double(crossEntropy(model.scores(hidden), targets).scalar) * Double(count)
    }
    #expect(weight == 20 && abs(sum - expected) < 1e-3)
  }

  /// With windows of one step what dropout leaves of the output is the state that is carried.
  @Test func theStateIsDropped() throws {
    let examples = Self.examples([9, 9])
    func carried(_ window: Int) throws -> Float {
      let task = Self.task(hidden: 64, embedding: 64, window: window, stateDropout: 0.5)
      let problem = try task.problem(plan(task, examples))
      let model = task.makeModel(key: RandomKey(seed: 2))
      let loss = try problem.loss(
        model, at: StepPosition(), carry: problem.initialCarry(model), mode: .training(RandomKey(seed: 3)))
      let state = loss.carry.tensors[0].scalars
      return Float(state.count { $0 == 0 }) / Float(state.count)
    }
    #expect(try abs(carried(1) - 0.5) < 0.15)
    #expect(try carried(2) == 0)
  }

  @Test func aModelBeginsWithPopularity() throws {
    let task = Self.task()
    let examples = Self.examples([4, 5])
    let model = try task.initialModel(key: RandomKey(seed: 1), plan: plan(task, examples))
    let empty = task.predictions(model, to: [RecommendationTask.Example(items: [])])[0]
    #expect(empty.choices.map(\.item) == Array(0..<9))
    #expect(abs(empty.choices[0].probability - 9 / 45) < 1e-5)
    #expect(abs(empty.choices.reduce(0) { $0 + $1.probability } - 1) < 1e-5)
  }

  @Test func whatWasSeenCanBeLeftOut() throws {
    var settings = Settings()
    settings[.excludeSeen] = true
    settings[.top] = 4
    let task = try Self.task().predicting(with: settings)
    let model = task.makeModel(key: RandomKey(seed: 4))
    let examples = Self.examples([1, 4, 8])
    for (prediction, example) in zip(task.predictions(model, to: examples), examples) {
      #expect(prediction.choices.count == min(4, 9 - Set(example.items).count))
      #expect(Set(prediction.choices.map(\.item)).isDisjoint(with: example.items))
    }
    var session = try #require(task.session(model))
    for (place, item) in examples[2].items.enumerated() {
      let before = RecommendationTask.Example(items: Array(examples[2].items[...place]))
      #expect(session.push(RecommendationStep(item: item)) == task.predictions(model, to: [before]))
    }
    settings[.top] = 100
    let all = try Self.task().predicting(with: settings).predictions(model, to: [examples[1]])[0]
    #expect(abs(all.choices.reduce(0) { $0 + $1.probability } - 1) < 1e-5)
  }

  @Test func impossibleTasksAreRefused() {
    func issue(_ change: (inout RecommendationTask) -> Void) -> String? {
      var task = Self.task()
      change(&task)
      return task.issue
    }
    #expect(issue { _ in } == nil)
    #expect(issue { $0.configuration.hiddenSize = 1 << 40 }?.contains("hiddenSize") ?? false)
    #expect(issue { $0.configuration.dropoutRate = .nan }?.contains("dropoutRate") ?? false)
    #expect(issue { $0.configuration.samplePower = -1 }?.contains("samplePower") ?? false)
    #expect(issue { $0.counts.removeLast() }?.contains("counts") ?? false)
    #expect(issue { $0.counts[2] = -1 }?.contains("counts") ?? false)
    #expect(
      issue {
        $0.items = ItemVocabulary(ids: []); $0.counts = []
      } != nil)
    var settings = Settings()
    settings[.protocolSetting] = .leaveOneOut
    #expect(RecommendationTask.issue(of: settings) == nil)
    settings[.testDays] = 2
    #expect(
      RecommendationTask.issue(of: settings)
        == "protocol is leave-one-out, expected time where test-days is given")
    settings = Settings()
    settings[.candidates] = .sampled(9)
    #expect(throws: DataError.self) { try Self.task().predicting(with: settings) }
  }

  @Test func candidatesHaveOneSpelling() {
    #expect(
      CandidateChoice(written: "all") == .all && CandidateChoice(written: "sampled:100") == .sampled(100))
    for text in ["", "sampled", "sampled:", "sampled:0", "sampled:-1", "100"] {
      #expect(CandidateChoice(written: text) == nil)
    }
    #expect(CandidateChoice(written: CandidateChoice.sampled(7).written) == .sampled(7))
  }
}
