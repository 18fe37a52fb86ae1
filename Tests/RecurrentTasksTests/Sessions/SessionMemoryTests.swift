import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// A steady step asks for no memory, in every causal task.
@Suite(.enabled(if: AllocationCount.isAvailable)) struct SessionMemoryTests {
  /// Calls of the allocator while so many steps are read again.
  private func allocations(_ count: Int, _ read: (Int) -> Void) -> Int {
    for index in 0..<count { read(index) }
    return AllocationCount.during {
      for index in 0..<count { read(index) }
    }
  }

  @Test func classificationAndRegression() throws {
    let (task, steps) = (SessionCases.classification(), SessionCases.steps(300))
    var session = try #require(task.session(task.makeModel(key: SessionCases.key)))
    let count = allocations(steps.count) { session.read(steps[$0]) }
    #expect(count == 0)
    let other = SessionCases.regression
    var second = try #require(other.session(other.makeModel(key: SessionCases.key)))
    let otherCount = allocations(steps.count) { second.read(steps[$0]) }
    #expect(otherCount == 0)
  }

  @Test(arguments: [(false, false), (true, false), (false, true)])
  func tagging(_ usesCRF: Bool, _ hasEvents: Bool) throws {
    let task = SessionCases.tagging(usesCRF: usesCRF, hasEvents: hasEvents)
    var session = try #require(task.session(task.makeModel(key: SessionCases.key)))
    let steps = SessionCases.steps(400)
    let count = allocations(steps.count) { session.read(steps[$0]) }
    #expect(count == 0)
    // labels and events come and go meanwhile
    let outputs = steps.flatMap { session.push($0) }
    #expect(outputs.contains { hasEvents ? !$0.events.isEmpty : !$0.labels.isEmpty })
  }

  /// Tokens with numbers beside them.
  @Test func text() throws {
    let network = SequenceNetworkConfiguration(
      vocabularySize: 9, embeddingSize: 4, featureCount: 2, isCausal: true, hiddenSize: 5)
    let model = PooledNetwork(
      PooledNetworkConfiguration(
        network: network, poolings: [.mean, .max], sumsFeatures: true, classCount: 2), key: SessionCases.key)
    let steps = (0..<100).map {
      FeatureSequence(tokens: [Int32($0 % 9)], featureCount: 2, values: [Float($0), 1])
    }
    let made: SteppedSession<PooledHead<[Float]>>? = .pooled(model) { $0 }
    var session = try #require(made)
    let count = allocations(steps.count) { session.read(steps[$0]) }
    #expect(count == 0)
  }

  @Test(arguments: ["cartpole-no-velocity", "pendulum"]) func policies(_ name: String) throws {
    let task = try ReinforcementCases.task(name)
    let width = task.spaces.observations.count
    let steps = (0..<100).map { step in
      FeatureSequence(featureCount: width, values: (0..<width).map { Float(step % 7 + $0) / 7 })
    }
    var session = try #require(task.session(ReinforcementCases.model(task)))
    let count = allocations(steps.count) { session.read(steps[$0]) }
    #expect(count == 0)
  }

  @Test func languageModels() throws {
    let (task, model) = try SessionCases.languageModel()
    // more tokens than are remembered
    let ids = (0..<3000).map { Int32(1 + $0 % 9) }
    var session = try #require(task.session(model))
    let count = allocations(ids.count) { session.read(ids[$0]) }
    #expect(count == 0)
  }

  @Test(arguments: [ForecastKind.segments, .autoregressive]) func forecasting(_ kind: ForecastKind) throws {
    let series = [ForecastExamples.wave(steps: 60)]
    let task = try ForecastExamples.task(
      series, kind, output: kind == .segments ? .quantiles : .studentT)
    let prepared = try task.featurizer(series[0], ahead: 20)
    let steps = (1...50).flatMap {
      task.steps(of: ForecastWindow(series: prepared, origin: $0)).suffix(1)
    }
    #expect(steps.count == 50)
    var session = try #require(task.session(task.makeModel(key: SessionCases.key)))
    let count = allocations(steps.count) { session.read(steps[$0]) }
    #expect(count == 0)
  }
}
