import Foundation
import RecurrentTestSupport
import Testing

/// `recurrent reproduce`, and the table of results that it stands for.
@Suite struct ReproduceTests {
  /// A line of the list.
  struct Entry: Decodable {
    let name, what, command, metric, figures, reason: String
    let data: [String]
    let low, high, seconds: Double
  }

  /// The end of a run.
  struct Comparison: Decodable {
    let event, name: String
    let value, low, high, distance: Double
    let isInside: Bool
  }

  private static func entries(_ run: CommandLineRun) throws -> [Entry] {
    let result = try run("reproduce", "--json")
    try require(result.code == 0, "\(result.errors)")
    return try result.output.split(separator: "\n").map {
      try JSONDecoder().decode(Entry.self, from: Data($0.utf8))
    }
  }

  /// Each recipe is a row of the table: its command, its figures, and its name.
  @Test func resultsAndRecipesAgree() throws {
    let page = try String(contentsOfFile: repositoryRoot + "/Documentation/results.md", encoding: .utf8)
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("|") }
    let entries = try Self.entries(CommandLineRun())
    #expect(entries.count > 30 && Set(entries.map(\.name)).count == entries.count)
    for entry in entries {
      let row = rows.filter { $0.contains("`reproduce \(entry.name)`") }
      #expect(row.count == 1, "\(entry.name) stands in \(row.count) rows")
      guard let row = row.first else { continue }
      #expect(row.contains("`\(entry.command)`"), "\(entry.name): the row has not `\(entry.command)`")
      #expect(row.contains(entry.figures), "\(entry.name): the row has not \(entry.figures)")
      if entry.reason.contains("interval") {
        let isPrinted = row.matches(of: #/\(([0-9.]+) to ([0-9.]+)\)/#).contains { match in
          guard let low = Double(match.output.1), let high = Double(match.output.2) else { return false }
          // the table has some of them in hundredths
          let scale = entry.high < 1 && high > 1 ? 100.0 : 1
          return abs(low / scale - entry.low) < 1e-9 && abs(high / scale - entry.high) < 1e-9
        }
        #expect(isPrinted, "\(entry.name): the row has not the interval \(entry.low) to \(entry.high)")
      }
      #expect(entry.low < entry.high && entry.seconds > 0 && !entry.reason.isEmpty, "\(entry.name)")
    }
    let named = Set(page.matches(of: #/`reproduce ([^`]+)`/#).map { String($0.output.1) })
    #expect(named == Set(entries.map(\.name)))
  }

  /// Without data it is said what to put where. The words of every recipe are those of its task, or it would be wrong usage.
  @Test func missingData() throws {
    let run = try CommandLineRun()
    for entry in try Self.entries(run) where !entry.data.isEmpty {
      let result = try run("reproduce", entry.name)
      #expect(result.code == 1 && result.errors.contains("the data are missing"), "\(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
      for file in entry.data { #expect(result.errors.contains(file), "\(entry.name): \(result.errors)") }
    }
    let elsewhere = try run("reproduce", "ecg200", "--data", "sets")
    #expect(elsewhere.code == 1 && elsewhere.errors.contains("put healthcare/ecg200/train.csv and "))
  }

  @Test(arguments: [
    (["ecg20"], "did you mean ecg200?"), (["ecg200", "--band", "1"], "expected two numbers"),
    (["ecg200", "--resume"], "need an --output"), (["--data", "sets"], "name what to train"),
    (["ecg200", "--output", ""], "--output is empty"),
  ]) func wrongUsage(_ words: [String], _ message: String) throws {
    let result = try CommandLineRun()(["reproduce"] + words)
    #expect(result.code == 2 && result.errors.contains(message), "\(result.errors)")
  }

  private static func runInPackage() throws -> CommandLineRun {
    let run = try CommandLineRun()
    try FileManager.default.createSymbolicLink(
      at: URL(filePath: run.folder.path + "/Examples"), withDestinationURL: ExamplesTests.folder)
    return run
  }

  private static func comparison(_ result: CommandLineRun.Result) throws -> Comparison {
    let line = try #require(result.output.split(separator: "\n").last, "\(result.errors)")
    return try JSONDecoder().decode(Comparison.self, from: Data(line.utf8))
  }

  /// A recipe on data of the package, interrupted and gone on with: inside the band, and the bundle is that of `train`.
  @Test func insideTheBand() throws {
    let run = try Self.runInPackage()
    let command = ["reproduce", "seattle-weather", "--threads", "1", "--output", "weather.bundle", "--json"]
    let running = try run.start(command)
    try running.waitForOutput("\"event\":\"step\"")
    running.send(SIGINT)
    #expect(try running.wait().code == 130)
    let result = try run(command + ["--resume"])
    #expect(result.code == 0, "\(result.errors)")
    let own = try Self.comparison(result)
    #expect(own.event == "reproduced" && own.name == "seattle-weather")
    #expect(own.isInside && own.distance == 0 && own.value >= own.low && own.value <= own.high)
    let trained = try run(
      "train", "forecasting", "Examples/Data/seattle-weather.csv", "--target", "temp_max", "--horizon", "7",
      "--season", "7", "--threads", "1", "--output", "trained.bundle")
    #expect(trained.code == 0)
    #expect(
      try run.bytes("weather.bundle/model.safetensors") == run.bytes("trained.bundle/model.safetensors"))
    // a finished one is compared again without a training
    let again = try run(command + ["--resume"])
    #expect(try again.code == 0 && Self.comparison(again).value == own.value, "\(again.errors)")
    // a band that the figure is not in
    let outside = try run(command + ["--resume", "--band", "0,0.5"])
    #expect(outside.code == 1, "\(outside.errors)")
    let other = try Self.comparison(outside)
    #expect(!other.isInside && abs(other.distance - (own.value - 0.5)) < 1e-9)
    let words = try run(Array(command.dropLast()) + ["--resume", "--band", "1,2"])
    #expect(words.code == 1 && words.output.contains("outside the band: 0.23"), "\(words.output)")
    #expect(words.output.contains(" below"))
  }

  /// Files from a folder of data, with one to test with; nothing is kept without an output.
  @Test(.enabled(if: sharedData != nil, "\(needsSharedData)")) func dataOfAFolder() throws {
    let run = try CommandLineRun()
    let result = try run("reproduce", "tank-level", "--data", sharedData ?? "", "--threads", "1")
    #expect(
      result.code == 0 && result.output.contains("inside the band"), "\(result.output) \(result.errors)")
    #expect(try run.names().isEmpty)
  }
}
