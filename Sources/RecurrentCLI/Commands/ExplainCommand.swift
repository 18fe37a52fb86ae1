import ArgumentParser
import Recurrent

/// `recurrent explain`.
struct ExplainCommand: ParsableCommand, TakesSettingsOfBundle {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show a network at work on an example: unrolled, its gradients through time, its gates.",
    usage: "recurrent explain <bundle> <data> ... --output page.html [options]\n"
      + "recurrent explain --untrained --cell elman,lstm,gru --output page.html [options]",
    discussion: """
      Writes a page of HTML about one example of the data, the first unless --example says otherwise: the loop and the network \
      unrolled over the steps, what is predicted at each step and how sure that is, how much each step adds to the gradient of \
      each weight, how far back errors reach, and what units follow. The data have the form of those that the model was trained \
      on; without targets the loss is that of what is predicted.

      Example:

        recurrent explain shakespeare.bundle --text "ROMEO: But soft" --output explain.html
        recurrent explain beats.bundle ecg.csv --steps 120 --from 200 --output beats.html
        recurrent explain shakespeare.bundle speech.txt --compare --output explain.html
        recurrent explain --untrained --cell elman,lstm,gru --hidden 32 --steps 60 --output vanishing.html

      With --compare, Elman, LSTM and GRU of the same size with fresh parameters read the same input. --untrained needs no data: \
      cells with fresh parameters read random vectors, with one loss at the end. Imported layers read \
      random vectors too, since they have no task. Of a graph of operators, which cannot be unrolled, the page shows what it is \
      made of.
      """)

  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp(
      "The bundle of a model, files or folders with data, and settings of the task.",
      valueName: "bundle and data"))
  var words: [String] = []

  @Option(help: ArgumentHelp("A text as the example, in place of data.", valueName: "text"))
  var text: String?

  @Option(help: ArgumentHelp("Where the page goes.", valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("Which example of the data, from 1.", valueName: "n"))
  var example = 1

  @Option(
    help: ArgumentHelp(
      "Steps that are drawn, with --untrained those that there are, 1 to \(ExplanationPage.stepLimit).",
      valueName: "n"))
  var steps = ExplanationPage.standardStepCount

  @Option(help: ArgumentHelp("The first step that is drawn, from 1.", valueName: "n"))
  var from = 1

  @Flag(help: "Let Elman, LSTM and GRU of the same size read the same.")
  var compare = false

  @Flag(help: "Look at cells with fresh parameters that read random vectors.")
  var untrained = false

  @Option(help: ArgumentHelp("With --untrained: cells, with commas between them.", valueName: "names"))
  var cell: String?

  @Option(help: ArgumentHelp("With --untrained: units (default: 32).", valueName: "n"))
  var hidden: Int?

  @Option(help: ArgumentHelp("With --untrained: decides the random numbers (default: 1).", valueName: "n"))
  var seed: UInt64?

  @OptionGroup var input: InputOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    guard (1...ExplanationPage.stepLimit).contains(steps) else {
      throw ValidationError("--steps is \(steps), expected 1 to \(ExplanationPage.stepLimit)")
    }
    if from < 1 || example < 1 { throw ValidationError("--from and --example count from 1") }
    if untrained {
      guard words.isEmpty, text == nil, !compare else {
        throw ValidationError("--untrained needs neither a bundle nor data, and compares the cells of --cell")
      }
      if steps < 2 { throw ValidationError("--steps is \(steps), expected at least 2 with --untrained") }
      if let hidden, !(1...1024).contains(hidden) {
        throw ValidationError("--hidden is \(hidden), expected 1 to 1024")
      }
    } else {
      if words.isEmpty { throw ValidationError("name the bundle of a model, or give --untrained") }
      if cell != nil || hidden != nil || seed != nil {
        throw ValidationError("--cell, --hidden and --seed are for --untrained; a bundle has its own")
      }
    }
  }

  func run() throws {
    try OutputFile.check(output, flag: "--output", apartFrom: words)
    try compute.run {
      let report = untrained ? try lesson() : try page()
      try AtomicFile.write(Array(report.html.utf8), to: output)
      for note in report.notes {
        switch note {
        case .information(let text): Terminal.error("note: \(text)")
        case .warning(let text): Terminal.error("warning: \(text)")
        }
      }
      for figure in report.keyFigures { Terminal.output("\(figure.name): \(figure.value)") }
      Terminal.output("wrote \(output)")
    }
  }

  /// Cells with fresh parameters.
  private func lesson() throws -> HTMLReport {
    let names = (cell ?? "elman,lstm,gru").split(separator: ",").map(String.init)
    let cells = try names.map { name in
      guard let cell = CellCatalog(rawValue: name) else {
        let known = CellCatalog.allCases.map(\.rawValue)
        let hint = Suggestion.nearest(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
        throw ValidationError("--cell is \"\(name)\", expected of \(known.joined(separator: ", "))\(hint)")
      }
      return cell
    }
    guard !cells.isEmpty, Set(cells).count == cells.count else {
      throw ValidationError("--cell is \"\(cell ?? "")\", expected cells that differ")
    }
    let explanations = try UntrainedLesson.explanations(
      cells, hiddenSize: hidden ?? 32, stepCount: steps, seed: seed ?? 1)
    for one in explanations {
      if let reach = one.readings.first?.parts.last?.reach {
        Terminal.output("\(one.name): gradient reaches \(reach.words) (\(one.initialization ?? ""))")
      }
      for (name, reach) in one.comparisons { Terminal.output("\(name): \(reach.words)") }
    }
    return ExplanationPage(explanations, stepCount: steps).report
  }

  /// An example of the data of a bundle.
  private func page() throws -> HTMLReport {
    let bundle = words[0]
    let model = try AnyModel(path: bundle)
    guard case .task(let trained) = model else {
      guard words.count == 1, text == nil else {
        throw ValidationError("\(bundle) is of no task: it reads no data of one; name it alone")
      }
      if case .layers(let layers) = model {
        let explanation = try layers.explanation(
          bundle.split(separator: "/").last.map(String.init) ?? bundle, stepCount: steps)
        return ExplanationPage([explanation], stepCount: steps).report
      }
      return try PartsPage.report(model, name: bundle)
    }
    let own = try SettingWords(Array(words.dropFirst()), trained.settings)
    var data = try input.sources(own.paths)
    if let text {
      guard data.isEmpty else { throw ValidationError("--text is an example; name no data beside it") }
      guard trained.readsText else {
        throw ValidationError("--text is for models that read texts; name data of \(trained.taskName)")
      }
      data = [DataSource(bytes: Array(text.utf8), name: "\"\(text.prefix(60))\"", format: .text)]
    }
    if data.isEmpty { throw ValidationError("name an example of data, or give a text with --text") }
    let name = bundle.split(separator: "/").last.map(String.init) ?? bundle
    let explanation = try trained.explanation(
      data, settings: own.settings,
      ExplanationRequest(name, index: example - 1, start: from - 1, comparesCells: compare))
    for advice in explanation.advice { Terminal.error("advice: \(advice.line(areFlags: true))") }
    return ExplanationPage([explanation], start: from - 1 - explanation.firstStep, stepCount: steps).report
  }
}
