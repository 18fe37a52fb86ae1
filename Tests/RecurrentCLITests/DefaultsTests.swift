import Foundation
import RecurrentTestSupport
import Testing

/// The defaults that the help states are those that trainings take.
@Suite struct DefaultsTests {
  let run: CommandLineRun
  let help: HelpFlags

  init() throws {
    run = try CommandLineRun()
    help = try HelpFlags.shared.get()
  }

  /// Data of every form, by the names of their files.
  static func tables() -> [String: String] {
    let noise = RandomKey(seed: 3).uniforms(1200)
    let curves = (0..<100).map { row in
      "\(row % 2)," + (0..<12).map { "\(noise[row * 12 + $0])" }.joined(separator: ",") + "\n"
    }
    let steps = (0..<100).map { "\($0),\(noise[$0]),\(noise[$0 + 100]),\($0 % 3 == 0 ? "a" : "b")\n" }
    let texts = (0..<100).map {
      "\($0 % 2),the \($0 % 2 == 0 ? "good" : "bad") thing \($0 % 5) is here today\n"
    }
    return [
      "curves.csv": "label," + (0..<12).map { "t\($0)" }.joined(separator: ",") + "\n" + curves.joined(),
      "steps.csv": "step,a,b,state\n" + steps.joined(), "texts.csv": "label,text\n" + texts.joined(),
      "series.csv": "t,y\n" + (0..<100).map { "\($0),\(noise[$0] + Float($0 % 7))\n" }.joined(),
      "text.txt": sampleText(4000),
    ]
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var command: String
    var data: [String]
    /// Flags, and where in the bundle what they set stands.
    var places: [(flag: String, path: String)]
    var testDescription: String { command + " " + data[0] }
  }

  private static let common: [(flag: String, path: String)] = [
    ("optimizer", "settings.optimizer"), ("weight-decay", "settings.weightDecay"),
    ("clip-norm", "settings.training.clipNorm"), ("seed", "settings.training.seed"),
  ]

  @Test(arguments: [
    Case(
      command: "train classification", data: ["curves.csv"],
      places: common + [
        ("cell", "task.classifier.network.cell"), ("layers", "task.classifier.network.layerCount"),
        ("focal", "task.focalGamma"), ("scaling", "task.featurizer.series._0.scaler.method"),
      ]),
    Case(
      command: "train classification", data: ["texts.csv"],
      places: [
        ("unit", "task.featurizer.text._0.vocabulary.unit"),
        ("length-limit", "task.featurizer.text._0.lengthLimit"),
      ]),
    Case(
      command: "train regression", data: ["curves.csv", "--target-column", "label"],
      places: common + [
        ("cell", "task.reader.network.cell"), ("layers", "task.reader.network.layerCount"),
        ("hidden", "task.reader.network.hiddenSize"),
      ]),
    Case(
      command: "train tagging", data: ["steps.csv"],
      places: common + [
        ("cell", "task.network.cell"), ("layers", "task.network.layerCount"),
        ("hidden", "task.network.hiddenSize"), ("scaling", "task.featurizer.series._0.scaler.method"),
      ]),
    Case(
      command: "train forecasting", data: ["series.csv"],
      places: common + [("distribution", "task.output"), ("cell", "task.network.segments._0.cell")]),
    Case(
      command: "train language-model",
      data: ["text.txt", "--sequence-length", "20", "--batch-size", "4", "--hidden", "8"],
      places: [
        ("unit", "configuration.unit"), ("min-count", "configuration.minimumCount"),
        ("cell", "configuration.cell"),
        ("layers", "configuration.layerCount"), ("initialization", "configuration.initialization"),
        ("optimizer", "configuration.optimizer"), ("clip-norm", "configuration.training.clipNorm"),
        ("weight-decay", "configuration.weightDecay"), ("seed", "configuration.training.seed"),
      ]),
  ])
  func theBundleHasThem(_ one: Case) throws {
    for (name, text) in DefaultsTests.tables() { try run.write(name, text) }
    let words = one.command.split(separator: " ").map(String.init) + one.data
    let result = try run(words + ["-o", "x.bundle", "--epochs", "1", "--threads", "1"])
    #expect(result.code == 0, "\(result.errors)")
    let file = try #require(
      try JSONSerialization.jsonObject(with: run.bytes("x.bundle/task.json")) as? [String: Any])
    let description = try #require(file["description"] as? [String: Any])
    for (flag, path) in one.places {
      // `0, for adamw 0.01`: what holds without anything else comes first
      let stated = help.defaultValue(of: flag, in: one.command)?.split(separator: ",").first.map(String.init)
      let value = path.split(separator: ".").reduce(description as Any?) {
        ($0 as? [String: Any])?[String($1)]
      }
      let found = try #require(value, "\(path)")
      let isSame = stated.flatMap { Double($0) }.map { $0 == found as? Double } ?? (stated == "\(found)")
      #expect(isSame, "--\(flag): the help says \(stated ?? "nothing"), the bundle \(found)")
    }
  }

  /// Of a hundred examples or steps the parts are what the help says in per cent.
  @Test(arguments: [
    ("train classification", "curves.csv"), ("train tagging", "steps.csv"),
    ("train forecasting", "series.csv"),
  ])
  func theSplitIsThatOfTheHelp(_ command: String, _ data: String) throws {
    for (name, text) in DefaultsTests.tables() { try run.write(name, text) }
    let stated = try #require(help.defaultValue(of: "split", in: command))
    let shares = stated.split(separator: ",").compactMap { Double($0) }.map { Int(($0 * 100).rounded()) }
    #expect(shares.count == 3 && shares.reduce(0, +) == 100, "\(stated)")
    let words = command.split(separator: " ").map(String.init)
    let result = try run(words + [data, "-o", "x.bundle", "--dry-run"])
    let expected =
      switch data {
      case "curves.csv": "\(shares[0]) sequences to train on, \(shares[1]) to validate, \(shares[2]) to test"
      case "steps.csv": "\(shares[0]) %, \(shares[1]) %, \(shares[2]) % to train, validate and test"
      default:
        "the first \(shares[0]) steps are trained on, the next \(shares[1]) choose and calibrate, the last \(shares[2]) judge"
      }
    #expect(result.code == 0 && result.errors.contains(expected), "\(stated): \(result.errors)")
    // and it is what the flag takes
    let same = try run(words + [data, "-o", "x.bundle", "--dry-run", "--split", stated])
    #expect(same.errors.contains(expected), "\(same.errors)")
  }
}
