import ArgumentParser
import Recurrent

/// `recurrent evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure how well a model does on data it was not trained on.",
    discussion: """
      The files are read as one text, from its beginning to its end in one carried state. With --precision they are read \
      in that precision and in float32, and the result says what the lower precision costs.

      Example:

        recurrent evaluate book.bundle other.txt --json
        recurrent evaluate book.bundle other.txt --precision int8
        recurrent evaluate digits.bundle labels.csv --label-column digit --report report.html

      With --save-state the state behind the text is kept in a file; --load-state reads the text as one that goes on from \
      there, as generate does.
      """)

  @Argument(help: "The bundle of a model.")
  var bundle: String

  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp(
      "Files of UTF-8 text, which are read as one; for other tasks data and settings.", valueName: "data"))
  var data: [String]

  @Option(help: ArgumentHelp("Write the evaluation as a page of HTML.", valueName: "file"))
  var report: String?

  @Option(help: ArgumentHelp("Keep the state behind the text.", valueName: "file"))
  var saveState: String?

  @Option(help: ArgumentHelp("Go on from a state that was kept.", valueName: "file"))
  var loadState: String?

  @Option(help: PrecisionOption.help)
  var precision: Precision?

  @Flag(help: "The result as one line of JSON.")
  var json = false

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if precision != nil, saveState != nil || loadState != nil {
      throw ValidationError("--precision reads the text twice; give it without --save-state and --load-state")
    }
  }

  func run() throws {
    try OutputFile.check(report, flag: "--report", apartFrom: [bundle] + data)
    try OutputFile.check(saveState, flag: "--save-state", apartFrom: [bundle] + data)
    let task = (try? ModelBundleHead.task(of: bundle)).flatMap { TaskCatalog.task(named: $0) }
    try compute.run {
      if let task { try evaluate(task) } else { try evaluate() }
    }
  }

  private func evaluate<Task: CatalogTask>(_ task: Task.Type) throws {
    if precision != nil || saveState != nil || loadState != nil {
      throw ValidationError("--precision, --save-state and --load-state are for language models")
    }
    try EvaluateTask<Task>(bundle: bundle, words: data, report: report, isJSON: json).run()
  }

  private func evaluate() throws {
    if let option = data.first(where: { $0.hasPrefix("-") && $0.count > 1 }) {
      throw ValidationError("unknown option '\(option)'")
    }
    if report != nil { throw ValidationError("--report is for other tasks than language models") }
    let trained = try TrainedLanguageModel(bundle: bundle)
    let text = try trained.description.vocabulary.encode(sources: data.map { DataSource($0) })
    guard text.ids.count > 1 || loadState != nil && !text.ids.isEmpty else {
      throw RunError.unfit(
        paths: data,
        reason:
          "expected at least 2 tokens, since the second is predicted from the first, found \(text.ids.count)")
    }
    guard let precision else {
      let hash = saveState != nil || loadState != nil ? try SHA256.hash(file: AnyModel.file(of: bundle)) : ""
      var session = saveState == nil ? nil : trained.session()
      if let loadState { session = try SavedSession(path: loadState, of: trained, hash: hash).session }
      let evaluation = try read(text, with: trained, session: &session)
      if let saveState, let session { try SavedSession(session).write(to: saveState, hash: hash) }
      if json {
        try JSONLine.output(evaluation)
      } else {
        for line in EvaluationTable.lines(evaluation) { Terminal.output(line) }
      }
      return
    }
    let comparison = PrecisionComparison(
      precision: precision, evaluation: try read(text, with: trained.checked(precision: precision)),
      float32: try read(text, with: trained.with(precision: .float32)))
    if json {
      try JSONLine.output(comparison)
    } else {
      for line in EvaluationTable.lines(comparison.evaluation) + comparison.lines { Terminal.output(line) }
    }
  }

  private func read(_ text: EncodedText, with trained: TrainedLanguageModel) throws -> LanguageModelEvaluation
  {
    var none: LanguageModelSession?
    return try read(text, with: trained, session: &none)
  }

  private func read(
    _ text: EncodedText, with trained: TrainedLanguageModel, session: inout LanguageModelSession?
  ) throws -> LanguageModelEvaluation {
    let evaluation = LanguageModelEvaluation.evaluate(
      trained.model, vocabulary: trained.description.vocabulary, text: text, session: &session,
      shouldStop: { Interrupt.isRequested }
    ) { done in
      if Terminal.isInteractive { Terminal.progress("reading \(Int(done * 100))%") }
    }
    Terminal.clearProgress()
    guard let evaluation else { throw ExitCode.interrupted }
    return evaluation
  }
}

/// An evaluation as a table for people.
enum EvaluationTable {
  static func lines(_ evaluation: LanguageModelEvaluation) -> [String] {
    var rows = [
      ("tokens", grouped(evaluation.tokenCount)),
      ("characters", grouped(evaluation.characterCount)),
      (
        "cross-entropy",
        "\(rounded(evaluation.nats, 4)) nats a \(evaluation.unit == .bpe ? "token" : evaluation.unit.rawValue)"
      ),
      ("", "\(rounded(evaluation.bitsPerCharacter, 4)) bits a character"),
      ("perplexity", rounded(evaluation.perplexity, 3)),
    ]
    if evaluation.unknownCount > 0 {
      let examples = evaluation.unknownExamples.map { "\"\($0)\"" }.joined(separator: " ")
      let count = evaluation.unknownCount
      rows.append(
        (
          "unknown",
          "\(grouped(count)) token\(count == 1 ? "" : "s") not seen in training\(examples.isEmpty ? "" : ": \(examples)")"
        ))
    }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { $0.0 + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 }
  }
}
