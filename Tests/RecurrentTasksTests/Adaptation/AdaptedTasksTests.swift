import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// The tasks whose models go on learning: what they measure of a model that learns nothing is what they measure of it as it is.
@Suite struct AdaptedTasksTests {
  private static let key = RandomKey(seed: 83)
  private static let nothing = Adaptation.Rule(
    dynamic: .init(rate: 0, pull: 0, segment: 4), cache: .init(window: 5, flatness: 1, weight: 0))
  private static let much = Adaptation.Rule(
    dynamic: .init(rate: 1, pull: 0.01, segment: 4), cache: .init(window: 50, flatness: 0.5, weight: 0.4))

  /// The metrics by their names.
  private func check<Task: AdaptableTask>(
    _ task: Task, _ examples: [Task.Example], _ metric: String, lessIsBetter: Bool = true
  ) throws {
    let model = task.makeModel(key: Self.key)
    #expect(task.adaptationIssue == nil && task.standardAdaptation.issue == nil)
    func evaluated(_ rule: Adaptation.Rule, _ examples: [Task.Example]) throws -> (
      plain: Double, adapted: Double
    ) {
      let found = try task.adaptedEvaluation(
        model, on: ExampleSource(examples), rule: rule, states: StateFiles(), progress: { _ in })
      func value(_ metrics: [TaskEvaluation.Metric]) throws -> Double {
        try #require(metrics.first { $0.name == metric }?.value)
      }
      return (try value(found.plain.metrics), try value(found.adapted))
    }
    let still = try evaluated(Self.nothing, examples)
    #expect(abs(still.plain - still.adapted) < 1e-4, "\(still)")
    let repeated = (0..<12).flatMap { _ in examples }
    let moved = try evaluated(Self.much, repeated)
    #expect(lessIsBetter ? moved.adapted < moved.plain : moved.adapted > moved.plain, "\(moved)")
    let tuned = try task.tunedAdaptation(model, on: ExampleSource(repeated), progress: { _ in })
    #expect(tuned.both < tuned.plain && tuned.dynamic <= tuned.plain && tuned.cache <= tuned.plain)
    #expect(tuned.adaptation.issue == nil && tuned.lines.count == 4)
  }

  @Test func performances() throws {
    let task = PerformanceTaskTests.task()
    try check(
      task, [4, 3, 5].enumerated().map { task.example(PerformanceTaskTests.performance($1, seed: $0)) },
      "nats per event")
  }

  @Test func pieces() throws {
    try check(
      MusicTaskTests.task(.events),
      [5, 3, 6].enumerated().map { MusicTask.Example(steps: MusicTaskTests.steps($1, seed: $0)) },
      "nats per step")
  }

  @Test func sessions() throws {
    try check(
      RecommendationTaskTests.task(items: 40), RecommendationTaskTests.examples([6, 3, 9], items: 40),
      "MRR at 20", lessIsBetter: false)
  }

  @Test func texts() throws {
    let (task, _) = try SessionCases.languageModel()
    let text = try task.examples(
      [DataSource(text: "abc abd abc bad cab\nabc abd", name: "t")], settings: Settings(),
      needsTargets: true)
    let model = task.makeModel(key: Self.key)
    let still = try task.adaptedEvaluation(
      model, on: text, rule: Self.nothing, states: StateFiles(), progress: { _ in })
    for (own, plain) in zip(still.adapted, still.plain.metrics) {
      #expect(own.name == plain.name && abs(own.value - plain.value) < 1e-4)
    }
    let shown = still.evaluation
    #expect(shown.metrics.map(\.key).contains("adaptedPerplexity"))
    #expect(shown.lines.contains { $0.contains("(as it is ") })
  }

  @Test func whatCannotGoOnLearningSaysSo() {
    #expect(RecommendationTaskTests.task(loss: .bprMax).adaptationIssue?.contains("bpr-max") == true)
    #expect(MusicTaskTests.task(.roll).adaptationIssue?.contains("each key by itself") == true)
  }
}
