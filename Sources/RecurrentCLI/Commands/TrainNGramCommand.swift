import ArgumentParser
import Recurrent

/// `recurrent train n-gram`.
struct TrainNGramCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "n-gram",
    abstract: "Count an n-gram model of words or characters, for the search of a transcription.",
    usage: "recurrent train n-gram <text> ... --output <file> [options]",
    discussion: """
      A line of the text is a sentence, words stand between white space. The model is smoothed by Kneser and Ney's method in \
      its modified form; orders whose counts do not allow that, as of small texts, by that of Witten and Bell. It is written \
      as an ARPA file, which every program for n-grams reads.

      Example:

        recurrent train n-gram corpus.txt --order 3 --output words.arpa
        recurrent train n-gram corpus.txt --unit character --order 5 --output letters.arpa
        recurrent evaluate words.arpa other.txt
      """)

  @Argument(help: ArgumentHelp("Files with text; - for the standard input.", valueName: "text"))
  var texts: [String]

  @Option(help: ArgumentHelp("Words of the longest n-grams.", valueName: "n"))
  var order = 3

  @Option(help: NGramUnit.help)
  var unit = NGramUnit.word

  @Option(name: .shortAndLong, help: ArgumentHelp("The ARPA file to write.", valueName: "file"))
  var output: String

  @Flag(help: "Replace a file that stands at the output.")
  var overwrite = false

  @OptionGroup var input: InputOptions

  func validate() throws {
    guard (1...NGramModel.maximumOrder).contains(order) else {
      throw ValidationError("--order is \(order), expected 1 to \(NGramModel.maximumOrder)")
    }
    if output.isEmpty { throw ValidationError("--output is empty, expected the path of a file") }
  }

  func run() throws {
    try OutputFile.check(output, flag: "--output", apartFrom: texts)
    if !overwrite, OutputFile.exists(output) {
      throw ValidationError("\(output) exists; choose another --output, or replace it with --overwrite")
    }
    let estimator = try NGramEstimator(order: order)
    let reader = UTF8TextReader(try input.sources(texts))
    switch unit {
    case .word: try estimator.add(reader)
    case .character: try estimator.add(reader, tokens: CharacterTokens())
    }
    let model = try estimator.model()
    for note in model.notes { Terminal.error(note.line) }
    try model.writeARPA(to: output)
    Terminal.error(
      "\(counted(estimator.sentenceCount, "sentence")), \(counted(estimator.tokenCount, unit.rawValue)); "
        + model.counts.enumerated().map { "\(grouped($0.element)) of order \($0.offset + 1)" }.joined(
          separator: ", "))
    Terminal.error("written to \(output)")
  }
}

/// What the tokens of an n-gram model are.
enum NGramUnit: String, ExpressibleByArgument, CaseIterable {
  case word, character

  static let help = ArgumentHelp(
    "What is counted: word or character, of which a space is one.", valueName: "unit")
}

/// An evaluation of an n-gram model as the command prints it.
struct NGramResult: Encodable {
  let perplexity, perplexityWithoutUnknown, crossEntropy: Double
  let sentences, words, unknownWords: Int

  init(_ evaluation: NGramEvaluation) {
    perplexity = evaluation.perplexity
    perplexityWithoutUnknown = evaluation.perplexityWithoutUnknown
    crossEntropy = -evaluation.logProbability / Double(evaluation.tokenCount)
    (sentences, words) = (evaluation.sentenceCount, evaluation.wordCount)
    unknownWords = evaluation.unknownCount
  }

  /// The same for people.
  var lines: [String] {
    [
      "\(counted(sentences, "sentence")), \(counted(words, "token")), \(grouped(unknownWords)) unknown",
      "perplexity \(rounded(perplexity, 3)), without unknown tokens \(rounded(perplexityWithoutUnknown, 3))",
      "cross-entropy \(rounded(crossEntropy, 4)) nats a token, ends of sentences among them",
    ]
  }
}
