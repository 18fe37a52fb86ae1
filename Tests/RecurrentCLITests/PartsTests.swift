import Foundation
import RecurrentTestSupport
import Testing

/// Parts of the work as batch systems start them: the parts are the whole, a file that is there is whole.
@Suite struct PartsTests {
  let run: CommandLineRun

  init() throws {
    run = try CommandLineRun()
    let lines = (0..<30).map { $0 % 3 == 0 ? "good fine number\($0)\tgood" : "bad poor number\($0)\tbad" }
    try run.write("data.tsv", (["text\tlabel"] + lines).joined(separator: "\n") + "\n")
    let result = try run(
      "train", "classification", "data.tsv", "--epochs", "1", "--hidden", "8", "--shards", "2", "--seed", "7",
      "--json",
      "-o", "m")
    try #require(result.code == 0, "\(result.errors)")
    // the last line has what a program needs to tell models apart
    let last = try #require(result.output.split(separator: "\n").last)
    let end = try #require(try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
    #expect(end["seed"] as? Int == 7)
    let hash = SHA256.hash(
      try MappedFile(path: run.folder.path + "/m/model.safetensors").withBytes { Array($0) })
    #expect(end["modelHash"] as? String == hash)
    // shards are a setting of the bundle
    #expect(run.text("m/task.json").replacing(" ", with: "").contains("\"shards\":2"))
  }

  @Test(arguments: ["jsonl", "csv"]) func predictions(_ format: String) throws {
    let whole = try run("predict", "m", "data.tsv", "--format", format)
    var parts = ""
    for index in 0..<4 {
      let result = try run(
        "predict", "m", "data.tsv", "--format", format, "--shard", "\(index)/4", "--output", "part-\(index)")
      #expect(result.code == 0 && result.output.isEmpty, "\(result.errors)")
      parts += run.text("part-\(index)")
    }
    #expect(parts == whole.output && whole.output.split(separator: "\n").count >= 30)
    // more parts than sequences
    parts = try (0..<37).map {
      try run("predict", "m", "data.tsv", "--format", format, "--shard", "\($0)/37").output
    }
    .joined()
    #expect(parts == whole.output)
    #expect(try run.folder.contents().allSatisfy { !$0.hasPrefix(".recurrent-") })
  }

  /// Lines are written without the encoder of JSON: its bytes, also of names that it escapes.
  @Test func linesAsTheEncoderWritesThem() throws {
    for name in ["data.tsv", "a \"b\" \\c.tsv", "\u{e9}\u{202e}\u{7f}.tsv"] {
      if name != "data.tsv" { try run.write(name, run.text("data.tsv")) }
      let lines = try run("predict", "m", name, "--format", "jsonl").output.split(separator: "\n")
      let whole = try run("predict", "m", name, "--json").output
      #expect(lines.count == 30 && whole.contains("\"predictions\":[\(lines.joined(separator: ","))]"))
    }
  }

  @Test func skipped() throws {
    try run.write("done", "as it was")
    let skipped = try run("predict", "m", "data.tsv", "--output", "done", "--skip-existing")
    #expect(skipped.code == 0 && run.text("done") == "as it was" && skipped.errors.contains("skipped"))
    // a failure leaves what was there, and nothing else
    let failed = try run("predict", "m", "none.tsv", "--output", "done")
    #expect(failed.code == 1 && run.text("done") == "as it was")
    #expect(try run.folder.contents().allSatisfy { !$0.hasPrefix(".recurrent-") })
    #expect(try run("predict", "m", "data.tsv", "--output", "done").code == 0)
    #expect(run.text("done").hasPrefix("input"))
  }

  @Test func evaluations() throws {
    let whole = try run("evaluate", "m", "data.tsv", "--json")
    for index in 0..<3 {
      let result = try run("evaluate", "m", "data.tsv", "--shard", "\(index)/3", "-o", "part-\(index).json")
      #expect(result.code == 0, "\(result.errors)")
    }
    let merged = try run("evaluate", "m", "--merge", "part-2.json", "part-0.json", "part-1.json", "--json")
    #expect(merged.code == 0 && merged.output == whole.output && !whole.output.isEmpty, "\(merged.errors)")
    let missing = try run("evaluate", "m", "--merge", "part-2.json", "part-0.json")
    #expect(missing.code == 1 && missing.errors.contains("of 3 parts these are missing: 1"))
    let without = try run("evaluate", "--merge", "part-0.json", "part-1.json", "part-2.json")
    #expect(without.code == 2 && without.errors.contains("part-0.json is no bundle"), "\(without.errors)")
  }

  @Test func wrong() throws {
    for (flags, reason) in [
      (["--shard", "4/4"], "expected i/n"), (["--shard", "0/2"], "--format jsonl, csv or pharaoh"),
      (["--shard", "0/2", "--lines"], "nobody knows how long"), (["--skip-existing"], "asks for a file"),
      (["--output", "data.tsv"], "is read"),
    ] {
      let result = try run(["predict", "m", "data.tsv"] + flags)
      #expect(result.code == 2 && result.errors.contains(reason), "\(flags): \(result.errors)")
    }
    #expect(run.text("data.tsv").hasPrefix("text\tlabel"))
    let many = try run("train", "classification", "data.tsv", "--batch-size", "4", "--shards", "8", "-o", "n")
    #expect(
      many.code == 1 && many.errors.contains("--shards must be at most the rows of a batch, 4, found 8"),
      "\(many.errors)")
  }
}
