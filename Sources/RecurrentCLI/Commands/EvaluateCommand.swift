import ArgumentParser
import Recurrent

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `recurrent evaluate`.
struct EvaluateCommand: ParsableCommand, TakesSettingsOfBundle {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure how well a model does on data it was not trained on.",
    discussion: """
      The data have the form of those that the model was trained on; settings of the task that say where in them things stand \
      are taken as in training. Of data that name parts the test part is evaluated. Texts of a language model are read as one, \
      in one carried state. With --precision the data are read in that precision and in float32, and the result says what the \
      lower precision costs.

      Example:

        recurrent evaluate book.bundle other.txt --json
        recurrent evaluate book.bundle other.txt --precision int8
        recurrent evaluate digits.bundle labels.csv --label-column digit --report report.html
        recurrent evaluate words.arpa other.txt

      An n-gram model, a file of ARPA or KenLM, has a perplexity. \
      With --shard i/n one of n parts of the sequences is predicted, and what the evaluation needs of it is written as JSON; \
      evaluate --merge reads the files of all parts and evaluates the whole, to the last digit. Models of classification, regression \
      and tagging can do so.

        recurrent evaluate m.bundle all.csv --shard 3/16 --output part-03.json
        recurrent evaluate m.bundle --merge part-*.json --json

      With --adapt a model that predicts the next token, of a text, a performance or a session, goes on learning from the data: dynamic \
      changes its weights behind each segment, cache remembers what came where it stood as it stands now, both does both. Each token \
      is scored before anything is learnt from it, and beside it stands what the model as it is makes of the data; the bundle stays as it \
      is. With --tune-adaptation the numbers of this are chosen by the data, which must not be scored afterwards, and written into the \
      bundle: nothing else of it changes.

        recurrent evaluate book.bundle valid.txt --tune-adaptation
        recurrent evaluate book.bundle other.txt --adapt both

      With --save-state the state behind the text of a language model is kept in a file; --load-state reads the text as one \
      that goes on from there, as generate does. With --adapt it holds the adapted weights and the cache too.
      """)

  @Argument(help: "The bundle of a model, or an n-gram model.")
  var bundle: String

  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp("Files or folders with data, and settings of the task.", valueName: "data"))
  var words: [String]

  @Option(help: ArgumentHelp("Write the evaluation as a page of HTML.", valueName: "file"))
  var report: String?

  @Option(help: PrecisionOption.help)
  var precision: Precision?

  @Flag(help: "The result as one line of JSON.")
  var json = false

  @Flag(
    help:
      "The data are files of all parts, as evaluate --shard has written them: the evaluation of the whole.")
  var merge = false

  @Option(
    help: ArgumentHelp(
      "Go on learning from the data while they are read: dynamic, cache or both.", valueName: "method"))
  var adapt: AdaptationMethod?

  @Flag(help: "Choose by the data how the model goes on learning, and keep that in the bundle.")
  var tuneAdaptation = false

  @OptionGroup var adaptation: AdaptationOptions
  @OptionGroup var part: PartOptions
  @OptionGroup var input: InputOptions
  @OptionGroup var state: StateOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    try part.check(isStream: false)
    try checkAdaptation()
    if part.shard != nil || merge {
      guard precision == nil, state.areNone, part.shard == nil || report == nil, part.shard == nil || !merge
      else {
        throw ValidationError(
          "--shard and --merge are for evaluations of sequences: give one of them, without --precision and states, and "
            + "--report with --merge")
      }
    }
    if precision != nil, !state.areNone {
      throw ValidationError("--precision reads the data twice; give it without --save-state and --load-state")
    }
  }

  func run() throws {
    try OutputFile.check(report, flag: "--report", apartFrom: [bundle] + words)
    try state.check(apartFrom: [bundle] + words)
    try part.write(apartFrom: [bundle] + words) { try evaluate() }
  }

  private func evaluate() throws {
    if let model = try ngrams() { return try evaluate(model) }
    try compute.run {
      let trained = try TrainedModel.open(bundle)
      if merge {
        return try show(trained.mergedEvaluation(words, model: SHA256.hash(file: AnyModel.file(of: bundle))))
      }
      let own = try SettingWords(words, trained.settings)
      if own.paths.isEmpty { throw ValidationError("name the data: files or folders") }
      let states = try state.files(bundle)
      let data = try input.sources(own.paths)
      if tuneAdaptation { return try tune(trained, data, own.settings) }
      if part.shard != nil {
        defer { Terminal.clearProgress() }
        let bytes = try trained.evaluationPart(
          data, settings: own.settings, part: part.own, model: SHA256.hash(file: AnyModel.file(of: bundle)),
          progress: Terminal.progressing("predicting"))
        return Terminal.stream(String(decoding: bytes, as: UTF8.self))
      }
      func evaluate(_ trained: any AnyTrainedTask) throws -> TaskEvaluation {
        try self.evaluate(trained, data, own.settings, states)
      }
      guard let precision else { return try show(evaluate(trained)) }
      let comparison = PrecisionComparison(
        precision: precision, evaluation: try evaluate(trained.rounded(to: precision)),
        float32: try evaluate(trained.rounded(to: .float32)))
      if json { return try JSONLine.output(comparison) }
      for line in comparison.evaluation.lines + comparison.lines { Terminal.output(line) }
    }
  }

  private func evaluate(
    _ trained: any AnyTrainedTask, _ data: [DataSource], _ settings: Settings, _ states: StateFiles
  ) throws -> TaskEvaluation {
    defer { Terminal.clearProgress() }
    let stopwatch = Stopwatch()
    let progress = Terminal.progressing("evaluating")
    var evaluation =
      if let adapt {
        try trained.adaptedEvaluation(
          data, settings: settings, request: adaptation.request(adapt), states: states, notes: Terminal.show,
          progress: progress)
      } else {
        try trained.evaluation(
          data, settings: settings, states: states, notes: Terminal.show, progress: progress)
      }
    if let seconds = evaluation.inputSeconds, seconds > 0 {
      let factor = stopwatch.seconds / seconds
      evaluation.metrics.append(TaskEvaluation.Metric("real time factor", factor))
      evaluation.lines.append(
        "real-time factor \(rounded(factor, 4)): \(duration(seconds)) of recordings, read and transcribed")
    }
    if let stepping = evaluation.stepping { EvaluateCommand.measure(stepping()) }
    return evaluation
  }

  /// Steps of a session that are measured, behind some that are not.
  private static let (stepCount, warmUpCount) = (5000, 200)

  /// Says how long a step of a session takes, on the standard error.
  private static func measure(_ step: () -> Void) {
    for _ in 0..<warmUpCount { step() }
    var latencies = LatencyHistogram()
    for _ in 0..<stepCount {
      let stopwatch = Stopwatch()
      step()
      latencies.add(stopwatch.seconds)
    }
    let (half, most) = (latencies.quantile(0.5) * 1e6, latencies.quantile(0.99) * 1e6)
    // beside the figures, which are the same whenever they are computed
    Terminal.error(
      "a step takes \(rounded(half, 1)) us, 99 % within \(rounded(most, 1)) us (\(grouped(stepCount)) steps)")
  }

  /// The n-gram model that a file is; nil for the folder of a bundle.
  private func ngrams() throws -> NGramModel? {
    guard OutputFile.isFile(bundle) else { return nil }
    guard !merge else {
      throw ValidationError(
        "\(bundle) is no bundle, which comes before the files of the parts that --merge reads")
    }
    return try NGramModel(DataSource(bundle))
  }

  private func evaluate(_ model: NGramModel) throws {
    if let flag = words.first(where: { $0.hasPrefix("--") && $0 != "--unit" && !$0.hasPrefix("--unit=") }) {
      throw ValidationError("unknown option '\(flag)' for an n-gram model")
    }
    guard report == nil, precision == nil, state.areNone, adapt == nil, !tuneAdaptation else {
      throw ValidationError(
        "--report, --precision, --adapt and states are for bundles; an n-gram model has a perplexity")
    }
    var (unit, paths, rest) = (NGramUnit.word, [String](), words[...])
    while let word = rest.popFirst() {
      guard word.hasPrefix("--unit") else {
        paths.append(word)
        continue
      }
      let value = word.hasPrefix("--unit=") ? String(word.dropFirst(7)) : rest.popFirst() ?? ""
      guard let own = NGramUnit(rawValue: value) else {
        throw ValidationError("--unit is \"\(value)\", expected word or character")
      }
      unit = own
    }
    if paths.isEmpty { throw ValidationError("name the data: files with text") }
    for note in model.notes { Terminal.error(note.line) }
    let reader = UTF8TextReader(try input.sources(paths))
    let evaluation =
      switch unit {
      case .word: try NGramEvaluation(of: model, on: reader)
      case .character: try NGramEvaluation(of: model, on: reader, tokens: CharacterTokens())
      }
    let result = NGramResult(evaluation)
    if json { return try JSONLine.output(result) }
    for line in result.lines { Terminal.output(line) }
  }

  private func show(_ evaluation: TaskEvaluation) throws {
    if let report {
      guard !evaluation.report.isEmpty else {
        throw ValidationError("--report: this task has no page of HTML")
      }
      try AtomicFile.write(Array(evaluation.report.utf8), to: report)
    }
    if json { return try JSONLine.output(evaluation) }
    for line in evaluation.lines { Terminal.output(line) }
    for warning in evaluation.warnings where !evaluation.lines.contains(where: { $0.contains(warning) }) {
      Terminal.error("warning: \(warning)")
    }
  }
}

/// Opens bundles of tasks.
enum TrainedModel {
  /// The trained model of a bundle.
  ///
  /// - Throws: ``BundleError``, also where the bundle is of no task.
  static func open(_ path: String) throws -> any AnyTrainedTask {
    guard let trained = try TaskCatalog.open(path) else {
      throw BundleError.otherTask(
        path: path, expected: TaskCatalog.tasks.map { $0.name }.joined(separator: ", "),
        found: try ModelBundleHead.task(of: path))
    }
    return trained
  }
}

/// An evaluation in a precision beside one in float32: what the precision costs.
struct PrecisionComparison: Encodable {
  let precision: Precision
  let evaluation: TaskEvaluation
  let float32: TaskEvaluation

  /// The evaluation, and beside it the metrics in float32.
  func encode(to encoder: any Encoder) throws {
    try evaluation.encode(to: encoder)
    var container = encoder.container(keyedBy: JSONKey.self)
    try container.encode(precision, forKey: JSONKey("precision"))
    var metrics: [String: Double] = [:]
    for metric in float32.metrics { metrics[metric.key] = metric.value }
    try container.encode(metrics, forKey: JSONKey("float32"))
  }

  /// Lines for people, to stand behind those of the evaluation.
  var lines: [String] {
    var lines = ["precision: \(precision.rawValue); in float32, and the difference:"]
    for (own, other) in zip(evaluation.metrics, float32.metrics) where own.name == other.name {
      let difference = own.value - other.value
      lines.append(
        "\(own.name)  \(rounded(other.value, 4))  \(difference < 0 ? "-" : "+")\(rounded(abs(difference), 6))"
      )
    }
    return lines
  }
}

/// The option of the commands that use a trained model.
enum PrecisionOption {
  static let help = ArgumentHelp(
    "What the recurrent layers round the operands of their products to (default: what the model was trained in).",
    valueName: "name")
}
