import RecurrentTestSupport
import Testing

/// A training that is stopped after any step and continued by a new trainer ends in the bits of one that was not.
@Suite struct TrainerResumeTests {
  enum Variation: CaseIterable {
    case plain, dropout, variationalDropout, averaging, randomWindows, plateau, withoutValidation, tied
  }

  /// The checkpoint at the end, which holds everything, after stops at the given steps.
  private func finalCheckpoint(
    _ configuration: LanguageModelConfiguration, stoppedAfter stops: [Int], in folder: ScratchFolder
  ) throws -> (bytes: [UInt8], steps: Int) {
    let path = folder.path + "/c.safetensors"
    var waiting = stops[...]
    while true {
      var trainer = try makeTrainer(configuration)
      trainer.checkpointPath = path
      if waiting.count < stops.count { try trainer.restore(from: path) }
      let stop = waiting.popFirst()
      var steps = trainer.progress.stepCount
      let end = try trainer.run(
        report: { if case .step(let report) = $0 { steps = report.stepCount } },
        shouldStop: { steps == stop }, clock: { 0 })
      try require(
        (end == .interrupted) == (stop != nil), "stop after step \(stop ?? -1): the training ended as \(end)")
      if end != .interrupted {
        return (try MappedFile(path: path).withBytes { Array($0) }, trainer.progress.stepCount)
      }
    }
  }

  private func makeTrainer(_ configuration: LanguageModelConfiguration) throws -> Trainer<
    LanguageModelProblem
  > {
    let text = RandomKey(seed: 3).integers(120, below: 7).map { Int32($0) }
    let problem = try LanguageModelProblem(
      training: text, validation: configuration.split == nil ? [] : Array(text.prefix(40)),
      configuration: configuration)
    return Trainer(
      problem: problem,
      model: LanguageModel(configuration, vocabularySize: 7, key: RandomKey(seed: 5)),
      optimizer: configuration.optimizer.make(
        learningRate: configuration.learningRate, weightDecay: configuration.weightDecay),
      settings: configuration.training)
  }

  private func configuration(_ optimizer: OptimizerCatalog, _ variation: Variation)
    -> LanguageModelConfiguration
  {
    var result = LanguageModelConfiguration.standard(unit: .character, tokenCount: 120)
    result.cell = .lstm
    (result.hiddenSize, result.embeddingSize, result.layerCount) = (5, 4, 2)
    (result.batchSize, result.sequenceLength) = (3, 10)
    result.optimizer = optimizer
    result.learningRate = optimizer.usualLearningRate
    result.weightDecay = 0.01
    result.dropoutRate = 0
    result.training.epochs = 2
    result.training.schedule.warmUpSteps = 2
    switch variation {
    case .plain: break
    case .dropout: result.dropoutRate = 0.4
    case .variationalDropout: (result.dropoutRate, result.isDropoutVariational) = (0.4, true)
    case .averaging: result.training.averageDecay = 0.8
    case .randomWindows: result.isSequenceLengthRandom = true
    case .plateau:
      result.training.schedule.shape = .plateau(patience: 0, factor: 0.5)
      result.learningRate *= 100
      result.training.epochs = 4
    case .withoutValidation: result.split = nil
    case .tied: result.tiesEmbeddings = true
    }
    return result
  }

  private func check(_ configuration: LanguageModelConfiguration) throws {
    let folder = try ScratchFolder()
    let (whole, steps) = try finalCheckpoint(configuration, stoppedAfter: [], in: folder)
    try require(steps >= 6, "only \(steps) steps")
    for step in 1...steps {
      let (resumed, _) = try finalCheckpoint(configuration, stoppedAfter: [step], in: folder)
      try require(resumed == whole, "stopped after step \(step) of \(steps), the end differs")
    }
    let (often, _) = try finalCheckpoint(configuration, stoppedAfter: Array(1...steps), in: folder)
    try require(often == whole, "stopped after every step, the end differs")
  }

  @Test(arguments: OptimizerCatalog.allCases) func everyOptimizer(_ optimizer: OptimizerCatalog) throws {
    try check(configuration(optimizer, .plain))
  }

  @Test(arguments: Variation.allCases) func everyVariation(_ variation: Variation) throws {
    try check(configuration(.adam, variation))
  }

  /// The test above would see a difference: another seed ends elsewhere.
  @Test func otherSeedsEndElsewhere() throws {
    let folder = try ScratchFolder()
    var other = configuration(.adam, .dropout)
    let first = try finalCheckpoint(other, stoppedAfter: [], in: folder).bytes
    other.training.seed = 2
    #expect(try finalCheckpoint(other, stoppedAfter: [], in: folder).bytes != first)
  }
}
