import ArgumentParser
import Recurrent

/// `recurrent generate`.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Let a model write texts or music, or draw.",
    discussion: """
      Examples:

        recurrent generate book.bundle --prompt "Once" --length 400 --seed 7
        recurrent generate book.bundle --prompt "Once" --length 40 --beam 8 --no-repeat 4 --count 3
        recurrent generate kanji.bundle --count 64 --temperature 0.4 --output grid.svg
        recurrent generate kanji.bundle --complete begun.svg --output finished.svg
        recurrent generate bach.bundle --primer start.mid --length 16bars --temperature 0.9 --count 4 --output new.mid
        recurrent generate bach.bundle --harmonise melody.mid --output four-parts.mid
        recurrent generate pianist.bundle --primer start.mid --length 30s --output played.mid
        recurrent generate composers.bundle --style bach --style-to joplin --length 32bars --output between.mid
        recurrent generate animals.bundle --like cat.svg --count 9 --output cats.svg

      Of music each piece is written as a MIDI file and beside it as a drawing, a piano roll in SVG; a line says how much of it \
      stands in the training part.

      With --beam the likeliest texts are searched for and nothing is drawn; --count are the best of them. A --stop is a single \
      token then, and ends a text where it comes.

      With --save-state the state at the end is kept in a file, and --load-state goes on from there: the text is that of \
      never having stopped. With --seed or --prompt the same state goes on in another way.

        recurrent generate book.bundle --prompt "Once" --save-state s.safetensors
        recurrent generate book.bundle --load-state s.safetensors

      With --adapt a model of texts goes on learning from what it is given: the texts of --adapt-from, which are read first, and the \
      prompt; see evaluate. It does not learn from what it writes itself. The bundle stays as it is; a state holds what was learnt.

        recurrent generate book.bundle --adapt --adapt-from notes.txt --prompt "Today"
        recurrent generate book.bundle --adapt cache --adapt-from notes.txt --save-state s.safetensors
      """)

  @Argument(help: "The bundle of a model of language or music, or of drawings.")
  var bundle: String

  @Option(help: ArgumentHelp("What the text begins with.", valueName: "text"))
  var prompt = ""

  @Option(
    help: ArgumentHelp(
      "Tokens to write after the prompt; of music steps, quarters or bars, such as 16bars, of a performance seconds (default: 400, of music "
        + "16bars, of a performance 30s).",
      valueName: "n"))
  var length: WrittenLength?

  @Option(
    help: ArgumentHelp(
      "Below 1 more cautious, above 1 wilder, 0 always the likeliest (default: 0.8 for text, 0.4 for drawings).",
      valueName: "t"))
  var temperature: Double?

  @Option(help: ArgumentHelp("Choose among the k likeliest tokens.", valueName: "k"))
  var topK: Int?

  @Option(
    help: ArgumentHelp("Choose among the likeliest tokens that together have probability p.", valueName: "p"))
  var topP = 1.0

  @Option(help: ArgumentHelp("Above 1 discourages recent tokens.", valueName: "x"))
  var repetitionPenalty = 1.0

  @Option(help: ArgumentHelp("End before this text comes; may be given more than once.", valueName: "text"))
  var stop: [String] = []

  @Option(help: ArgumentHelp("The same seed writes the same text (default: 1).", valueName: "n"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Search for the likeliest texts, so many kept from token to token, instead of drawing lots; of --harmonise the harmonies kept "
        + "from step to step (16).", valueName: "n")
  )
  var beam: Int?

  @Option(help: ArgumentHelp("With --beam, never write a group of so many tokens twice.", valueName: "n"))
  var noRepeat: Int?

  @Option(help: ArgumentHelp("Texts or pieces to write, or drawings to draw.", valueName: "n"))
  var count = 1

  @Option(help: PrecisionOption.help)
  var precision: Precision?

  @Flag(help: "One line of JSON for each text.")
  var json = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Music: the MIDI file to write. Drawings: a file of SVG, with several of them a sheet; a file of lines of JSON (.ndjson); one "
        + "of InkML (.inkml); or a folder, ending in /, of a file of SVG each (default: lines of JSON on the standard output).",
      valueName: "path"))
  var output: String?

  @Option(
    defaultAsFlag: .both, parsing: .next,
    help: ArgumentHelp(
      "Go on learning from what is given: dynamic, cache or both (default: both).", valueName: "method"))
  var adapt: AdaptationMethod?

  @Option(
    help: ArgumentHelp(
      "With --adapt, a text that is read before the prompt; may be given more than once.", valueName: "file"))
  var adaptFrom: [String] = []

  @OptionGroup var adaptation: AdaptationOptions
  @OptionGroup var drawing: DrawingOptions
  @OptionGroup var music: MusicOptions
  @OptionGroup var style: StyleOptions
  @OptionGroup var state: StateOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    func check(_ isRight: Bool, _ message: String) throws { if !isRight { throw ValidationError(message) } }
    try check(length?.count ?? 0 >= 0, "--length is \(length?.count ?? 0), expected 0 or more")
    if let temperature {
      try check(
        temperature >= 0 && temperature.isFinite, "--temperature is \(temperature), expected 0 or more")
    }
    try check(topK ?? 1 >= 1, "--top-k is \(topK ?? 0), expected 1 or more")
    try check(topP > 0 && topP <= 1, "--top-p is \(topP), expected above 0 and at most 1")
    try check(
      repetitionPenalty > 0 && repetitionPenalty.isFinite,
      "--repetition-penalty is \(repetitionPenalty), expected a positive number")
    try check(count >= 1, "--count is \(count), expected 1 or more")
    try check((1...1 << 16).contains(beam ?? 1), "--beam is \(beam ?? 0), expected 1 to 65536")
    try check(noRepeat ?? 1 >= 1, "--no-repeat is \(noRepeat ?? 0), expected 1 or more")
    try check(noRepeat == nil || beam != nil, "--no-repeat is for a search; give it with --beam")
    if beam != nil, music.harmonise == nil { try checkSearch() }
    try adaptation.check(adapt)
    try check(adaptFrom.isEmpty || adapt != nil, "--adapt-from is for --adapt")
    try check(
      adapt == nil || precision == nil && beam == nil,
      "--adapt writes with the model as it was trained, token by token; give it without --precision and --beam"
    )
    try check(
      state.saveState == nil || count == 1, "--save-state keeps the state of one text, --count is \(count)")
  }

  func run() throws {
    try compute.run {
      switch try ModelBundleHead.task(of: bundle) {
      case SketchTask.name: try draw()
      case MusicTask.name: try compose()
      case PerformanceTask.name: try play()
      default: try generate()
      }
    }
  }

  /// Throws where options of texts are given for a model of something else.
  private func refuseTexts(_ others: Bool, _ names: String, _ does: String) throws {
    guard prompt.isEmpty, stop.isEmpty, repetitionPenalty == 1, state.areNone, adapt == nil, !others else {
      throw ValidationError(
        "\(bundle) \(does): --prompt, --stop, --repetition-penalty, --adapt and states are for texts\(names)")
    }
  }

  private func draw() throws {
    try refuseTexts(
      topK != nil || topP != 1 || length != nil || beam != nil || json || music.flag != nil,
      ", and --top-k, --top-p, --length, --beam, --json and what is for music not for it", "draws")
    var opened: any AnyTrainedTask = try TrainedTask<SketchTask>(bundle: bundle)
    if let precision { opened = try opened.rounded(to: precision) }
    guard let trained = opened as? TrainedTask<SketchTask> else { return }
    try drawing.draw(trained, style, to: output, count: count, temperature: temperature, seed: seed ?? 1)
  }

  private func compose() throws {
    try refuseTexts(
      precision != nil || noRepeat != nil || !drawing.areNone,
      ", and --precision, --no-repeat and what is for drawings not for it", "is a model of music")
    try MusicRun(
      bundle: bundle, output: output, options: music, style: style, length: length,
      sampler: Sampler(temperature: temperature ?? 0.8, topK: topK, topP: topP), beam: beam ?? 16,
      seed: seed ?? 1, count: count, isJSON: json
    ).run()
  }

  private func play() throws {
    try refuseTexts(
      precision != nil || noRepeat != nil || beam != nil || !drawing.areNone || style.flag != nil,
      ", and --precision, --beam, --no-repeat, styles and what is for drawings not for it", "plays")
    try PerformanceRun(
      bundle: bundle, output: output, options: music, length: length,
      sampler: Sampler(temperature: temperature ?? 0.9, topK: topK, topP: topP), seed: seed ?? 1,
      count: count,
      isJSON: json
    ).run()
  }

  private struct Line: Encodable {
    let index: Int
    let seed: UInt64
    let prompt, text, end: String
  }

  private func generate() throws {
    guard output == nil, drawing.areNone, music.flag == nil, style.flag == nil else {
      throw ValidationError(
        "\(bundle) writes texts: --output, and what is for music or for drawings, is not for it")
    }
    try state.check(apartFrom: [bundle] + adaptFrom)
    let length = try (length ?? WrittenLength(400)).tokens()
    var opened: any AnyTrainedTask = try TrainedTask<LanguageModelTask>(bundle: bundle)
    if let precision { opened = try opened.rounded(to: precision) }
    guard let trained = opened as? TrainedTask<LanguageModelTask> else { return }
    let vocabulary = trained.task.vocabulary
    let encoded = vocabulary.encode(prompt)
    if encoded.unknownCount > 0 {
      Terminal.error(
        "note: the model does not know \(encoded.unknownCount) of \(encoded.ids.count) tokens of the prompt: "
          + encoded.unknownExamples.map { "\"\($0)\"" }.joined(separator: " "))
    }
    let states = try state.files(bundle)
    var (begun, rest) = (try written(trained), GeneratedRest())
    if let load = states.load {
      let kept = try SessionState(path: load, model: states.model)
      try begun.restore(kept)
      rest = try GeneratedRest(kept)
    }
    try begun.read(adaptFrom, prompt: Array(encoded.ids))
    let beginning = begun.session
    if let beam { return try search(beginning, length: length, beam: beam) }
    // another seed is another text; without one the numbers go on where they were
    let used = seed ?? rest.seed ?? 1
    if seed != nil { rest.drawCount = 0 }
    let sampler = Sampler(
      temperature: temperature ?? 0.8, topK: topK, topP: topP, repetitionPenalty: repetitionPenalty)
    for index in 0..<count {
      var generator = TextGenerator(
        beginning, sampler: sampler, length: length, stop: stop, key: RandomKey(seed: used).child(index),
        rest: rest, goesOn: states.save != nil)
      var text = ""
      if !json {
        if count > 1 { Terminal.output(text: "\(index > 0 ? "\n" : "")--- \(index + 1) of \(count) ---") }
        Terminal.stream(prompt)
      }
      // between words the model's own space stands in for the one that the prompt ends with
      var isAfterSpace = vocabulary.unit == .word && prompt.last?.isWhitespace ?? false
      while !Interrupt.isRequested, var piece = generator.next() {
        if isAfterSpace, piece.hasPrefix(" ") { piece.removeFirst() }
        isAfterSpace = false
        if json { text += piece } else { Terminal.stream(piece) }
      }
      if json {
        let end = Interrupt.isRequested ? "interrupted" : generator.end?.rawValue ?? "length"
        try JSONLine.output(Line(index: index, seed: used, prompt: prompt, text: text, end: end))
      } else {
        Terminal.output("")
      }
      if let save = states.save {
        try generator.rest(seed: used).added(to: begun.state(behind: generator)).write(
          to: save, model: states.model)
      }
      if Interrupt.isRequested { throw ExitCode.interrupted }
    }
  }
}
