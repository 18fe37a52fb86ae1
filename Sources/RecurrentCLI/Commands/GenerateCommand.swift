import ArgumentParser
import Recurrent

/// `recurrent generate`.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Let a language model write.",
    discussion: """
      Example:

        recurrent generate book.bundle --prompt "Once" --length 400 --seed 7

      With --save-state the state at the end is kept in a file, and --load-state goes on from there: the text is that of \
      never having stopped. With --seed or --prompt the same state goes on in another way.

        recurrent generate book.bundle --prompt "Once" --save-state s.safetensors
        recurrent generate book.bundle --load-state s.safetensors
      """)

  @Argument(help: "The bundle of a language model.")
  var bundle: String

  @Option(help: ArgumentHelp("What the text begins with.", valueName: "text"))
  var prompt = ""

  @Option(help: ArgumentHelp("Tokens to write after the prompt.", valueName: "n"))
  var length = 400

  @Option(help: ArgumentHelp("Below 1 bolder, above 1 wilder, 0 always the likeliest.", valueName: "t"))
  var temperature = 0.8

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

  @Option(help: ArgumentHelp("Texts to write.", valueName: "n"))
  var count = 1

  @Option(help: PrecisionOption.help)
  var precision: Precision?

  @Flag(help: "One line of JSON for each text.")
  var json = false

  @OptionGroup var state: StateOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    func check(_ isRight: Bool, _ message: String) throws { if !isRight { throw ValidationError(message) } }
    try check(length >= 0, "--length is \(length), expected 0 or more")
    try check(temperature >= 0 && temperature.isFinite, "--temperature is \(temperature), expected 0 or more")
    try check(topK ?? 1 >= 1, "--top-k is \(topK ?? 0), expected 1 or more")
    try check(topP > 0 && topP <= 1, "--top-p is \(topP), expected above 0 and at most 1")
    try check(
      repetitionPenalty > 0 && repetitionPenalty.isFinite,
      "--repetition-penalty is \(repetitionPenalty), expected a positive number")
    try check(count >= 1, "--count is \(count), expected 1 or more")
    try check(
      state.saveState == nil || count == 1, "--save-state keeps the state of one text, --count is \(count)")
  }

  func run() throws { try compute.run { try generate() } }

  private struct Line: Encodable {
    let index: Int
    let seed: UInt64
    let prompt, text, end: String
  }

  private func generate() throws {
    try state.check(apartFrom: [bundle])
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
    var beginning = LanguageModelSession(model: trained.model, vocabulary: vocabulary)
    var rest = GeneratedRest()
    if let load = states.load {
      let kept = try SessionState(path: load, model: states.model)
      try beginning.restore(kept)
      rest = try GeneratedRest(kept)
    }
    beginning.push(Array(encoded.ids))
    // another seed is another text; without one the numbers go on where they were
    let used = seed ?? rest.seed ?? 1
    if seed != nil { rest.drawCount = 0 }
    let sampler = Sampler(
      temperature: temperature, topK: topK, topP: topP, repetitionPenalty: repetitionPenalty)
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
        try generator.rest(seed: used).added(to: generator.session.state).write(to: save, model: states.model)
      }
      if Interrupt.isRequested { throw ExitCode.interrupted }
    }
  }
}
