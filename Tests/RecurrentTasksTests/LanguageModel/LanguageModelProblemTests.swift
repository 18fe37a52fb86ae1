import RecurrentTestSupport
import Testing

@Suite struct LanguageModelProblemTests {
  private func problem(_ change: (inout LanguageModelConfiguration) -> Void = { _ in }) throws
    -> LanguageModelProblem
  {
    var configuration = LanguageModelConfiguration.standard(unit: .character, tokenCount: 200)
    (configuration.hiddenSize, configuration.embeddingSize, configuration.layerCount) = (5, 4, 2)
    (configuration.sequenceLength, configuration.dropoutRate) = (10, 0)
    change(&configuration)
    let ids = RandomKey(seed: 1).integers(201, below: 6).map { Int32($0) }
    return try LanguageModelProblem(
      training: ids, validation: Array(ids.prefix(50)), configuration: configuration,
      settings: .short(batchSize: 2))
  }

  private func model(_ problem: LanguageModelProblem) -> LanguageModel {
    LanguageModel(problem.configuration, vocabularySize: 6, key: RandomKey(seed: 2))
  }

  /// The losses of the windows, with the state carried on, are the loss of the streams read at once.
  @Test func windowsCarryTheState() throws {
    let problem = try problem()
    let model = model(problem)
    #expect(problem.stepCount(epoch: 0) == 10)
    var carry = problem.initialCarry(model)
    var total = 0.0
    for step in 0..<10 {
      let result = try problem.loss(model, at: StepPosition(step: step), carry: carry, mode: .inference)
      #expect(result.unitCount == 20 && result.learningRateFactor == 1)
      total += Double(result.loss.scalar) / 10
      carry = result.carry
    }
    let ids = problem.training
    let inputs = (0..<100).flatMap { [ids[$0], ids[100 + $0]] }
    let targets = (1...100).flatMap { [ids[$0], ids[100 + $0]] }
    let (logits, _) = model(Indices(inputs, shape: [100, 2]))
    #expect(abs(total - Double(crossEntropy(logits, Indices(targets, shape: [100, 2])).scalar)) < 1e-5)
  }

  @Test func randomWindowsCoverTheText() throws {
    let problem = try problem { $0.isSequenceLengthRandom = true }
    let model = model(problem)
    for epoch in 0..<3 {
      var units = 0
      var carry = problem.initialCarry(model)
      for step in 0..<problem.stepCount(epoch: epoch) {
        let result = try problem.loss(
          model, at: StepPosition(epoch: epoch, step: step), carry: carry, mode: .inference)
        units += result.unitCount
        #expect(abs(result.learningRateFactor - Double(result.unitCount) / 20) < 1e-6)
        carry = result.carry
      }
      #expect(units == 200)
    }
  }

  @Test func validation() throws {
    let problem = try problem()
    let validation = try #require(try problem.validate(model(problem)))
    #expect(validation.loss > 1 && validation.loss < 3)
    let none = try LanguageModelProblem(
      training: problem.training, validation: [1], configuration: problem.configuration,
      settings: problem.settings)
    #expect(try none.validate(model(problem)) == nil)
  }

  /// Ranks that share the streams, also more than there are, find the bits of one; an adaptive softmax is read by one of them.
  @Test func validationAmongRanks() throws {
    for isAdaptive in [false, true] {
      var configuration = try problem { $0.sequenceLength = 2 }.configuration
      if isAdaptive { configuration.adaptiveSoftmax = AdaptiveSoftmaxConfiguration(cutoffs: [3]) }
      let ids = RandomKey(seed: 1).integers(201, below: 6).map { Int32($0) }
      let problem = try LanguageModelProblem(
        training: ids, validation: ids, configuration: configuration, settings: .short(batchSize: 2))
      let model = LanguageModel(
        configuration, vocabularySize: 6, tokenOrder: isAdaptive ? [2, 0, 1, 5, 4, 3] : nil,
        key: RandomKey(seed: 2))
      let alone = try problem.validate(model)
      #expect(alone != nil)
      for size in [2, 3, 8] {
        let all = try ThreadRanks.run(size) { try problem.validate(model, among: $0) }
        #expect(all.allSatisfy { $0 == alone })
      }
    }
  }

  @Test func tooShort() {
    #expect(throws: DataError.tooShort(count: 201, batchSize: 2, windowLength: 101)) {
      _ = try problem { $0.sequenceLength = 101 }
    }
  }
}
