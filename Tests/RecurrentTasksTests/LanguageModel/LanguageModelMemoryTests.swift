import RecurrentTestSupport
import Testing

@testable import RecurrentCore
@testable import RecurrentTasks

@Suite struct LanguageModelMemoryTests {
  private func problem(
    memory: Int?, cell: CellCatalog = .lstm, settings: TaskSettings = .short(batchSize: 2),
    _ change: (inout LanguageModelConfiguration) -> Void = { _ in }
  ) throws -> LanguageModelProblem {
    var configuration = LanguageModelConfiguration.standard(unit: .character, tokenCount: 4000)
    (configuration.hiddenSize, configuration.embeddingSize, configuration.layerCount) = (9, 5, 2)
    (configuration.sequenceLength, configuration.dropoutRate) = (600, 0.3)
    configuration.cell = cell
    configuration.bpttMemory = memory.map { MemorySize(bytes: $0) }
    change(&configuration)
    let ids = RandomKey(seed: 1).integers(4001, below: 11).map { Int32($0) }
    return try LanguageModelProblem(
      training: ids, validation: Array(ids.prefix(900)), configuration: configuration,
      settings: settings)
  }

  private func model(_ problem: LanguageModelProblem) -> LanguageModel {
    LanguageModel(problem.configuration, vocabularySize: 11, key: RandomKey(seed: 2))
  }

  /// With little memory a window gives what it gives with much: dropout, tied embeddings and the shorter last window too.
  @Test(arguments: [CellCatalog.lstm, .gru, .elman], [false, true])
  func gradientsAreThoseOfThePlainPass(_ cell: CellCatalog, _ isTied: Bool) throws {
    let plain = try problem(memory: nil, cell: cell) { $0.tiesEmbeddings = isTied }
    let model = model(plain)
    let limited = try problem(memory: plain.fixedBytes(model) + 300_000, cell: cell) {
      $0.tiesEmbeddings = isTied
    }
    #expect(try plain.recomputation(for: model) == nil)
    let plan = try limited.recomputation(for: model)
    #expect(try #require(plan).chunkCount > 2)
    for step in [0, 3] {
      let carry = LanguageModelProblem.Carry(
        tensors: plain.initialCarry(model).tensors.map { .random($0.shape, key: RandomKey(seed: 5)) })
      let mode = Mode.training(RandomKey(seed: 3))
      let position = StepPosition(step: step)
      let expected = try plain.gradient(model, at: position, carry: carry, mode: mode)
      let found = try limited.gradient(model, at: position, carry: carry, mode: mode)
      #expect(found.step.unitCount == (step == 3 ? 400 : 1200))
      try requireClose(found.step.loss, expected.step.loss, relative: 1e-5, absolute: 0, "loss")
      for (found, expected) in zip(found.step.carry.tensors, expected.step.carry.tensors) {
        try requireSameBits(found, expected, "the state is the same, however it is computed")
      }
      for (found, expected) in zip(found.gradient.parameters, expected.gradient.parameters) {
        try requireClose(found.value, expected.value, relative: 1e-4, absolute: 1e-5, found.name)
      }
      let old = try plain.loss(model, at: position, carry: carry, mode: mode)
      try requireSameBits(old.loss.reshaped(to: []), expected.step.loss.reshaped(to: []), "one loss for both")
    }
    let (one, other) = (try plain.validate(model), try limited.validate(model))
    #expect(abs(try #require(one).loss - #require(other).loss) < 1e-5)
  }

  /// The error names an amount that works, and little less does not.
  @Test func leastMemory() throws {
    let tight = try problem(memory: 1000)
    let model = model(tight)
    let error = #expect(throws: RecomputationError.self) { _ = try tight.prepared(for: model) }
    guard case .tooLittleMemory(_, let least) = error else { return }
    #expect(error?.description.contains("1kB of memory are too little") ?? false)
    #expect(try problem(memory: least.bytes).prepared(for: model).recomputation(for: model) != nil)
    #expect(throws: RecomputationError.self) {
      _ = try problem(memory: least.bytes - 1_000_000).prepared(for: model)
    }
  }

  /// Windows of random lengths, some of them longer than what was measured.
  @Test func randomWindows() throws {
    let plain = try problem(memory: nil) { ($0.isSequenceLengthRandom, $0.sequenceLength) = (true, 100) }
    let model = model(plain)
    let limited = try problem(memory: plain.fixedBytes(model) + 250_000) {
      ($0.isSequenceLengthRandom, $0.sequenceLength) = (true, 100)
    }.prepared(for: model)
    for step in 0..<4 {
      let position = StepPosition(epoch: 1, step: step)
      let carry = plain.initialCarry(model)
      let expected = try plain.gradient(model, at: position, carry: carry, mode: .inference)
      let found = try limited.gradient(model, at: position, carry: carry, mode: .inference)
      for (found, expected) in zip(found.gradient.parameters, expected.gradient.parameters) {
        try requireClose(found.value, expected.value, relative: 1e-4, absolute: 1e-5, found.name)
      }
    }
  }

  #if os(Linux)
  /// A training holds no more in the pool than its memory leaves beside the program, whatever the threads.
  @Test func poolStaysWithinTheLimit() async {
    await #expect(processExitsWith: .success) {
      for threads in [1, 4] {
        try Backends.$current.withValue(CPUBackend(exactThreadCount: threads)) {
          let tests = LanguageModelMemoryTests()
          func change(_ configuration: inout LanguageModelConfiguration) {
            configuration.sequenceLength = 1900
          }
          var settings = TaskSettings.short(batchSize: 2, epochs: 2)
          settings.training.averageDecay = 0.9
          let plain = try tests.problem(memory: nil, settings: settings, change)
          let model = tests.model(plain)
          let memory = plain.fixedBytes(model) + 1_000_000
          let problem = try tests.problem(memory: memory, settings: settings, change)
          StoragePool.shared.trim()
          StoragePool.shared.resetPeak()
          let plan = try problem.recomputation(for: model)
          #expect(try #require(plan).chunkCount > 1)
          var trainer = Trainer(
            problem: problem, model: model, optimizer: Adam(learningRate: 1e-3),
            settings: problem.settings.training)
          _ = try trainer.run()
          let peak = StoragePool.shared.statistics.peakBytes
          #expect(
            peak <= memory - LanguageModelProblem.programBytes, "\(threads) threads: \(peak)")
        }
      }
    }
  }
  #endif
}
