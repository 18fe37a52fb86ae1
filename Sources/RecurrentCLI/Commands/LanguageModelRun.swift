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

  private var checkpointFolder: String {
    var path = output
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path + ".checkpoint"
  }

  private var checkpointPath: String { checkpointFolder + "/checkpoint.safetensors" }

  func run() throws {
    let hasCheckpoint = try checkOutput()
    let split = settings.split ?? [0.9, 0.05, 0.05]
    let text = try LanguageModelCorpus.Text(
      paths: data, validationPaths: valid,
      split: try TextSplit(training: split[0], validation: split[1], test: split[2]))
    let unit = settings.unit ?? .character
    let configuration = settings.resolved(
      tokenCount: LanguageModelCorpus.estimatedTokenCount(text, unit: unit), hasValidationFiles: !valid.isEmpty)
    let corpus = try LanguageModelCorpus(
      text, unit: unit, vocabularySize: configuration.vocabularySize, minimumCount: configuration.minimumCount)
    let problem = try LanguageModelProblem(
      training: corpus.training.ids, validation: corpus.validation.ids, configuration: configuration)

    let model = LanguageModel(
      configuration, vocabularySize: corpus.vocabulary.count, key: RandomKey(seed: configuration.training.seed).child(0))
    let optimizer = configuration.optimizer.make(
      learningRate: configuration.learningRate, weightDecay: configuration.weightDecay)
    var trainer = Trainer(
      problem: problem, model: model, optimizer: optimizer, settings: configuration.training)
    let identity = RunIdentity(configuration: configuration, sources: corpus.sources)
    trainer.checkpointPath = checkpointPath
    trainer.checkpointNotes = ["run": try identity.text()]
    if hasCheckpoint {
      try identity.check(against: checkpointPath)
      try trainer.restore(from: checkpointPath)
    } else {
      do {
        try FileManager.default.createDirectory(atPath: checkpointFolder, withIntermediateDirectories: true)
      } catch {
        throw BundleError.cannotWrite(path: output, reason: "the folder \(checkpointFolder) cannot be made")
      }
      try AtomicFile.checkWritable(directory: checkpointFolder)
    }
    try announce(corpus, configuration, model, isResuming: hasCheckpoint, progress: trainer.progress)

    var display = TrainingDisplay(unit: unit, epochs: configuration.training.epochs, isJSON: isJSON)
    let end = try trainer.run(
      report: { try display.show($0) }, shouldStop: { Interrupt.isRequested })
    Terminal.clearProgress()
    if end == .interrupted {
      Terminal.error(
        "interrupted in epoch \(trainer.progress.position.epoch + 1), step \(trainer.progress.position.step); "
          + "everything is saved: repeat the command with --resume to go on")
      throw ExitCode.interrupted
    }
    try finish(trainer, end: end, corpus: corpus, configuration: configuration)
  }

  /// Whether there is a training to go on with. Throws when something stands in the way.
  private func checkOutput() throws -> Bool {
    let manager = FileManager.default
    let hasCheckpoint = manager.fileExists(atPath: checkpointPath)
    if manager.fileExists(atPath: output), !overwrites, !(resumes && hasCheckpoint) {
      throw BundleError.exists(path: output)
    }
    if hasCheckpoint, !resumes {
      guard overwrites else { throw RunError.unfinished(path: checkpointFolder) }
      try? manager.removeItem(atPath: checkpointFolder)
    }
    if resumes, !hasCheckpoint { Terminal.error("nothing to resume at \(checkpointFolder): starting anew") }
    return resumes && hasCheckpoint
  }

  private struct StartLine: Encodable {
    let event = "start"
    let trainingTokens, validationTokens, testTokens, vocabulary, parameters, firstEpoch, firstStep: Int
    let backend: String
    let isResumed: Bool
    let configuration: LanguageModelConfiguration
  }

  private func announce(
    _ corpus: LanguageModelCorpus, _ configuration: LanguageModelConfiguration, _ model: LanguageModel,
    isResuming: Bool, progress: TrainingProgress
  ) throws {
    if isJSON {
      try JSONLine.output(
        StartLine(
          trainingTokens: corpus.training.ids.count, validationTokens: corpus.validation.ids.count,
          testTokens: corpus.test.ids.count, vocabulary: corpus.vocabulary.count, parameters: model.parameterCount,
          firstEpoch: progress.position.epoch + 1, firstStep: progress.position.step + 1,
          backend: Backends.current.name, isResumed: isResuming, configuration: configuration))
      return
    }
    let unit = configuration.unit == .bpe ? "token" : configuration.unit.rawValue
    Terminal.error(
      "text: \(grouped(corpus.training.ids.count)) \(unit)s to train on, \(grouped(corpus.validation.ids.count)) to "
        + "validate, \(grouped(corpus.test.ids.count)) to test, \(grouped(corpus.vocabulary.count)) different")
    for (name, part) in [("validation", corpus.validation), ("test", corpus.test)] where part.unknownCount > 0 {
      Terminal.error(
        "note: \(grouped(part.unknownCount)) \(unit)s of the \(name) text do not occur in the training text")
    }
    Terminal.error(
      "model: \(configuration.layerCount) x \(configuration.hiddenSize) \(configuration.cell.rawValue), embedding "
        + "\(configuration.embeddingSize), \(grouped(model.parameterCount)) parameters; \(Backends.current.name)")
    Terminal.error(
      "training: \(configuration.training.epochs) epochs, \(configuration.batchSize) streams, windows of "
        + "\(configuration.sequenceLength), \(configuration.optimizer.rawValue) \(configuration.learningRate), dropout "
        + "\(rounded(Double(configuration.dropoutRate), 2)), seed \(configuration.training.seed)")
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
        Terminal.error("interrupted after the last epoch; repeat the command with --resume to write the bundle")
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
        configuration: configuration, vocabulary: corpus.vocabulary, sources: corpus.sources, results: results))
    let sampleLength = configuration.unit == .word ? 80 : configuration.unit == .bpe ? 120 : 400
    let sample = Array(
      TextGenerator(
        trained.session(), sampler: Sampler(temperature: 0.8), length: sampleLength,
        key: RandomKey(seed: configuration.training.seed).child(2))
    ).joined()
    try trained.write(to: output, lossPlot: lossPlot(progress), sample: sample, overwrites: overwrites)
    try? FileManager.default.removeItem(atPath: checkpointFolder)
    if isJSON {
      try JSONLine.output(EndLine(bundle: output, results: results, sample: sample))
      return
    }
    show(results, sample: sample, unit: configuration.unit)
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
    return LineChart(title: "Loss", xLabel: "epoch", yLabel: "cross-entropy, nats a token", curves: curves).svg
  }

  private func show(_ results: LanguageModelDescription.Results, sample: String, unit: TextUnit) {
    Terminal.output("")
    Terminal.output("text        nats    bits/character  perplexity")
    for (name, evaluation) in [("validation", results.validation), ("test", results.test)] {
      guard let evaluation else { continue }
      func column(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
      }
      Terminal.output(
        column(name, 12) + column(rounded(evaluation.nats, 4), 8) + column(rounded(evaluation.bitsPerCharacter, 4), 16)
          + rounded(evaluation.perplexity, 2))
    }
    Terminal.output("")
    Terminal.output("a sample at temperature 0.8:")
    Terminal.output("")
    Terminal.output(sample)
    Terminal.output("")
    Terminal.output(
      "\(duration(results.seconds)) of training; saved in \(output): model.safetensors, task.json, card.md, loss.svg")
    Terminal.output("next: recurrent generate \(output) --prompt \"...\" --length 400 --temperature 0.8")
  }
}

/// What a training must have in common with the one that it goes on with.
private struct RunIdentity: Codable {
  let configuration: LanguageModelConfiguration
  let sources: [LanguageModelCorpus.Source]

  /// As JSON with sorted keys.
  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// Throws when the training at `path` had other settings or other data.
  func check(against path: String) throws {
    let file = try SafetensorsFile(path: path)
    let saved = file.metadata["run"] ?? "{}"
    let own = try text()
    if saved == own { return }
    let (old, new) = (RunIdentity.leaves(saved), RunIdentity.leaves(own))
    let names = Set(old.keys).union(new.keys).sorted()
    let differences = names.filter { old[$0] != new[$0] }.map { name in
      "\(name) was \(old[name] ?? "not set") and is now \(new[name] ?? "not set")"
    }
    throw RunError.cannotResume(path: path, differences: differences)
  }

  /// Every number and text of a JSON value under its path.
  private static func leaves(_ text: String) -> [String: String] {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else { return [:] }
    var result: [String: String] = [:]
    value.collect(path: "", into: &result)
    return result
  }
}

/// Any JSON value.
private enum JSONValue: Decodable {
  case object([String: JSONValue])
  case array([JSONValue])
  case leaf(String)

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let object = try? container.decode([String: JSONValue].self) {
      self = .object(object)
    } else if let array = try? container.decode([JSONValue].self) {
      self = .array(array)
    } else if let text = try? container.decode(String.self) {
      self = .leaf("\"\(text)\"")
    } else if let flag = try? container.decode(Bool.self) {
      self = .leaf("\(flag)")
    } else if let number = try? container.decode(Int.self) {
      self = .leaf("\(number)")
    } else if let number = try? container.decode(Double.self) {
      self = .leaf("\(number)")
    } else {
      self = .leaf("null")
    }
  }

  func collect(path: String, into result: inout [String: String]) {
    switch self {
    case .object(let members):
      for (name, value) in members { value.collect(path: path.isEmpty ? name : "\(path).\(name)", into: &result) }
    case .array(let elements):
      for (index, value) in elements.enumerated() { value.collect(path: "\(path)[\(index)]", into: &result) }
    case .leaf(let text): result[path] = text
    }
  }
}
