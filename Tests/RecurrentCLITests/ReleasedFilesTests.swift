import Foundation
import RecurrentTestSupport
import Testing

/// Bundles, checkpoints and states that commit b3aa454 wrote are read, and give what it gave.
@Suite struct ReleasedFilesTests {
  /// A command on the files of a case, and what it has to give: one of the three.
  struct Step: Decodable {
    var arguments: [String]
    /// The file that is its standard input.
    var input: String?
    /// The file with what the release printed.
    var output: String?
    /// The file with the arrays that the release wrote to `new.safetensors`.
    var arrays: String?
    /// The SHA-256 of the model that the release ended a training with that was not interrupted.
    var model: String?
  }

  /// The cases whose files cannot be read any more, with what is said of them.
  private static let refused = [
    // words were joined to a text, which was split again at other places
    "tagging-words": "bundle: cannot be used any more: version 0.1.0 wrote this tagger of words",
    "tagging-words-checkpoint": "version 0.1.0 wrote it, whose model of these data is another one",
    // a linear map stands beside the network
    "regression-checkpoint": "another version wrote it, which trains on these data in another way",
  ]

  /// The streams that are compared up to a gap between two times alone: the release read the line behind it as the next day,
  /// which no table does.
  private static let linesBeforeGap = ["forecasting-segments/stream.jsonl": 4]

  private static let folder = repositoryRoot + "/Tests/Fixtures/released"

  private static var cases: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter {
        FileManager.default.fileExists(atPath: "\(folder)/\($0)/case.json")
      }
    }
  }

  @Test func everyKindHasFiles() throws {
    let names = try Self.cases
    for kind in ["language-model", "classification", "tagging", "forecasting", "regression"] {
      #expect(names.contains(kind + "-checkpoint"))
      #expect(names.contains { $0.hasPrefix(kind) && !$0.hasSuffix("-checkpoint") })
    }
    #expect(names.count == 27 && names.contains("imported-layers") && names.contains("imported-graph"))
    #expect(Set(Self.refused.keys).isSubset(of: names))
  }

  @Test(arguments: try cases) func givesTheSame(_ name: String) throws {
    let run = try CommandLineRun()
    for file in try FileManager.default.contentsOfDirectory(atPath: "\(Self.folder)/\(name)") {
      try FileManager.default.copyItem(
        atPath: "\(Self.folder)/\(name)/\(file)", toPath: "\(run.folder.path)/\(file)")
    }
    let steps = try JSONDecoder().decode([Step].self, from: run.bytes("case.json"))
    #expect(!steps.isEmpty)
    for step in steps {
      let words = step.arguments
      let result =
        try step.input.map { try run.shell("$R \(words.joined(separator: " ")) < \($0)") } ?? run(words)
      if let reason = Self.refused[name] {
        #expect(result.code == 1 && result.errors.contains(reason), "\(result.errors)")
        continue
      }
      try #require(result.code == 0, "\(words): \(result.errors)")
      if let output = step.output {
        var (found, expected) = (result.output, run.text(output))
        if let count = Self.linesBeforeGap["\(name)/\(output)"] {
          found = found.split(separator: "\n").prefix(count).joined(separator: "\n")
          expected = expected.split(separator: "\n").prefix(count).joined(separator: "\n")
        }
        try ReleasedOutput.compare(found, with: expected, named: output)
      }
      if let arrays = step.arrays { #expect(try run.bytes("new.safetensors") == run.bytes(arrays)) }
      if let model = step.model {
        #expect(result.errors.contains("going on"), "\(result.errors)")
        #expect(SHA256.hash(Array(try run.bytes("bundle/model.safetensors"))) == model)
      }
    }
  }
}
