import ArgumentParser
import Recurrent

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `recurrent evaluate`.
struct EvaluateCommand: ParsableCommand {
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

      With --save-state the state behind the text of a language model is kept in a file; --load-state reads the text as one \
      that goes on from there, as generate does.
      """)

  @Argument(help: "The bundle of a model.")
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

  @OptionGroup var input: InputOptions
  @OptionGroup var state: StateOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if precision != nil, !state.areNone {
      throw ValidationError("--precision reads the data twice; give it without --save-state and --load-state")
    }
  }

  func run() throws {
    try OutputFile.check(report, flag: "--report", apartFrom: [bundle] + words)
    try state.check(apartFrom: [bundle] + words)
    try compute.run {
      let trained = try TrainedModel.open(bundle)
      let own = try SettingWords(words, trained.settings)
      if own.paths.isEmpty { throw ValidationError("name the data: files or folders") }
      let states = try state.files(bundle)
      let data = try input.sources(own.paths)
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
    return try trained.evaluation(
      data, settings: settings, states: states,
      notes: { for note in $0 { Terminal.error(note.line) } }
    ) { fraction in
      if Interrupt.isRequested { throw ExitCode.interrupted }
      if Terminal.isInteractive { Terminal.progress("evaluating \(Int(fraction * 100))%") }
    }
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

  private enum Keys: CodingKey { case precision, float32 }

  /// The evaluation, and beside it the metrics in float32.
  func encode(to encoder: any Encoder) throws {
    try evaluation.encode(to: encoder)
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(precision, forKey: .precision)
    try container.encode(
      Dictionary(float32.metrics.map { ($0.key, $0.value) }) { $1 }, forKey: .float32)
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
