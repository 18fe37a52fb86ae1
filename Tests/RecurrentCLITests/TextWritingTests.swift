import Foundation
import RecurrentTestSupport
import Testing

/// Texts that networks write: translations, captions, likely continuations.
@Suite(.serialized) struct TextWritingTests {
  private let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  private func done(_ command: String) throws -> String {
    let result = try run.shell(command)
    try #require(result.code == 0, "\(command): \(result.errors)")
    return result.output
  }

  private func trained(_ small: SmallTraining, epochs: Int = 2) throws {
    try small.write(to: run)
    let result = try run(small.command(epochs: epochs))
    try #require(result.code == 0, "\(result.errors)")
  }

  private static func object(_ line: some StringProtocol) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  @Test func translationsOfLines() throws {
    try trained(.translation)
    try run.write("lines.txt", "ab\n\nba ab\n")
    let lines = try done("$R predict x.bundle --lines --best 3 --json < lines.txt").split(separator: "\n")
    #expect(lines.count == 3)
    for (index, line) in lines.enumerated() {
      let all = try #require(try Self.object(line)["predictions"] as? [[String: Any]])
      #expect((1...3).contains(all.count) && (index != 1 || all[0]["text"] as? String == ""))
      for own in all {
        #expect(Set(own.keys) == ["rank", "text", "score", "logProbability", "alignment"])
      }
    }
    #expect(
      try done("$R predict x.bundle --lines --best 3 --format jsonl < lines.txt").split(separator: "\n")
        == lines)
    let links = try done("$R predict x.bundle --lines --best 2 --format pharaoh < lines.txt")
    #expect(links.split(separator: "\n", omittingEmptySubsequences: false).count == 4)
    #expect(links.allSatisfy { $0.isNumber || "- \n".contains($0) })
    #expect(try done("$R predict x.bundle lines.txt --format pharaoh") == links)
    for (command, part) in [
      ("--lines --json --format pharaoh < lines.txt", "--json"),
      ("--lines --json --format csv < lines.txt", "csv"),
      ("--stream --json < lines.txt", "--json"), ("lines.txt --json --format pharaoh", "--format pharaoh"),
      ("--lines --copy-unknown < lines.txt", "a model of words"),
    ] {
      let wrong = try run.shell("$R predict x.bundle \(command)")
      #expect(wrong.code != 0 && wrong.errors.contains(part), "\(command): \(wrong.errors)")
    }
  }

  @Test func captionsInAllFormats() throws {
    try trained(.captioning)
    let text = try done("$R predict x.bundle lines.jsonl --format text")
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 41)
    #expect(try done("$R predict x.bundle lines.jsonl --format srt").contains(" --> "))
    #expect(try done("$R predict x.bundle lines.jsonl --format vtt").hasPrefix("WEBVTT"))
    let first = try Self.object(
      try done("$R predict x.bundle lines.jsonl --format json").split(separator: "\n")[0])
    #expect(first["words"] != nil && first["text"] is String)
    let rows = try done("$R predict x.bundle lines.jsonl --format csv --best 2").split(separator: "\n")
    #expect(rows[0] == "input,rank,text,score,logProbability" && rows.count > 41)
    _ = try done("$R predict x.bundle lines.jsonl --plot film.svg")
    #expect(run.text("film.svg").contains("<svg"))
    let metrics = try Self.object(try done("$R evaluate x.bundle lines.jsonl --json"))
    for key in ["wordErrorRate", "bleu", "chrF2", "sentenceErrorRate"] {
      #expect(metrics[key] is [String: Double], "\(key)")
    }
    let wrong = try run.shell("$R predict x.bundle lines.jsonl --format pharaoh")
    #expect(wrong.code != 0 && wrong.errors.contains("for translations"))
    try run.write("empty.csv", "")
    try run.write("names.csv", "file,caption\nmissing.gif,a dog\n")
    for (command, part) in [
      ("train captioning empty.csv -o y.bundle", "empty.csv"),
      ("train captioning names.csv -o y.bundle", "missing.gif"),
      ("train captioning nothing.csv -o y.bundle", "nothing.csv"),
      ("train captionning lines.jsonl -o y.bundle", "captioning"),
      ("train captioning lines.jsonl --hiden 3 -o y.bundle", "--hidden"),
      ("predict x.bundle missing.gif", "missing.gif"), ("predict x.bundle lines.jsonl --stream", "--stream"),
    ] {
      let wrong = try run.shell("$R \(command)")
      #expect(wrong.code != 0 && wrong.errors.contains(part), "\(command): \(wrong.errors)")
    }
  }

  @Test func likelyContinuations() throws {
    try trained(.languageModel)
    let text = try done("$R generate x.bundle --prompt th --length 12 --beam 4")
    #expect(text.hasPrefix("th") && text.count == 2 + 12 + 1)
    #expect(try done("$R generate x.bundle --prompt th --length 12 --beam 4 --threads 1") == text)
    let lines = try done("$R generate x.bundle --prompt th --length 12 --beam 4 --count 3 --json").split(
      separator: "\n")
    let scores = try lines.map { try #require(try Self.object($0)["score"] as? Double) }
    #expect(scores.count == 3 && scores == scores.sorted(by: >))
    #expect(try Self.object(lines[0])["text"] as? String == String(text.dropFirst(2).dropLast()))
    #expect(try done("$R generate x.bundle --prompt th --length 40 --beam 2 --stop ' '").count <= 43)
    for (flags, part) in [
      ("--beam 0", "--beam is 0"), ("--beam 2 --top-k 3", "--beam draws nothing"),
      ("--no-repeat 2", "--beam"),
      ("--beam 2 --stop 'th e'", "one token"), ("--beam 2 --save-state s.safetensors", "--beam"),
    ] {
      let wrong = try run.shell("$R generate x.bundle \(flags)")
      #expect(wrong.code == 2 && wrong.errors.contains(part), "\(flags): \(wrong.errors)")
    }
  }
}
