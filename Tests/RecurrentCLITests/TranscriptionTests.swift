import Foundation
import RecurrentTestSupport
import Testing

/// Transcripts and n-gram models on the command line.
@Suite(.serialized) struct TranscriptionTests {
  private let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  private func done(_ words: String) throws -> String {
    let result = try run(words.split(separator: " ").map(String.init))
    try #require(result.code == 0, "\(words): \(result.errors)")
    return result.output
  }

  @Test func transcriptsInAllFormats() throws {
    try SmallTraining.transcription.write(to: run)
    _ = try done(SmallTraining.transcription.command(epochs: 30).joined(separator: " "))
    let lines = 40
    let text = try done("predict x.bundle lines.jsonl --format text")
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == lines + 1)
    let words = text.split(whereSeparator: \.isWhitespace)
    #expect(words.count > 20 && words.allSatisfy { word in word.allSatisfy { "lv".contains($0) } })
    let json = try done("predict x.bundle lines.jsonl --format json").split(separator: "\n")
    let first = try #require(JSONSerialization.jsonObject(with: Data(json[0].utf8)) as? [String: Any])
    #expect(json.count == lines && first["speaker"] as? String == "w0" && first["words"] != nil)
    #expect(try done("predict x.bundle lines.jsonl --format trn").contains("("))
    #expect(try done("predict x.bundle lines.jsonl --format ctm").split(separator: "\n").count == words.count)
    #expect(try done("predict x.bundle lines.jsonl --format stm").split(separator: "\n").count <= lines)
    #expect(try done("predict x.bundle lines.jsonl --format srt").contains(" --> "))
    #expect(try done("predict x.bundle lines.jsonl --format vtt").hasPrefix("WEBVTT"))
    let rows = try done("predict x.bundle lines.jsonl --format csv --best 2 --beam 9").split(separator: "\n")
    #expect(rows[0] == "input,rank,text,confidence,score" && rows.count > lines + 1)
    _ = try done("predict x.bundle lines.jsonl --plot line.svg")
    #expect(run.text("line.svg").contains("<svg"))
    let wrong = try run("predict", "x.bundle", "lines.jsonl", "--format", "srt", "--json")
    #expect(wrong.code == 2 && wrong.errors.contains("--format srt"))
    let line = try done("evaluate x.bundle lines.jsonl --json")
    let metrics = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    for key in [
      "wordErrorRate", "characterErrorRate", "sentenceErrorRate", "substitutions", "deletions", "insertions",
    ] {
      let own = try #require(metrics[key] as? [String: Double], "\(key)")
      #expect(
        own["value"] ?? -1 >= own["low"] ?? 0 && own["value"] ?? 2 <= own["high"] ?? 1, "\(key): \(own)")
    }
  }

  @Test func otherTasksHaveNoTranscripts() throws {
    try SmallTraining.regression.write(to: run)
    _ = try done(SmallTraining.regression.command(epochs: 1).joined(separator: " "))
    let result = try run("predict", "x.bundle", "slopes.csv", "--format", "vtt")
    #expect(result.code == 1 && result.errors.contains("predictions of regression are no transcripts"))
  }

  @Test func nGramsAreCountedAndEvaluated() throws {
    try run.write("corpus.txt", "set white at b\nlay white by c\nset blue at c\nset white by b\n")
    try run.write("other.txt", "set white at c\nlay green by b\n")
    _ = try done("train n-gram corpus.txt --order 2 --output words.arpa")
    #expect(run.text("words.arpa").hasPrefix("\\data\\\nngram 1="))
    let line = try done("evaluate words.arpa other.txt --json")
    let result = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(result["words"] as? Int == 8 && result["unknownWords"] as? Int == 1)
    let perplexity = try #require(result["perplexity"] as? Double)
    #expect(perplexity > 1 && perplexity < 20)
    // the same model from the standard input, and none over another file
    let piped = try run.shell("$R train n-gram - --order 2 -o again.arpa < corpus.txt")
    #expect(piped.code == 0 && run.text("again.arpa") == run.text("words.arpa"))
    let again = try run("train", "n-gram", "corpus.txt", "-o", "words.arpa")
    #expect(again.code == 2 && again.errors.contains("--overwrite"))
    _ = try done("train n-gram corpus.txt --unit character --order 4 -o letters.arpa")
    #expect(run.text("letters.arpa").contains("\u{2581}"))
    #expect(try done("evaluate letters.arpa other.txt --unit character").contains("perplexity"))
    for (words, part) in [
      ("train n-gram corpus.txt --order 99 -o x.arpa", "--order is 99"),
      ("evaluate words.arpa", "data"), ("evaluate words.arpa other.txt --hidden 3", "--hidden"),
      ("evaluate corpus.txt other.txt", "corpus.txt"), ("train n-gram missing.txt -o y.arpa", "missing.txt"),
    ] {
      let wrong = try run(words.split(separator: " ").map(String.init))
      #expect(wrong.code != 0 && wrong.errors.contains(part), "\(words): \(wrong.errors)")
    }
  }
}
