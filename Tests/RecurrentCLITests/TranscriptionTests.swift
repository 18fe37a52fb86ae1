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
    let best = try done("predict x.bundle lines.jsonl --format json --best 2 --beam 9")
    #expect(best.contains("\"alternatives\":[{\"confidence\":"))
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

  /// Translations are texts too: of files as of lines.
  @Test func translationsAsText() throws {
    try SmallTraining.translation.write(to: run)
    _ = try done(SmallTraining.translation.command(epochs: 1).joined(separator: " "))
    let lines = run.text("pairs.tsv").split(separator: "\n").map { $0.split(separator: "\t")[0] }
    try run.write("x.txt", lines.joined(separator: "\n") + "\n")
    let text = try done("predict x.bundle x.txt --format text --best 2 --beam 3")
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == lines.count + 1)
    for flags in ["", " --format text"] {
      #expect(try run.shell("$R predict x.bundle --lines --best 2 --beam 3\(flags) < x.txt").output == text)
    }
    let line = try done("evaluate x.bundle pairs.tsv --json")
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    let signatures = try #require(object?["signatures"] as? [String])
    #expect(
      signatures.count == 3 && signatures[0].hasPrefix("BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|"))
    let wrong = try run("predict", "x.bundle", "x.txt", "--format", "srt")
    #expect(wrong.code == 1 && wrong.errors.contains("are no transcripts"))
    let named = try run("predict", "x.bundle", "x.txt", "--lines")
    #expect(
      named.code == 2 && named.errors.hasSuffix("See 'recurrent predict --help' for more information.\n"))
  }

  /// What a table was taken for stands in the dry run, for programs.
  @Test func columnsAreSaid() throws {
    try run.write("a.csv", "wav,who,said\nx.wav,s1,one two\n")
    _ = try run.folder.file("x.wav", TranscriptionTests.wave(Array(repeating: 100, count: 8000)))
    try run.write("p.tsv", "english\tgerman\nA house.\tEin Haus.\nA dog.\tEin Hund.\n")
    for (words, part) in [
      (
        "transcription a.csv --transcript-column said --group-column who",
        "\"columns\":{\"group\":[\"who\"],\"input\":[\"wav\"],\"transcript\":[\"said\"]}"
      ),
      ("translation p.tsv", "\"columns\":{\"source\":[\"english\"],\"target\":[\"german\"]}"),
    ] {
      let line = try done("train \(words) --dry-run --json --output x.bundle")
      #expect(line.contains(part), "\(line)")
    }
  }

  /// Samples without a head are sound where their rate is said, from a file and from the standard input.
  @Test func samplesWithoutAHead() throws {
    try run.write("a.csv", "wav,said\n" + (0..<4).map { "\($0).wav,a b\n" }.joined())
    let samples = (0..<8000).map { Int16(truncatingIfNeeded: ($0 * $0) % 9000) }
    for number in 0..<4 { _ = try run.folder.file("\(number).wav", TranscriptionTests.wave(samples)) }
    _ = try done(
      "train transcription a.csv --transcript-column said --hidden 4 --layers 1 --epochs 1 --output x.bundle")
    _ = try run.folder.file("x.raw", Array(TranscriptionTests.wave(samples).dropFirst(44)))
    let whole = try done("predict x.bundle 0.wav --format csv").replacing("0.wav", with: "x.raw")
    #expect(try done("predict x.bundle x.raw --rate 8000 --format csv") == whole)
    let piped = try run.shell("$R predict x.bundle - --rate 8000 --format csv < x.raw")
    #expect(piped.output.replacing("<stdin>", with: "x.raw") == whole, "\(piped.errors)")
    // a head says more than the flag
    let headed = try run.shell("$R predict x.bundle - --rate 4000 --format csv < 0.wav")
    #expect(headed.output.replacing("<stdin>", with: "x.raw") == whole, "\(headed.errors)")
  }

  /// A sound at 8 kHz as a file.
  private static func wave(_ samples: [Int16]) -> [UInt8] {
    func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    let size = UInt32(2 * samples.count)
    return Array("RIFF".utf8) + bytes(36 + size) + Array("WAVEfmt ".utf8) + bytes(UInt32(16))
      + bytes(UInt16(1))
      + bytes(UInt16(1)) + bytes(UInt32(8000)) + bytes(UInt32(16000)) + bytes(UInt16(2)) + bytes(UInt16(16))
      + Array("data".utf8) + bytes(size) + samples.flatMap { bytes($0) }
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
