import ArgumentParser
import Recurrent

/// `recurrent predict`.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Let a model answer: labels with probabilities, events with times, forecasts with intervals.",
    usage: "recurrent predict <bundle> <data> ... [options]",
    discussion: """
      The data have the form of those that the model was trained on, without what is to be found. Settings of the task that \
      say where in the data things stand are taken as in training.

      Example:

        recurrent predict sentiment.bundle new.tsv --format jsonl
        recurrent predict digits.bundle seven.wav
        recurrent predict load.bundle recent.csv --plot fan.svg
        cat stream.jsonl | recurrent predict beats.bundle --stream

      With --stream each line of the standard input is a step as JSON: an object by the names of the channels, a list in their \
      order, a number, or a text. Each is answered at once, with the state kept; {"reset": true} begins anew. The model must \
      have been trained with --causal.
      """)

  @Argument(help: "The bundle of a model.")
  var bundle: String

  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp("Files or folders with data, and settings of the task.", valueName: "data"))
  var words: [String] = []

  @Option(help: "The form of the answers: table, jsonl or csv.")
  var format = AnswerFormat.table

  @Option(help: ArgumentHelp("Draw the answers, as SVG, where the task can: forecasts.", valueName: "file"))
  var plot: String?

  @Flag(help: "Answer the steps of the standard input, line by line.")
  var stream = false

  @OptionGroup var compute: ComputeOptions

  func run() throws {
    try OutputFile.check(plot, flag: "--plot", apartFrom: [bundle] + words)
    let task = try ModelBundleHead.task(of: bundle)
    guard let type = TaskCatalog.task(named: task) else {
      throw BundleError.otherTask(
        path: bundle, expected: TaskCatalog.tasks.map { $0.name }.joined(separator: ", "), found: task)
    }
    try compute.run { try predict(type) }
  }

  private func predict<Task: CatalogTask>(_ type: Task.Type) throws {
    let own = try TaskWords<Task>(words)
    if stream {
      guard own.paths.isEmpty else {
        throw ValidationError("--stream reads the standard input; name no data")
      }
      try StreamRun(trained: TrainedTask<Task>(bundle: bundle), bundle: bundle, format: format).run()
      return
    }
    if own.paths.isEmpty { throw ValidationError("name the data: files or folders") }
    let trained = try TrainedTask<Task>(bundle: bundle)
    let input = try trained.task.input(own.paths, settings: own.settings, needsTruth: false)
    for note in input.notes { Terminal.error(note.line) }
    var writer = AnswerWriter(format: format)
    let model = trained.task.prepared(trained.model)
    if let plot {
      let examples = try (0..<min(1, input.count)).map { try input.example($0) }
      guard let picture = trained.task.plot(trained.task.allAnswers(model, to: examples), of: examples) else {
        throw ValidationError("--plot: answers of \(Task.name) are not drawn")
      }
      try AtomicFile.write(Array(picture.utf8), to: plot)
    }
    // a part at a time: memory does not grow with the file
    for start in stride(from: 0, to: input.count, by: 256) {
      let numbers = Array(start..<min(start + 256, input.count))
      let examples = try numbers.map { try input.example($0) }
      let answers = trained.task.allAnswers(model, to: examples)
      for (index, answer) in answers.enumerated() {
        for row in trained.task.rows(answer, to: examples[index], name: input.name(numbers[index])) {
          try writer.write(row)
        }
      }
      if Interrupt.isRequested { throw ExitCode.interrupted }
    }
    writer.finish()
  }
}

/// How answers are written.
enum AnswerFormat: String, ExpressibleByArgument, CaseIterable {
  case table, jsonl, csv
}
