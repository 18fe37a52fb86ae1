import Foundation
import RecurrentTestSupport
import Testing

/// A text gets the prediction that it gets alone, whatever stands beside it in a file, and in a stream.
@Suite struct TextNeighbourTests {
  let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  /// Texts of one to thirty words with a number for each.
  private static let texts: [(text: String, label: Int)] = (0..<60).map { index in
    let words = ["fine", "dull", "film", "and", "long", "moving", "plot", "actor", "slow", "bright"]
    let count = [1, 30, 4, 12, 2, 21][index % 6]
    let text = RandomKey(seed: UInt64(index)).integers(count, below: words.count).map { words[$0] }
    return (text.joined(separator: " "), index % 2)
  }

  private func train(_ task: String, _ flags: String...) throws {
    let rows = Self.texts.map { "\($0.text)\t\($0.label)\n" }
    try run.write("texts.tsv", "text\tlabel\n" + rows.joined())
    let result = try run(
      ["train", task, "texts.tsv", "-o", "x.bundle", "--epochs", "3", "--threads", "1"] + flags)
    #expect(result.code == 0, "\(result.errors)")
  }

  /// The lines of predictions without the name of the input.
  private func predictions(_ texts: [String], named name: String = "new.tsv") throws -> [String] {
    try run.write(name, "text\n" + texts.map { $0 + "\n" }.joined())
    let result = try run("predict", "x.bundle", name, "--format", "jsonl", "--threads", "1")
    #expect(result.code == 0, "\(result.errors)")
    return result.output.split(separator: "\n").map { String($0.replacing(#/"input":"[^"]*",?/#, with: "")) }
  }

  @Test(arguments: ["classification", "regression"])
  func fortyTextsTogetherAndAlone(_ task: String) throws {
    if task == "regression" { try train(task, "--target-column", "label") } else { try train(task) }
    let texts = Self.texts.prefix(40).map(\.text)
    let together = try predictions(texts)
    #expect(together.count == 40 && Set(together).count > 20)
    let alone = try texts.map { try predictions([$0], named: "one.tsv")[0] }
    #expect(together == alone)
    // in another order, beside one that is much longer
    let long = String(repeating: "moving plot ", count: 180)
    #expect(try predictions([long] + texts.reversed()).dropFirst() == alone.reversed()[...])
  }

  @Test func aStreamSaysWhatAFileSays() throws {
    try train("classification", "--causal", "--length-limit", "25")
    let texts = Self.texts.prefix(40).map(\.text)
    let lines = texts.map { "\"\($0)\"\n{\"reset\": true}\n" }
    try run.write("stream.jsonl", lines.joined())
    let streamed = try run.shell("$R predict x.bundle --stream --threads 1 < stream.jsonl")
    #expect(streamed.code == 0, "\(streamed.errors)")
    // of the two classes a stream says the likelier one alone
    let found = streamed.output.split(separator: "\n").map {
      $0.matches(of: #/"(label|probability)":[^,}]*/#).map(\.0)
    }
    let file = try predictions(texts).map { $0.matches(of: #/"(label|probability)":[^,}]*/#).map(\.0) }
    #expect(found.count == 40 && found == file)
  }

  /// A text without words has nothing that a number could be made of.
  @Test func anEmptyTextIsRefused() throws {
    try train("regression", "--target-column", "label")
    try run.write("new.tsv", "text\tn\nfine film\t1\n\t2\n")
    let result = try run("predict", "x.bundle", "new.tsv", "--input-column", "text")
    #expect(result.code == 1 && result.errors.contains("new.tsv:3"), "\(result.errors)")
  }
}
