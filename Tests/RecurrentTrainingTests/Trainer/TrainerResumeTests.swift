import RecurrentTestSupport
import Testing

/// A training that is stopped after any step and continued by a new trainer ends in the bits of one that was not.
@Suite struct TrainerResumeTests {
  enum Variation: CaseIterable {
    case plain, dropout, variationalDropout, averaging, randomWindows, plateau, withoutValidation, tied
  }

  /// A model and how it is trained.
  private struct Case {
    var configuration = LanguageModelConfiguration.standard(unit: .character, tokenCount: 120)
    var settings = TaskSettings.short(batchSize: 3, epochs: 2)
    var hasValidation = true
  }

  /// The checkpoint at the end, which holds everything, after stops at the given steps.
  private func finalCheckpoint(
    _ own: Case, stoppedAfter stops: [Int], in folder: ScratchFolder
  ) throws -> (bytes: [UInt8], steps: Int) {
    let path = folder.path + "/c.safetensors"
    var waiting = stops[...]
    while true {
      var trainer = try makeTrainer(own)
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

  private func makeTrainer(_ own: Case) throws -> Trainer<LanguageModelProblem> {
    let text = RandomKey(seed: 3).integers(120, below: 7).map { Int32($0) }
    let problem = try LanguageModelProblem(
      training: text, validation: own.hasValidation ? Array(text.prefix(40)) : [],
      configuration: own.configuration, settings: own.settings)
    return Trainer(
      problem: problem,
      model: LanguageModel(own.configuration, vocabularySize: 7, key: RandomKey(seed: 5)),
      optimizer: own.settings.optimizer.make(
        learningRate: own.settings.learningRate, weightDecay: own.settings.weightDecay),
      settings: own.settings.training)
  }

  private func configuration(_ optimizer: OptimizerCatalog, _ variation: Variation) -> Case {
    var result = Case()
    result.configuration.cell = .lstm
    result.configuration.hiddenSize = 5
    result.configuration.embeddingSize = 4
    result.configuration.layerCount = 2
    result.configuration.sequenceLength = 10
    result.settings.optimizer = optimizer
    result.settings.learningRate = optimizer.usualLearningRate
    result.settings.weightDecay = 0.01
    result.configuration.dropoutRate = 0
    result.settings.training.schedule.warmUpSteps = 2
    switch variation {
    case .plain: break
    case .dropout: result.configuration.dropoutRate = 0.4
    case .variationalDropout:
      result.configuration.dropoutRate = 0.4
      result.configuration.isDropoutVariational = true
    case .averaging: result.settings.training.averageDecay = 0.8
    case .randomWindows: result.configuration.isSequenceLengthRandom = true
    case .plateau:
      result.settings.training.schedule.shape = .plateau(patience: 0, factor: 0.5)
      result.settings.learningRate *= 100
      result.settings.training.epochs = 4
    case .withoutValidation: result.hasValidation = false
    case .tied: result.configuration.tiesEmbeddings = true
    }
    return result
  }

  private func check(_ configuration: Case) throws {
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
    other.settings.training.seed = 2
    #expect(try finalCheckpoint(other, stoppedAfter: [], in: folder).bytes != first)
  }
}
