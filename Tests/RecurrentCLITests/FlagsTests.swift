import Foundation
import RecurrentTestSupport
import Testing

/// Every flag that a message, the help or the documentation names is one that there is.
@Suite struct FlagsTests {
  let run: CommandLineRun
  let help: HelpFlags

  init() throws {
    run = try CommandLineRun()
    help = try HelpFlags.shared.get()
  }

  /// Which commands print what stands in a file; of several each must have the flag.
  private static let printers: [(path: String, commands: [String])] =
    taskPrinters + [
      ("RecurrentData/Records/Series", ["train forecasting"]),
      ("RecurrentData/Records/Tagged", ["train tagging"]), ("RecurrentData/Records/Event", ["train tagging"]),
      ("RecurrentData/Records/Date", HelpFlags.tasks.dropFirst().map { "train " + $0 }),
      ("RecurrentData/Records/RecordTable", HelpFlags.tasks.dropFirst().map { "train " + $0 }),
      ("RecurrentCLI/Tasks/TrainTask", HelpFlags.tasks.map { "train " + $0 }),
      ("RecurrentCLI/Commands/Apply", ["apply"]), ("RecurrentCLI/Commands/Inspect", ["inspect"]),
      ("RecurrentCLI/Commands/Import", ["import"]), ("RecurrentCLI/Commands/ONNXRuntime", ["export"]),
      ("RecurrentInterchange/", ["import", "apply", "export"]),
    ]

  /// The folder of each task has its name.
  private static let taskPrinters = HelpFlags.tasks.map { task in
    let words = task.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
    return (path: "RecurrentTasks/\(words.joined())/", commands: ["train " + task])
  }

  /// The literals of a file of Swift, roughly: what stands between quotes on a line, or within three of them.
  private static func literals(_ text: String) -> String {
    var (result, isBlock) = ("", false)
    for line in text.split(separator: "\n") {
      if line.contains("\"\"\"") {
        isBlock.toggle()
        continue
      }
      if isBlock {
        result += line + "\n"
      } else if !line.trimmingCharacters(in: .whitespaces).hasPrefix("//") {
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        for literal in stride(from: 1, to: parts.count - 1, by: 2) { result += parts[literal] + "\n" }
      }
    }
    return result
  }

  private static func files(_ folder: String, _ ending: String) throws -> [String] {
    let root = repositoryRoot + "/" + folder
    let paths = try FileManager.default.subpathsOfDirectory(atPath: root)
    return paths.filter { $0.hasSuffix(ending) }.sorted().map { folder + "/" + $0 }
  }

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: URL(filePath: repositoryRoot + "/" + path), encoding: .utf8)
  }

  @Test func theHelpIsRead() {
    #expect(
      help.flags(of: "train classification").isSuperset(of: ["balance", "no-balance", "output", "decimal"]))
    #expect(help.flags(of: "train language-model").isSuperset(of: ["tie-embeddings", "no-tie-embeddings"]))
    #expect(!help.flags(of: "train regression").contains("label-column"))
    #expect(!help.all.contains("calendar") && help.flags(of: "predict").contains("date-order"))
    #expect(HelpFlags.named(in: "say --a-b, (--c) or `--d`; not x--e or ---f") == ["a-b", "c", "d"])
  }

  /// What the manual is made from has the settings of every task that trains in epochs.
  @Test func theManualHasTheSettings() throws {
    let dump = try run(["--experimental-dump-help"]).output
    let tasks = HelpFlags.tasks.filter { help.flags(of: "train " + $0).contains("epochs") }
    #expect(tasks.count > 10)
    #expect(dump.components(separatedBy: "--epochs <n>").count >= tasks.count)
  }

  @Test func literalsNameFlagsThatThereAre() throws {
    // the tests alone set how often a checkpoint is written; every command has --help-hidden, and what makes the manual asks for a
    // dump; of the package manager and of launchers of MPI are the others
    let all = help.all.union([
      "checkpoint-seconds", "help-hidden", "experimental-dump-help", "traits", "scratch-path", "bind-to",
      "map-by",
    ])
    var count = 0
    for path in try FlagsTests.files("Sources", ".swift")
    where !path.hasPrefix("Sources/RecurrentTestSupport") && !path.hasSuffix("HTMLReport+Markup.swift")
      && !path.hasPrefix("Sources/RecurrentServing/ServingPage")
    {
      let text = FlagsTests.literals(try FlagsTests.text(path))
      let named = HelpFlags.named(in: text)
      count += named.count
      let printer = FlagsTests.printers.first { path.hasPrefix("Sources/" + $0.path) }
      for flag in named where !flag.hasSuffix("-") {
        #expect(all.contains(flag), "\(path) names --\(flag), which no command has")
        // examples of other commands stand in the help of some
        guard let printer, !text.contains("recurrent ") else { continue }
        for command in printer.commands {
          #expect(help.flags(of: command).contains(flag), "\(path) names --\(flag), which \(command) has not")
        }
      }
    }
    #expect(count > 80)
  }

  @Test(arguments: HelpFlags.commands) func theHelpNamesFlagsThatThereAre(_ command: String) {
    let text = help.texts[command] ?? ""
    for flag in HelpFlags.named(in: text.replacing("[no-]", with: ""))
    where !["traits", "scratch-path"].contains(flag) {
      #expect(help.all.contains(flag), "the help of \(command) names --\(flag)")
    }
    for line in FlagsTests.commands(in: text) { expectFlags(line, "the help of \(command)") }
  }

  /// The command lines of a text with what follows them on their lines.
  private static func commands(in text: String) -> [(command: String, words: String)] {
    let joined = text.replacing(#/\\\n */#, with: " ")
    let names = HelpFlags.commands.map { $0.replacing("-", with: "\\-") }.joined(separator: "|")
    guard let pattern = try? Regex("(?:recurrent |\\$R |`)(\(names))\\b([^\\n`|]*)") else { return [] }
    return joined.matches(of: pattern).map { match in
      (String(match.output[1].substring ?? ""), String(match.output[2].substring ?? ""))
    }
  }

  private func expectFlags(_ line: (command: String, words: String), _ place: String) {
    // a policy is a task of its own
    let isPolicy = line.command == "train control" && line.words.contains("--kind reinforcement")
    let flags =
      isPolicy ? help.flags(of: "train reinforcement").union(["kind"]) : help.flags(of: line.command)
    for flag in HelpFlags.named(in: line.words.prefix { $0 != "#" }) {
      #expect(
        flags.contains(flag),
        "\(place) gives --\(flag) to \(line.command):\(line.words)")
    }
  }

  @Test func documentationUsesFlagsThatThereAre() throws {
    var count = 0
    let pages =
      try FlagsTests.files("Documentation", ".md") + FlagsTests.files("Examples", ".md")
      + FlagsTests.files("Sources/Recurrent/Recurrent.docc", ".md") + ["README.md", "CONTRIBUTING.md"]
    for path in pages {
      for line in FlagsTests.commands(in: try FlagsTests.text(path)) {
        count += 1
        expectFlags(line, path)
      }
    }
    #expect(count > 40, "\(count)")
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var command: String
    var files: [String: String]
    var testDescription: String { command }
  }

  private static let series =
    "date,y,z\n" + (1...40).map { "2024-01-01 \($0 % 24):00,\($0 % 7),1\n" }.joined()
  private static let rows = (0..<30).map { "\($0 % 3),\($0 % 5),\($0 % 7),\($0 % 2)\n" }.joined()
  private static let long = (0..<3).map { series in
    (0..<30).map { "\(series),\($0),\($0 % 7 + series),\(series * 2),\($0 % 5)\n" }.joined()
  }.joined()

  /// Data that are looked at, and data that are refused: whatever is said about them.
  @Test(arguments: [
    Case(command: "train forecasting a.csv -o x.bundle --dry-run", files: ["a.csv": series]),
    Case(
      command: "train forecasting a.csv -o x.bundle --dry-run", files: ["a.csv": "store,t,y,size,w\n" + long]),
    Case(
      command: "train forecasting a.csv -o x.bundle --horizon 2 --dry-run",
      files: ["a.csv": "a,b\n" + "1,2\n3,1\n"]),
    Case(
      command: "train forecasting a.csv -o x.bundle --dry-run",
      files: ["a.csv": "t,close\n" + (0..<60).map { "\($0),\(10 + $0 * 7 % 11)\n" }.joined()]),
    Case(
      command: "train forecasting a.csv -o x.bundle --dry-run",
      files: [
        "a.csv": "date,y\n" + (1...28).map { "2024-02-\($0 < 10 ? "0" : "")\($0),\($0 * 7 % 11)\n" }.joined()
      ]),
    Case(command: "train regression a.csv -o x.bundle --dry-run", files: ["a.csv": "a,b,c,d\n" + rows]),
    Case(command: "train regression a.csv -o x.bundle --dry-run", files: ["a.csv": "a,b,c,y\n" + rows]),
    Case(
      command: "train regression a.csv -o x.bundle --dry-run",
      files: ["a.csv": "a,b,c,what\n0,1,2,x\n1,2,3,y\n"]),
    Case(
      command: "train regression a.csv --target-column dose -o x.bundle --dry-run",
      files: [
        "a.csv": "dose,text\n" + (0..<12).map { "\($0),\(String(repeating: "word ", count: 500))\n" }.joined()
      ]),
    Case(
      command: "train classification a.csv -o x.bundle --dry-run",
      files: [
        "a.csv": "label,text\n"
          + (0..<12).map { "\($0 % 2),\(String(repeating: "word ", count: 500))\n" }.joined()
      ]),
    Case(command: "train classification a.csv -o x.bundle --dry-run", files: ["a.csv": "a,b,c,d\n" + rows]),
    Case(
      command: "train classification a.csv -o x.bundle --dry-run", files: ["a.csv": "a,b,c,label\n" + rows]),
    Case(command: "train tagging a.csv -o x.bundle --dry-run", files: ["a.csv": "a,b,c,label\n" + rows]),
    Case(command: "train tagging a.csv -o x.bundle --dry-run", files: ["a.csv": "a,b,c,d\n" + rows]),
    Case(
      command: "train tagging a.csv --events e.csv -o x.bundle --causal --dry-run",
      files: [
        "a.csv": "time,b\n" + (0..<60).map { "\($0),\($0 % 7)\n" }.joined(),
        "e.csv": "time,kind\n5,x\n20,x\n40,x\n",
      ]),
    Case(
      command: "train tagging a.csv -o x.bundle --dry-run",
      files: ["a.csv": "word,tag\n" + (0..<600).map { "w\($0 % 5),t\($0 % 3)\n" }.joined()]),
    Case(
      command: "train regression a.csv --hidden 65536 --target-column d -o x.bundle",
      files: ["a.csv": "a,b,c,d\n" + rows]),
  ])
  func whatIsPrintedNamesFlagsOfTheCommand(_ one: Case) throws {
    for (name, text) in one.files { try run.write(name, text) }
    let result = try run(one.command.split(separator: " ").map(String.init))
    #expect([0, 1].contains(result.code) && !result.errors.isEmpty, "\(result.errors)")
    let command = one.command.split(separator: " ").prefix(2).joined(separator: " ")
    for flag in HelpFlags.named(in: result.output + result.errors) {
      #expect(help.flags(of: command).contains(flag), "--\(flag): \(result.errors)")
    }
  }
}
