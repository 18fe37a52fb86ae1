import Foundation
import RecurrentTestSupport
import Testing

/// Tags of words from a file to a label for each word, through the executable.
@Suite struct WordTaggingTests {
  private static let tags = [
    "the": "D", "U.S.": "N", "'s": "P", "$5": "M", "deal": "N", "fell": "V", "don't": "V", "3.14": "M",
    "well-known": "A", ",": "S",
  ]

  let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  private static func sentence(_ count: Int, _ seed: Int) -> [String] {
    let words = tags.keys.sorted()
    return RandomKey(seed: UInt64(seed)).integers(count, below: words.count).map { words[$0] }
  }

  /// Columns of words and tags.
  private static func columns(_ sentences: [[String]]) -> String {
    sentences.map { $0.map { "\($0) \(tags[$0] ?? "?")\n" }.joined() }.joined(separator: "\n")
  }

  private func accuracy(_ file: String) throws -> Double? {
    let result = try run("evaluate", "x.bundle", file, "--json")
    #expect(result.code == 0, "\(result.errors)")
    let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    return (report?["accuracy"] as? [String: Any])?["value"] as? Double
  }

  /// The labels of a prediction.
  private func labels(_ arguments: String...) throws -> [String] {
    let result = try run(["predict", "x.bundle", "--format", "jsonl"] + arguments)
    #expect(result.code == 0, "\(result.errors)")
    return result.output.split(separator: "\n").compactMap {
      $0.firstMatch(of: #/"label":"([^"]*)"/#).map { String($0.1) }
    }
  }

  private static let sentences = (0..<60).map { sentence(6, $0) }

  /// Each word tells its tag: with the settings that nobody changed every label is right, and each word has one.
  @Test func everyWordGetsItsLabel() throws {
    try run.write("words.conll", Self.columns(Self.sentences))
    let trained = try run("train", "tagging", "words.conll", "-o", "x.bundle", "--causal")
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(try accuracy("words.conll") == 1)
    let own = [Self.sentence(5, 100), Self.sentence(1, 101), Self.sentence(700, 102)]
    let expected = own.flatMap { $0 }.map { Self.tags[$0] ?? "" }
    let column = own.map { $0.map { $0 + "\n" }.joined() }.joined(separator: "\n")
    try run.write("column.conll", column)
    try run.write("column.txt", column)
    try run.write("tagged.conll", Self.columns(own))
    try run.write("other.conll", own.map { $0.map { "\($0) Q\n" }.joined() }.joined(separator: "\n"))
    try run.write("lines.txt", own.map { $0.joined(separator: " ") + "\n" }.joined())
    for file in ["column.conll", "column.txt", "tagged.conll", "other.conll", "lines.txt"] {
      #expect(try labels(file) == expected, "\(file)")
    }
    // word by word, sentence by sentence
    let lines = own.map { $0.map { "\"\($0)\"\n" }.joined() + "{\"reset\": true}\n" }
    try run.write("stream.jsonl", lines.joined())
    let stream = try run.shell("$R predict x.bundle --stream < stream.jsonl")
    let found = stream.output.matches(of: #/"label":"([^"]*)"/#).map { String($0.1) }
    #expect(stream.code == 0 && found == expected, "\(stream.errors)")
    let sentence = try run.shell("printf '\"the\"\\n\"the U.S. deal\"\\n' | $R predict x.bundle --stream")
    #expect(
      sentence.code == 1 && sentence.errors.contains("line 2: expected one word a line"), "\(sentence.errors)"
    )
    let untagged = try run("evaluate", "x.bundle", "column.conll")
    #expect(untagged.code == 1 && untagged.errors.contains("column.conll: line 1: expected 2 columns"))
  }

  struct Form: Sendable, CustomTestStringConvertible {
    var name: String
    var file: String
    /// A file of sentences.
    var text: @Sendable ([[String]]) -> String
    var testDescription: String { name }
  }

  static let forms: [Form] = [
    Form(name: "CRLF, marks between documents", file: "w.conll") { sentences in
      ("-DOCSTART- -X- O\n\n" + columns(sentences)).replacing("\n", with: "\r\n")
    },
    Form(name: "comments and blank lines", file: "w.bio") { sentences in
      "\n\n# five words\n" + columns(sentences).replacing("\n\n", with: "\n\n\n# sent one\n")
    },
    Form(name: "columns between tabs", file: "w.conll") { sentences in
      columns(sentences).replacing(" ", with: "\t_\t").replacing("the\t", with: "the \t")
    },
    Form(name: "blanks at the ends", file: "w.iob") { columns($0).replacing("\n", with: " \n") },
    Form(name: "CoNLL-U", file: "w.conllu") { sentences in
      sentences.map { sentence in
        "# text = x\n"
          + sentence.enumerated().map { "\($0 + 1)\t\($1)\t_\t\(tags[$1] ?? "")\t_\t_\t0\troot\t_\t_\n" }
          .joined()
      }.joined(separator: "\n")
    },
    Form(name: "sentences of one word", file: "w.conll") { sentences in
      columns(sentences.flatMap { $0.map { [$0] } })
    },
    Form(name: "words of many bytes", file: "w.conll") { sentences in
      columns(sentences).replacing("deal ", with: String(repeating: "deal", count: 900) + " ")
    },
    Form(name: "5,000 words", file: "w.conll") { columns($0 + [sentence(5000, 9)]) },
    Form(name: "a text", file: "w.txt") { columns($0) },
  ]

  /// Valid files are read, whatever their form: as many labels as words, the same steps.
  @Test(arguments: forms) func validFilesAreRead(_ form: Form) throws {
    try run.write(form.file, form.text(Self.sentences))
    let trained = try run(
      "train", "tagging", form.file, "-o", "x.bundle", "--epochs", "1", "--split", "1,0,0", "--threads", "1")
    #expect(trained.code == 0, "\(trained.errors)")
    let count = Self.sentences.count * 6 + (form.name.hasPrefix("5,000") ? 5000 : 0)
    #expect(trained.errors.replacing(",", with: "").contains(" \(count) steps"), "\(trained.errors)")
    #expect(trained.errors.contains("7 labels: "), "\(trained.errors)")
    #expect(try labels(form.file).count == count)
  }

  @Test(arguments: [
    ("the D\nU.S.\n", "line 2: expected 2 columns"), ("the\nU.S.\n", "line 1: expected 2 columns"),
    ("the D\n\nU.S. N x\n", "line 3: expected 2 columns"),
  ])
  func unequalCountsSayWhere(_ text: String, _ fragment: String) throws {
    try run.write("w.conll", text)
    let result = try run("train", "tagging", "w.conll", "-o", "x.bundle")
    #expect(result.code == 1 && result.errors.contains("w.conll: " + fragment), "\(result.errors)")
  }
}
