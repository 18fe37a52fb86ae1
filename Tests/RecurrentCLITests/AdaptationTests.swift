import Foundation
import RecurrentTestSupport
import Testing

/// Models that go on learning from what they read, on the command line.
@Suite struct AdaptationTests {
  private let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  private func train(_ training: SmallTraining, _ flags: String...) throws {
    try training.write(to: run)
    let result = try run(training.command(epochs: 1) + flags)
    try #require(result.code == 0, "\(result.errors)")
  }

  private func object(_ arguments: String...) throws -> [String: Any] {
    let result = try run(arguments + ["--json"])
    try #require(result.code == 0, "\(result.errors)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(result.output)")
  }

  private static let other = String(repeating: "zig and zag and zig went to see the zoo\n", count: 12)

  @Test func textsAreScoredSideBySide() throws {
    try train(.languageModel)
    try run.write("o.txt", Self.other)
    let before = try ["task.json", "model.safetensors"].map { try run.bytes("x.bundle/" + $0) }
    let plain = try object("evaluate", "x.bundle", "o.txt")
    var adapted: [Double] = []
    for method in ["dynamic", "cache", "both"] {
      let own = try object("evaluate", "x.bundle", "o.txt", "--adapt", method)
      let perplexity = try #require(own["perplexity"] as? Double)
      #expect(abs(perplexity - (plain["perplexity"] as? Double ?? 0)) < 1e-3 * perplexity)
      adapted.append(try #require(own["adaptedPerplexity"] as? Double))
      #expect(own["adaptedNats"] is Double && own["adaptedBitsPerCharacter"] is Double)
      let rule = try #require(own["adaptation"] as? [String: Any])
      #expect(
        (rule["dynamic"] != nil) == (method != "cache") && (rule["cache"] != nil) == (method != "dynamic"))
      #expect(adapted.last ?? 0 < perplexity, "\(method)")
    }
    let lines = try run("evaluate", "x.bundle", "o.txt", "--adapt", "both", "--cache-weight", "0.25")
    #expect(lines.output.contains("weight 0.25") && lines.output.contains("(as it is "), "\(lines.output)")
    // threads change no bit, and the bundle is as it was
    #expect(
      try run("evaluate", "x.bundle", "o.txt", "--adapt", "both", "--threads", "1", "--json").output
        == run("evaluate", "x.bundle", "o.txt", "--adapt", "both", "--threads", "2", "--json").output)
    #expect(try ["task.json", "model.safetensors"].map { try run.bytes("x.bundle/" + $0) } == before)
  }

  /// A text in two parts around a state has the sums of the whole.
  @Test(arguments: ["dynamic", "cache", "both"]) func statesGoOn(_ method: String) throws {
    try train(.languageModel)
    let text = Self.other
    let cut = text.index(text.startIndex, offsetBy: 117)
    for (name, part) in [("w.txt", text), ("a.txt", String(text[..<cut])), ("b.txt", String(text[cut...]))] {
      try run.write(name, part)
    }
    let flags = ["--adapt", method]
    func sums(_ arguments: [String]) throws -> (adapted: Double, plain: Double) {
      let result = try run(["evaluate", "x.bundle"] + arguments + flags + ["--json"])
      try #require(result.code == 0, "\(result.errors)")
      let own =
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any] ?? [:]
      func number(_ key: String) throws -> Double { try #require(own[key] as? Double) }
      return (
        try number("adaptedNats") * number("tokenCount"), try number("nats") * number("tokenCount")
      )
    }
    let whole = try sums(["w.txt"])
    let first = try sums(["a.txt", "--save-state", "s"])
    let second = try sums(["b.txt", "--load-state", "s"])
    #expect(abs(first.adapted + second.adapted - whole.adapted) < 1e-9 * whole.adapted)
    #expect(abs(first.plain + second.plain - whole.plain) < 1e-5 * whole.plain)
    // other numbers than those of the state
    let otherwise = try run(
      ["evaluate", "x.bundle", "b.txt", "--load-state", "s"] + flags
        + (method == "cache" ? ["--cache-window", "7"] : ["--adapt-segment", "7"]))
    #expect(
      otherwise.code == 1 && otherwise.errors.contains("it was adapted otherwise"), "\(otherwise.errors)")
  }

  @Test func textsAreWrittenInAnotherManner() throws {
    try train(.languageModel)
    try run.write("o.txt", Self.other)
    let common = ["generate", "x.bundle", "--prompt", "zi", "--length", "60", "--temperature", "0.5"]
    let adapt = ["--adapt", "--adapt-from", "o.txt"]
    let plain = try run(common)
    let adapted = try run(common + adapt)
    #expect(adapted.code == 0 && adapted.output != plain.output, "\(adapted.errors)")
    #expect(try run(common + adapt).output == adapted.output)
    #expect(try run(common + ["--adapt", "cache"]).code == 0)
    // a text that is gone on with is that of never having stopped
    let part = try run(common.map { $0 == "60" ? "25" : $0 } + adapt + ["--save-state", "s"])
    let rest = try run(
      "generate", "x.bundle", "--length", "35", "--temperature", "0.5", "--adapt", "--load-state", "s")
    #expect(
      String(part.output.dropLast()) + rest.output == adapted.output,
      "\(part.output)|\(rest.output)\(rest.errors)")
  }

  @Test func numbersAreChosenByExplicitCommandAlone() throws {
    try train(.languageModel)
    try run.write("v.txt", Self.other)
    let before = try run.bytes("x.bundle/model.safetensors")
    let card = try run.bytes("x.bundle/card.md")
    let tuned = try object("evaluate", "x.bundle", "v.txt", "--tune-adaptation")
    let numbers = try #require(tuned["adaptation"] as? [String: Any])
    #expect(tuned["plain"] as? Double ?? 0 > tuned["both"] as? Double ?? .infinity)
    #expect(try run.bytes("x.bundle/model.safetensors") == before)
    #expect(try run.bytes("x.bundle/card.md") == card)
    let own = try object("evaluate", "x.bundle", "v.txt", "--adapt", "dynamic")
    let rule = try #require((own["adaptation"] as? [String: Any])?["dynamic"] as? NSDictionary)
    #expect(rule == numbers["dynamic"] as? NSDictionary)
    #expect(abs((own["adaptedNats"] as? Double ?? 0) - (tuned["dynamic"] as? Double ?? 1)) < 1e-6)
    #expect(try run("inspect", "x.bundle").code == 0)
  }

  @Test func trainingChooses() throws {
    try train(.languageModel, "--tune-adaptation")
    let file = try JSONSerialization.jsonObject(with: run.bytes("x.bundle/task.json")) as? [String: Any]
    let task = (file?["description"] as? [String: Any])?["task"] as? [String: Any]
    #expect((task?["adaptation"] as? [String: Any])?["dynamic"] != nil)
  }

  @Test func sessionsAndPieces() throws {
    for (training, metric) in [(SmallTraining.recommendation, "recallAt20"), (.music, "natsPerStep")] {
      try train(training)
      for method in ["dynamic", "cache", "both"] {
        let own = try object("evaluate", "x.bundle", training.data, "--adapt", method)
        let adapted = "adapted" + metric.prefix(1).uppercased() + metric.dropFirst()
        #expect(own[metric] != nil && own[adapted] != nil, "\(own.keys.sorted())")
      }
      let tuned = try run("evaluate", "x.bundle", training.data, "--tune-adaptation")
      #expect(tuned.code == 0 && tuned.output.contains("must not be scored"), "\(tuned.errors)")
      let state = try run("evaluate", "x.bundle", training.data, "--adapt", "cache", "--save-state", "s")
      #expect(state.code == 1 && state.errors.contains("one long text"), "\(state.errors)")
      try FileManager.default.removeItem(atPath: run.folder.path + "/x.bundle")
    }
  }

  @Test func whatCannotBeIsSaid() throws {
    try train(.classification)
    let other = try run("evaluate", "x.bundle", "waves.csv", "--adapt", "both")
    #expect(
      other.code == 1
        && other.errors.contains("a model of classification predicts no next token")
        && other.errors.contains("expected one of language-model,"), "\(other.errors)")
    #expect(try run("evaluate", "x.bundle", "waves.csv", "--tune-adaptation").code == 1)
    try FileManager.default.removeItem(atPath: run.folder.path + "/x.bundle")
    try train(.languageModel)
    try run.write("o.txt", Self.other)
    func refused(_ flags: String...) throws -> String {
      let result = try run(["evaluate", "x.bundle", "o.txt"] + flags)
      #expect(result.code != 0, "\(flags)")
      return result.errors
    }
    #expect(try refused("--adapt", "alls").contains("alls"))
    #expect(try refused("--adapt-rate", "1").contains("--adapt"))
    #expect(try refused("--adapt", "cache", "--adapt-rate", "1").contains("dynamic and both"))
    #expect(try refused("--adapt", "both", "--cache-weight", "1.5").contains("is 1.5, expected 0"))
    #expect(try refused("--adapt", "both", "--precision", "int8").contains("--precision"))
    #expect(try refused("--adapt", "both", "--tune-adaptation").contains("must not be scored"))
    #expect(try refused("--adapt", "dynamic", "--adapt-rate", "100000").contains("ran away"))
    let beam = try run("generate", "x.bundle", "--adapt", "--beam", "2")
    #expect(beam.code != 0 && beam.errors.contains("--beam"), "\(beam.errors)")
    let alone = try run("generate", "x.bundle", "--adapt-from", "o.txt")
    #expect(alone.code != 0 && alone.errors.contains("--adapt"), "\(alone.errors)")
    let missing = try run("generate", "x.bundle", "--adapt", "--adapt-from", "none.txt")
    #expect(missing.code == 1 && missing.errors.contains("none.txt"), "\(missing.errors)")
  }
}
