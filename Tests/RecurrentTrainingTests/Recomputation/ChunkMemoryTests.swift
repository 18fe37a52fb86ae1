import RecurrentTestSupport
import Testing

@testable import RecurrentCore

@Suite struct ChunkMemoryTests {
  /// The bound holds for every length, the plan fits, and more memory never means more work.
  @Test func plans() throws {
    let problem = Regression(cell: .lstm, stepCount: 400)
    let model = problem.model
    let whole = try ChunkMemory(of: model, problem, upTo: 1 << 30).bytes(steps: 400)
    var last = Int.max
    for budget in stride(from: whole / 12, through: whole + 1000, by: whole / 24) {
      let memory = try ChunkMemory(of: model, problem, upTo: budget)
      guard let plan = memory.recomputation(of: 400, within: budget) else {
        #expect(budget < memory.leastBytes(of: 400))
        continue
      }
      #expect(budget >= memory.leastBytes(of: 400))
      #expect(
        memory.bytes(steps: plan.chunkLength) + plan.schedule.keptStates * memory.stateBytes <= budget)
      #expect(plan.advancedStepCount <= last)
      last = plan.advancedStepCount
      let peak = try MemoryMeter.peak { _ = try valueAndGradient(of: model, problem, recomputing: plan) }
      #expect(peak <= budget, "\(plan.chunkCount) chunks took \(peak) of \(budget)")
    }
    #expect(last == 0, "with memory enough nothing is computed twice")
  }

  /// The least memory works, one byte less does not.
  @Test(arguments: CellCatalog.allCases)
  func leastMemory(_ cell: CellCatalog) throws {
    let problem = Regression(cell: cell, stepCount: 300)
    let memory = try ChunkMemory(of: problem.model, problem, upTo: 0)
    let least = memory.leastBytes(of: 300)
    #expect(memory.recomputation(of: 300, within: least - 1) == nil)
    let plan = try #require(memory.recomputation(of: 300, within: least))
    let measured = try ChunkMemory(of: problem.model, problem, upTo: least)
    #expect(measured.recomputation(of: 300, within: least) != nil)
    let peak = try MemoryMeter.peak {
      _ = try valueAndGradient(of: problem.model, problem, recomputing: plan)
    }
    #expect(peak <= least)
  }

  /// When states do not fit, some of them are computed again.
  @Test func keepsSomeStates() throws {
    let problem = Regression(cell: .lstm, stepCount: 4000, rows: 40, hidden: 16)
    let memory = try ChunkMemory(of: problem.model, problem, upTo: 0)
    let budget = memory.leastBytes(of: 4000) + 3 * memory.stateBytes
    let plan = try #require(memory.recomputation(of: 4000, within: budget))
    #expect(plan.schedule.keptStates < plan.chunkCount - 1)
    #expect(plan.advancedStepCount > 4000 && plan.advancedStepCount <= 4 * 4000)
  }

  /// What is measured does not depend on the threads.
  @Test func sameOnAnyNumberOfThreads() throws {
    let found = try [1, 2, 5].map { threads in
      try Backends.$current.withValue(CPUBackend(exactThreadCount: threads)) {
        let problem = Regression(cell: .gru, stepCount: 500, rows: 9, hidden: 70)
        return try ChunkMemory(of: problem.model, problem, upTo: 3_000_000)
      }
    }
    #expect(found[0] == found[1] && found[0] == found[2] && found[0].peaks.count > 1)
  }

  #if os(Linux)
  /// The pool never holds more than the plan says, blocks that it keeps among them.
  ///
  /// In a process of its own, because the pool is shared by all tests.
  @Test func poolStaysWithinTheBudget() async {
    await #expect(processExitsWith: .success) {
      let problem = Regression(cell: .lstm, stepCount: 3001, rows: 4, hidden: 64)
      let model = problem.model
      let before = StoragePool.shared.statistics.bytes
      for budget in [2_500_000, 6_000_000, 14_000_000] {
        let memory = try ChunkMemory(of: model, problem, upTo: budget)
        let plan = try #require(memory.recomputation(of: 3001, within: budget))
        StoragePool.shared.trim()
        StoragePool.shared.resetPeak()
        try StoragePool.shared.withLimit(before + budget) {
          for _ in 0..<2 { _ = try valueAndGradient(of: model, problem, recomputing: plan) }
        }
        let peak = StoragePool.shared.statistics.peakBytes - before
        #expect(peak <= budget && peak > budget / 2, "\(plan.chunkCount) chunks: \(peak) of \(budget)")
      }
    }
  }
  #endif
}

/// A layer that predicts random numbers.
private struct Regression: SequenceLoss {
  struct Model: Module {
    var layer: RecurrentLayer<AnyCell>
    var head: Linear
    mutating func walk(_ visitor: inout some ParameterVisitor) {
      visitor.visit("layer", &layer)
      visitor.visit("head", &head)
    }
  }

  let model: Model
  let batch: SequenceBatch
  var stepCount: Int { batch.stepCount }

  init(cell: CellCatalog, stepCount: Int, rows: Int = 3, hidden: Int = 20) {
    let key = RandomKey(seed: 3)
    model = Model(
      layer: RecurrentLayer(layerCount: 2, inputSize: 5, key: key) {
        cell.make(inputSize: $0, hiddenSize: hidden, key: $1)
      }, head: Linear(inputSize: hidden, outputSize: 5, key: key))
    batch = SequenceBatch(Tensor(uniformIn: -1...1, shape: [stepCount, rows, 5], key: key))
  }

  func initialState(of model: Model) -> RecurrentLayer<AnyCell>.State {
    model.layer.initialState(batch: batch.batchSize)
  }

  func loss(
    _ model: Model, over steps: Range<Int>, from state: RecurrentLayer<AnyCell>.State
  ) -> (loss: Tensor, state: RecurrentLayer<AnyCell>.State) {
    let part = batch.part(steps)
    let (outputs, next) = model.layer(part, state: state)
    return (squaredError(model.head(outputs), part.values) * (Float(steps.count) / Float(stepCount)), next)
  }
}
