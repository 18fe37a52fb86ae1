import Foundation
import RecurrentTestSupport
import Testing

/// A flag with the default that its help states changes nothing: the model and its description are the same.
@Suite struct StatedDefaultsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var command: String
    /// The data, and flags that others need.
    var words: [String]
    /// The flags that are given with their defaults; nil for all that the data allow.
    var only: Set<String>?
    var testDescription: String { ([command] + words).joined(separator: " ") }
  }

  private static let text = [
    "text.txt", "--sequence-length", "20", "--batch-size", "4", "--hidden", "8", "--embedding", "4",
  ]

  private static let cases = [
    Case(command: "train language-model", words: text),
    Case(command: "train language-model", words: text + ["--cell", "qrnn"], only: ["window"]),
    Case(command: "train language-model", words: text + ["--cell", "slstm"], only: ["heads"]),
    Case(
      command: "train language-model", words: text + ["--unit", "word", "--softmax", "adaptive"],
      only: ["adaptive-division"]),
    Case(command: "train classification", words: ["texts.csv"]),
    Case(command: "train classification", words: ["curves.csv"], only: ["scaling", "cell", "split"]),
    Case(command: "train classification", words: ["sounds"], only: ["bands", "deltas"]),
    Case(command: "train tagging", words: ["steps.csv"]),
    Case(command: "train forecasting", words: ["series.csv"]),
    Case(command: "train regression", words: ["curves.csv", "--target-column", "label"]),
    Case(command: "train sequence-regression", words: ["steps.csv", "--target", "b"]),
    Case(
      command: "train transcription",
      words: ["lines.jsonl", "--convolutions", "8x3"]),
    Case(command: "train translation", words: ["pairs.tsv", "--hidden", "8", "--embedding", "6"]),
    Case(command: "train captioning", words: ["lines.jsonl", "--hidden", "8", "--convolutions", "8x3"]),
    Case(command: "train music", words: ["chorales.json", "--hidden", "8", "--embedding", "6"]),
    Case(
      command: "train reinforcement",
      words: [
        "--environment", "t-maze-2", "--steps", "300", "--test-episodes", "2", "--rollout-steps", "8",
        "--no-control",
      ]),
    Case(command: "train sketch", words: ["shapes.ndjson"]),
    Case(command: "train control", words: ["tank.csv", "--outputs", "y", "--hidden", "4"]),
    Case(
      command: "train control",
      words: ["steps.csv", "--kind", "imitation", "--outputs", "b", "--hidden", "4", "--restarts", "1"],
      only: ["mixtures", "action"]),
    Case(
      command: "train sketch", words: ["shapes.ndjson", "--latent", "2"],
      only: ["encoder-hidden", "kl-weight", "kl-epochs", "kl-tolerance"]),
  ]

  /// Flags that have a case of their own, since they go with others.
  private static let ofLanguageModels: Set<String> = ["window", "heads", "adaptive-division"]

  /// Defaults that are no single word, since the data decide too.
  private static let ofTheData: Set<String> = [
    "tolerance", "steps-per-quarter", "window-steps", "features", "strands",
  ]

  let run: CommandLineRun
  let help: HelpFlags

  init() throws {
    run = try CommandLineRun()
    help = try HelpFlags.shared.get()
    for (name, text) in DefaultsTests.tables() { try run.write(name, text) }
    try SmallTraining.transcription.write(to: run)
    for training in [SmallTraining.translation, .music, .sketch, .control] { try training.write(to: run) }
    for kind in ["low", "high"] {
      try FileManager.default.createDirectory(
        atPath: run.folder.path + "/sounds/" + kind, withIntermediateDirectories: true)
    }
    let noise = RandomKey(seed: 8).uniforms(8 * 400)
    for index in 0..<8 {
      let samples = noise[index * 400..<(index + 1) * 400].enumerated().map { step, noise in
        0.3 * noise + (index % 2 == 0 ? Float(step % 20) / 40 : Float(step % 7) / 14)
      }
      let file = waveFile(rate: 8000, samples: samples)
      _ = try run.folder.file("sounds/\(index % 2 == 0 ? "low" : "high")/\(index).wav", file)
    }
  }

  /// The words that give a flag the default that its help states; nil where that is a description.
  private func words(_ flag: String, _ command: String) -> [String]? {
    guard !Self.ofTheData.contains(flag), let stated = help.defaultValue(of: flag, in: command),
      // `0, for adamw 0.01`: what holds without anything else comes first
      let first = stated.split(separator: ", ").first, !first.contains(" ")
    else { return nil }
    return first == "on" ? ["--" + flag] : ["--" + flag, String(first)]
  }

  /// What a bundle says of its model and its training, apart from times and from what was assumed for want of a flag.
  private func description(_ bundle: String) throws -> NSDictionary {
    let file = try JSONSerialization.jsonObject(with: run.bytes(bundle + "/task.json")) as? [String: Any]
    let description = try #require(file?["description"] as? [String: Any])
    return description.filter { !["notes", "results"].contains($0.key) } as NSDictionary
  }

  @Test(arguments: cases) func sayingThemChangesNothing(_ one: Case) throws {
    let stated = help.flags(of: one.command).sorted().filter { flag in
      !one.words.contains("--" + flag) && one.only?.contains(flag) ?? !Self.ofLanguageModels.contains(flag)
    }.compactMap { words($0, one.command) }
    #expect(stated.count >= one.only?.count ?? 5, "\(stated)")
    let command = one.command.split(separator: " ").map(String.init) + one.words
    let common = ["--epochs", "2", "--threads", "1"]
    for (name, flags) in [("silent", []), ("stated", stated.flatMap { $0 })] {
      let result = try run(command + common + flags + ["-o", name + ".bundle"])
      try #require(result.code == 0, "\(flags): \(result.errors)")
    }
    // options of a cell stand there as they were given
    if !one.words.contains("--cell") {
      #expect(try description("silent.bundle") == description("stated.bundle"), "\(stated)")
    }
    #expect(
      try run.bytes("silent.bundle/model.safetensors") == run.bytes("stated.bundle/model.safetensors"),
      "\(stated)")
  }
}
