import Foundation
import RecurrentTestSupport
import Testing

/// Anything is a source: the standard input gives what files give, and a line is a record.
@Suite(.serialized) struct SourcesTests {
  private let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  /// The standard input is recognised, trained on and predicted for as the file is.
  @Test(arguments: SmallTraining.all) func theStandardInputIsTheFile(_ small: SmallTraining) throws {
    try small.write(to: run)
    let words = small.command().filter { $0 != small.data }
    let trained = try run.shell(
      "$R \(words.joined(separator: " ")) - < \(small.data) && $R \(small.command("y.bundle").joined(separator: " "))"
    )
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(try run.bytes("x.bundle/model.safetensors") == run.bytes("y.bundle/model.safetensors"))
    let flags = small.flags.contains("--events") ? "--events pulse-events.csv" : ""
    for command in ["predict", "evaluate"] {
      let end = command == "predict" ? "--format csv" : "--json"
      let piped = try run.shell("$R \(command) y.bundle - \(flags) \(end) < \(small.data)")
      let read = try run.shell("$R \(command) y.bundle \(small.data) \(flags) \(end)")
      #expect(piped.code == 0 && read.code == 0, "\(piped.errors)\(read.errors)")
      #expect(piped.output.replacing("<stdin>", with: small.data) == read.output)
    }
  }

  private func trainedWords() throws {
    try SmallTraining.words.write(to: run)
    #expect(try run(SmallTraining.words.command()).code == 0)
  }

  @Test func aLineIsARecord() throws {
    try trainedWords()
    try run.write(
      "lines.txt",
      """
      good fine film
      {"text": "bad poor story", "id": 7}

      [bad] and poor
      "fine"
      {"text": 3}
      {"text": NaN}
      """)
    let texts = try run.shell("$R predict x.bundle --lines < lines.txt")
    let lines = texts.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(texts.code == 0 && lines.count == 7 && lines[2].isEmpty && !lines[0].isEmpty && !lines[3].isEmpty)
    #expect(texts.errors.contains("line 3"))
    let objects = try run.shell("$R predict x.bundle --lines --format jsonl < lines.txt")
    let rows = try objects.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(rows.count == 7 && rows[1]["id"] as? Int == 7 && rows[2]["line"] as? Int == 3)
    #expect(rows[6]["line"] as? Int == 7 && rows[6]["label"] == nil)
    #expect(rows[0]["label"] as? String == String(lines[0]) && rows[2]["error"] != nil)
    // a record has the bits that it has alone
    let alone = try run.shell("sed -n 2p lines.txt | $R predict x.bundle --lines --format jsonl")
    #expect(alone.output == objects.output.split(separator: "\n").map { "\($0)\n" }[1])
    let strict = try run.shell("$R predict x.bundle --lines --strict < lines.txt")
    #expect(strict.code == 1 && strict.output.split(separator: "\n").count == 2)
  }

  @Test func linesOfNumbers() throws {
    try SmallTraining.classification.write(to: run)
    #expect(try run(SmallTraining.classification.command()).code == 0)
    let rising = (0..<12).map { "\(0.3 * Double($0))" }.joined(separator: ",")
    try run.write("lines.txt", "[\(rising)]\n[1,\"x\"]\n")
    let result = try run.shell("$R predict x.bundle --lines --format jsonl < lines.txt")
    let lines = result.output.split(separator: "\n")
    #expect(result.code == 0 && lines.count == 2, "\(result.errors)")
    #expect(
      lines[0].contains("\"label\":") && lines[1].contains("\"error\":") && lines[1].contains("\"line\":2"))
  }

  /// Steps of several records stay apart.
  @Test func linesOfForecasts() throws {
    try SmallTraining.forecasting.write(to: run)
    #expect(try run(SmallTraining.forecasting.command()).code == 0)
    let all = run.text("load.csv").split(separator: "\n")
    let (header, rows) = (all[0], all.dropFirst())
    let names = header.split(separator: ",")
    let objects = rows.map { row in
      "{"
        + zip(names, row.split(separator: ",", omittingEmptySubsequences: false)).map { name, cell in
          "\"\(name)\": " + (Double(cell) != nil ? "\(cell)" : cell.isEmpty ? "null" : "\"\(cell)\"")
        }.joined(separator: ", ") + "}"
    }
    try run.write("lines.txt", "[\(objects.joined(separator: ", "))]\n[]\n")
    let result = try run.shell("$R predict x.bundle --lines --format jsonl < lines.txt")
    let lines = result.output.split(separator: "\n")
    #expect(
      result.code == 0 && lines.count == 2 && lines[0].hasPrefix("{\"predictions\":[{"), "\(result.output)")
    let table = try run("predict", "x.bundle", "load.csv", "--format", "jsonl").output.split(separator: "\n")
    #expect(lines[0].components(separatedBy: "\"mean\"").count - 1 == table.count)
  }

  @Test func theFormatCanBeSaid() throws {
    try trainedWords()
    let result = try run.shell("printf 'good fine film' | $R predict x.bundle - --input-format text --json")
    #expect(
      result.code == 0 && result.output.hasPrefix("{\"bundle\":\"x.bundle\",\"predictions\":[{"),
      "\(result.errors)")
    let twice = try run.shell("$R evaluate x.bundle - - < reviews.csv")
    #expect(twice.code == 2 && twice.errors.contains("once"))
    let empty = try run.shell("$R predict x.bundle - < /dev/null")
    #expect(empty.code == 1 && empty.errors.contains("<stdin>"))
  }

  /// What the data are, for programs.
  @Test func aDryRunSaysWhatTheDataAre() throws {
    func facts(_ small: SmallTraining) throws -> [String: Any] {
      try small.write(to: run)
      let result = try run(small.command() + ["--dry-run", "--json"])
      let line = try #require(result.output.split(separator: "\n").last, "\(result.errors)")
      return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    let load = try facts(.forecasting)
    #expect(load["series"] as? Int == 1 && load["step"] as? String == "P1D")
    #expect(load["season"] as? Int == 7 && load["targets"] as? [String] == ["y"])
    #expect((load["columns"] as? [String: [String]])?["known"] == ["price"])
    let words = try facts(.words)
    #expect(words["sequences"] as? Int == 60 && words["series"] is NSNull)
    #expect((words["columns"] as? [String: [String]])?["label"]?.count == 1)
    let text = try facts(.languageModel)
    #expect(text["step"] as? String == "1" && (text["steps"] as? Int ?? 0) > 2_000)
  }
}
