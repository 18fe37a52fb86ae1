import ArgumentParser
import Recurrent

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The course of `recurrent train language-model`: read, plan, train or go on, judge, save, show.
struct LanguageModelRun {
  let data: [String]
  let valid: [String]
  let output: String
  let settings: LanguageModelSettings
  let resumes: Bool
  let overwrites: Bool
  let isJSON: Bool
  /// The folder of the log; nil for none.
  let tensorBoard: String?

  /// Seconds between checkpoints.
  let checkpointSeconds: Double

  private var place: TrainingPlace {
    TrainingPlace(output: output, resumes: resumes, overwrites: overwrites)
  }

  private var folder: CheckpointFolder { place.folder }

  /// What a training begins with.
  private struct Preparation {
    let corpus: LanguageModelCorpus
    let configuration: LanguageModelConfiguration
    let windows: LanguageModelProblem
  }

  func run() throws {
    try place.holding(prepared) { preparation, isGoingOn in try run(preparation, isGoingOn: isGoingOn) }
  }

  /// Reads the text and plans the training.
  private func prepared() throws -> Preparation {
    let split = settings.split ?? [0.9, 0.05, 0.05]
    let text = try LanguageModelCorpus.Text(
      paths: data, validationPaths: valid,
      split: try TextSplit(training: split[0], validation: split[1], test: split[2]))
    let unit = settings.unit ?? .character
    let suggested = settings.resolved(
      tokenCount: LanguageModelCorpus.estimatedTokenCount(text, unit: unit),
      hasValidationFiles: !valid.isEmpty)
    if let heads = suggested.cellOptions?.headCount, suggested.hiddenSize % heads != 0 {
      throw RunError.heads(hidden: suggested.hiddenSize, heads: heads)
    }
    let corpus = try LanguageModelCorpus(
      text, unit: unit, vocabularySize: suggested.vocabularySize, minimumCount: suggested.minimumCount
    )
    let configuration = try suggested.resolved(vocabularySize: corpus.vocabulary.count)
    let windows: LanguageModelProblem
    do {
      windows = try LanguageModelProblem(
        training: corpus.training.ids, validation: corpus.validation.ids, configuration: configuration)
    } catch let error as DataError {
      throw RunError.unfit(paths: data + valid, reason: "\(error)")
    }
    try checkMemory(configuration, vocabularySize: corpus.vocabulary.count)
    return Preparation(corpus: corpus, configuration: configuration, windows: windows)
  }

  /// Trains or goes on, and writes the bundle.
  private func run(_ preparation: Preparation, isGoingOn: Bool) throws {
    let (corpus, configuration) = (preparation.corpus, preparation.configuration)
    let tokenOrder = configuration.adaptiveSoftmax == nil ? nil : corpus.tokenOrder
    let model = LanguageModel(
      configuration, vocabularySize: corpus.vocabulary.count, tokenOrder: tokenOrder,
      key: RandomKey(seed: configuration.training.seed).child(0))
    let problem = try preparation.windows.prepared(for: model)
    let optimizer = configuration.optimizer.make(
      learningRate: configuration.learningRate, weightDecay: configuration.weightDecay)
    var trainer = Trainer(
      problem: problem, model: model, optimizer: optimizer, settings: configuration.training)
    let identity = RunIdentity(configuration: configuration, sources: corpus.sources)
    trainer.checkpointPath = folder.file
    trainer.checkpointInterval = checkpointSeconds
    trainer.checkpointNotes = [runIdentityKey: try identity.text()]
    if isGoingOn {
      try identity.check(against: folder.file, flags: LanguageModelSettings.flags)
      try trainer.restore(from: folder.file)
      if try isDone(identity) { return }
    } else {
      if resumes, try isDone(identity) { return }
      folder.remove()
    }
    try announce(
      corpus, configuration, model, recomputation: try problem.recomputation(for: model),
      isResuming: isGoingOn,
      progress: trainer.progress)
    do {
      let end = try train(&trainer, corpus: corpus, configuration: configuration)
      try trainer.problem.withinMemory {
        try finish(trainer, end: end, corpus: corpus, configuration: configuration)
      }
    } catch {
      place.explain(error)
      throw error
    }
  }

  private func train(
    _ trainer: inout Trainer<LanguageModelProblem>, corpus: LanguageModelCorpus,
    configuration: LanguageModelConfiguration
  ) throws -> TrainingEnd {
    var display = TrainingDisplay(
      unitName: configuration.unit.plural, epochs: trainer.settings.epochs, isJSON: isJSON,
      inTerms: configuration.unit.inTerms)
    defer { Terminal.clearProgress() }
    let log = try tensorBoard.map { try TrainingLog(folder: $0, stepCount: trainer.progress.stepCount) }
    let probe = log.map { SampleProbe(log: $0) { sample(of: $0, corpus, configuration) } }
    let report: (TrainingEvent) throws -> Void = { event in
      try display.show(event)
      try log?.record(event)
    }
    let end = try trainer.run(report: report, probe: probe, shouldStop: { Interrupt.isRequested })
    if end == .interrupted { throw try place.sayInterrupted(trainer.progress, isJSON: isJSON) }
    return end
  }

  private typealias LanguageModelIdentity = RunIdentity<
    LanguageModelConfiguration, LanguageModelCorpus.Source
  >

  /// Whether the bundle of this very training is written already. Throws when another stands there.
  private func isDone(_ identity: LanguageModelIdentity) throws -> Bool {
    guard !overwrites, FileManager.default.fileExists(atPath: output) else { return false }
    guard
      let trained = try? TrainedLanguageModel(bundle: output).description,
      RunIdentity(configuration: trained.configuration, sources: trained.sources) == identity
    else {
      try place.checkBundle()
      return false
    }
    folder.remove()
    Terminal.error("the training is finished and its bundle is written: \(output)")
    return true
  }

  /// Refuses a model that the machine cannot hold, before the system ends the process without a word.
  private func checkMemory(_ configuration: LanguageModelConfiguration, vocabularySize: Int) throws {
    let needed = configuration.trainingMemory(vocabularySize: vocabularySize)
    let memory = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    guard needed <= memory else {
      throw RunError.tooLarge(
        parameters: configuration.parameterCount(vocabularySize: vocabularySize), needed: needed,
        memory: memory,
        advice:
          "Lower --hidden, --layers, --batch-size or --sequence-length, or set --bptt-memory for long sequences"
      )
    }
  }

  private struct StartLine: Encodable {
    let event = "start"
    let trainingTokens, validationTokens, testTokens, vocabulary, parameters, firstEpoch, firstStep: Int
    let backend: String
    let isResumed: Bool
    /// Chunks of a window and the steps of the longest, when memory is limited.
    let chunks, chunkLength: Int?
    let configuration: LanguageModelConfiguration
  }

  private func announce(
    _ corpus: LanguageModelCorpus, _ configuration: LanguageModelConfiguration, _ model: LanguageModel,
    recomputation: Recomputation?, isResuming: Bool, progress: TrainingProgress
  ) throws {
    if isJSON {
      try JSONLine.output(
        StartLine(
          trainingTokens: corpus.training.ids.count, validationTokens: corpus.validation.ids.count,
          testTokens: corpus.test.ids.count, vocabulary: corpus.vocabulary.count,
          parameters: model.parameterCount,
          firstEpoch: progress.position.epoch + 1, firstStep: progress.position.step + 1,
          backend: Backends.current.name, isResumed: isResuming, chunks: recomputation?.chunkCount,
          chunkLength: recomputation?.chunkLength, configuration: configuration))
      return
    }
    let unit = configuration.unit == .bpe ? "token" : configuration.unit.rawValue
    Terminal.error(
      "text: \(grouped(corpus.training.ids.count)) \(unit)s to train on, \(grouped(corpus.validation.ids.count)) to "
        + "validate, \(grouped(corpus.test.ids.count)) to test, \(grouped(corpus.vocabulary.count)) different"
    )
    for (name, part) in [("validation", corpus.validation), ("test", corpus.test)] where part.unknownCount > 0
    {
      Terminal.error(
        "note: \(grouped(part.unknownCount)) \(unit)s of the \(name) text do not occur in the training text")
    }
    Terminal.error(
      "model: \(configuration.layerCount) x \(configuration.hiddenSize) \(configuration.cell.rawValue), embedding "
        + "\(configuration.embeddingSize), \(grouped(model.parameterCount)) parameters; \(Backends.current.name)"
    )
    Terminal.error(
      "training: \(counted(configuration.training.epochs, "epoch")), \(counted(configuration.batchSize, "stream")), windows of "
        + "\(configuration.sequenceLength), \(configuration.optimizer.rawValue) at \(configuration.learningRate), dropout "
        + "\(rounded(Double(configuration.dropoutRate), 2)), seed \(configuration.training.seed)")
    if let recomputation, let memory = configuration.bpttMemory {
      let again = Double(recomputation.advancedStepCount) / Double(recomputation.stepCount) * 100
      Terminal.error(
        recomputation.chunkCount == 1
          ? "memory: a window fits into \(memory) as a whole"
          : "memory: \(memory), windows in \(recomputation.chunkCount) chunks of \(grouped(recomputation.chunkLength)) steps; "
            + "\(rounded(again, 0)) % of the steps are computed once more")
    }
    if isResuming {
      Terminal.error("going on in epoch \(progress.position.epoch + 1), step \(progress.position.step + 1)")
    }
  }

  private struct EndLine: Encodable {
    let event = "end"
    let bundle: String
    let results: LanguageModelDescription.Results
    let sample: String
  }

  /// Judges the result exactly, writes the bundle, removes the checkpoint and shows what was reached.
  private func finish(
    _ trainer: Trainer<LanguageModelProblem>, end: TrainingEnd, corpus: LanguageModelCorpus,
    configuration: LanguageModelConfiguration
  ) throws {
    let progress = trainer.progress
    let model = trainer.result
    func evaluate(_ text: EncodedText) throws -> LanguageModelEvaluation? {
      guard text.ids.count > 1 else { return nil }
      let result = LanguageModelEvaluation.evaluate(
        model, vocabulary: corpus.vocabulary, text: text, shouldStop: { Interrupt.isRequested })
      if result == nil {
        Terminal.error(
          "interrupted after the last epoch; everything is saved: repeat the command with --resume to write the bundle"
        )
        throw ExitCode.interrupted
      }
      return result
    }
    let results = LanguageModelDescription.Results(
      end: end, epochs: progress.position.epoch, bestEpoch: progress.bestEpoch.map { $0 + 1 },
      trainingLoss: progress.smoothedLoss ?? .nan, validation: try evaluate(corpus.validation),
      test: try evaluate(corpus.test), parameterCount: model.parameterCount, seconds: progress.seconds)
    let trained = TrainedLanguageModel(
      model: model,
      description: LanguageModelDescription(
        configuration: configuration, vocabulary: corpus.vocabulary,
        tokenOrder: configuration.adaptiveSoftmax == nil ? nil : corpus.tokenOrder, sources: corpus.sources,
        results: results))
    let sample = sample(of: model, corpus, configuration)
    try trained.write(to: output, lossPlot: lossPlot(progress), sample: sample, overwrites: overwrites)
    folder.remove()
    if isJSON {
      try JSONLine.output(EndLine(bundle: output, results: results, sample: sample))
      return
    }
    show(results, sample: sample, unit: configuration.unit)
  }

  /// What the model writes, at temperature 0.8.
  private func sample(
    of model: LanguageModel, _ corpus: LanguageModelCorpus, _ configuration: LanguageModelConfiguration
  ) -> String {
    let length = configuration.unit == .word ? 80 : configuration.unit == .bpe ? 120 : 400
    return Array(
      TextGenerator(
        LanguageModelSession(model: model, vocabulary: corpus.vocabulary), sampler: Sampler(temperature: 0.8),
        length: length, key: RandomKey(seed: configuration.training.seed).child(2))
    ).joined()
  }

  private func lossPlot(_ progress: TrainingProgress) -> String {
    var curves = [
      LineChart.Curve(name: "training (smoothed)", points: progress.trainingCurve.map { ($0.epoch, $0.loss) })
    ]
    if !progress.validationCurve.isEmpty {
      curves.append(
        LineChart.Curve(
          name: "validation", points: progress.validationCurve.map { ($0.epoch, $0.loss) }, hasMarks: true))
    }
    return LineChart(title: "Loss", xLabel: "epoch", yLabel: "cross-entropy, nats a token", curves: curves)
      .svg
  }
}
