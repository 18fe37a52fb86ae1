import Foundation
import RecurrentTestSupport
import Testing

/// The commands of the pages in `Examples`, pasted into a shell, with one epoch of training.
@Suite struct ExamplesTests {
  static let folder = URL(filePath: repositoryRoot + "/Examples")
  static let pages = [
    "Balance", "Drawing", "Genomes", "Gestures", "Heartbeats", "Identification", "Music", "PatientVitals",
    "Prices", "Recommendation", "RobotFaults", "RobotMoves", "Sentiment", "Speech", "SpokenDigits",
    "Statistics", "Translation", "Warning", "Weather",
  ]

  private static func text(_ page: String) throws -> String {
    try String(contentsOf: folder.appending(path: page + "/README.md"), encoding: .utf8)
  }

  /// The lines of the blocks that are shell.
  private static func commands(_ page: String) throws -> [String] {
    try text(page).components(separatedBy: "```sh\n").dropFirst().flatMap { block in
      block.components(separatedBy: "\n```")[0].split(separator: "\n").map(String.init)
    }
  }

  /// A training of one epoch in place of a whole one.
  private static func short(_ command: String) -> String {
    guard command.hasPrefix("recurrent train") else { return command }
    return command.replacing(#/ --epochs \d+/#, with: "") + " --epochs 1 --threads 1"
  }

  @Test(arguments: pages) func everyCommandRuns(_ page: String) throws {
    let run = try CommandLineRun()
    try FileManager.default.createSymbolicLink(
      at: URL(filePath: run.folder.path + "/Examples"), withDestinationURL: ExamplesTests.folder)
    let commands = try ExamplesTests.commands(page)
    #expect(commands.contains { $0.hasPrefix("recurrent train") })
    for command in commands {
      let result = try run.shell("recurrent() { \"$R\" \"$@\"; }; " + ExamplesTests.short(command))
      #expect(result.code == 0, "\(command): \(result.errors)")
      if let file = command.split(separator: " > ").dropFirst().last {
        #expect(!run.text(String(file)).isEmpty, "\(command)")
      } else {
        #expect(!result.output.isEmpty || command.contains("--dry-run"), "\(command)")
      }
    }
  }

  @Test func everyPageIsListedAndRun() throws {
    let folders = try FileManager.default.contentsOfDirectory(
      at: ExamplesTests.folder, includingPropertiesForKeys: nil
    ).filter {
      // programs in C are run by a script of their own; of a server there are files to start it by
      !["Data", "C", "Serving"].contains($0.lastPathComponent)
        && FileManager.default.fileExists(atPath: $0.appending(path: "README.md").path)
    }
    #expect(Set(folders.map(\.lastPathComponent)) == Set(ExamplesTests.pages))
    let index = try String(contentsOf: ExamplesTests.folder.appending(path: "README.md"), encoding: .utf8)
    for page in ExamplesTests.pages { #expect(index.contains("](\(page))"), "\(page)") }
  }
}
