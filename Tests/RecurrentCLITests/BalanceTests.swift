import Foundation
import RecurrentTestSupport
import Testing

/// Rare classes beside a frequent one: what the warning recommends must not make the classifier useless.
@Suite struct BalanceTests {
  let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  /// Five kinds of curve that are easy to tell apart, 83, 11, 3, 2 and 1 % of them, as of heartbeats.
  private static func beats(_ count: Int, seed: UInt64) -> String {
    let kinds = (0..<count).map { row in
      switch row * 67 % 100 {
      case ..<83: 0
      case ..<94: 1
      case ..<97: 2
      case ..<99: 3
      default: 4
      }
    }
    let noise = RandomKey(seed: seed).uniforms(count * 24)
    func shape(_ kind: Int, _ x: Double) -> Double {
      func peak(_ place: Double, _ width: Double) -> Double {
        exp(-((x - place) / width) * ((x - place) / width))
      }
      switch kind {
      case 0: return peak(0.3, 0.06)
      case 1: return peak(0.6, 0.06)
      case 2: return -peak(0.3, 0.1)
      case 3: return peak(0.3, 0.06) + peak(0.7, 0.06)
      default: return sin(6 * Double.pi * x)
      }
    }
    let rows = kinds.enumerated().map { row, kind in
      let values = (0..<24).map { step in
        "\(shape(kind, Double(step) / 24) + 0.3 * (Double(noise[row * 24 + step]) - 0.5))"
      }
      return (["N"] + ["S", "V", "F", "Q"])[kind] + "," + values.joined(separator: ",")
    }
    return "label," + (0..<24).map { "t\($0)" }.joined(separator: ",") + "\n" + rows.joined(separator: "\n")
      + "\n"
  }

  private func train(_ more: [String]) throws -> CommandLineRun.Result {
    try run.write("beats.csv", BalanceTests.beats(300, seed: 1))
    try run.write("test.csv", BalanceTests.beats(300, seed: 2))
    let words = [
      "train", "classification", "beats.csv", "--test", "test.csv", "-o", "x.bundle", "--overwrite",
      "--hidden",
      "16", "--convolutions", "16x5", "--learning-rate", "0.01", "--threads", "1",
    ]
    return try run(words + more)
  }

  /// The end of a training as JSON.
  private func end(_ result: CommandLineRun.Result) throws -> [String: Any] {
    let line = try #require(result.output.split(separator: "\n").last { $0.contains("\"event\":\"end\"") })
    return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  /// With the label smoothing that such data get by default, and with more of it.
  @Test(arguments: [[], ["--label-smoothing", "0.3"], ["--focal", "2"]])
  func balanceKeepsTheFrequentClass(_ more: [String]) throws {
    let result = try train(["--epochs", "80", "--balance", "--json"] + more)
    #expect(result.code == 0, "\(result.errors)")
    let end = try end(result)
    let test = try #require(end["test"] as? [String: Any])
    let accuracy = try #require((test["accuracy"] as? [String: Any])?["value"] as? Double)
    #expect(accuracy > 0.95, "\(accuracy)")
    #expect(
      (end["warnings"] as? [String])?.isEmpty == true && (test["warnings"] as? [String])?.isEmpty == true)
    #expect(
      abs((test["majorityShare"] as? Double ?? 0) - 0.83) < 1e-9 && test["majorityClass"] as? String == "N")
    let recalls = try #require(test["classes"] as? [[String: Any]]).compactMap { $0["recall"] as? Double }
    #expect(recalls.count == 5 && recalls.allSatisfy { $0 > 0.8 }, "\(recalls)")
  }

  /// The flag is recommended where it is not given, and only there.
  @Test func theWarningNamesTheFlag() throws {
    let plain = try train(["--dry-run"])
    #expect(plain.errors.contains("warning: the most frequent class has"))
    #expect(plain.errors.contains("(--balance)"))
    #expect(!(try train(["--dry-run", "--balance"])).errors.contains("warning: the most frequent class has"))
  }

  /// A model that is worse than always the same label says so wherever its figures stand.
  @Test func belowTheMajorityIsSaid() throws {
    // the labels of the training part say nothing about those of the others
    let lines = BalanceTests.beats(300, seed: 1).split(separator: "\n")
    let turned = lines.map {
      $0.replacing("N,", with: "X,").replacing("S,", with: "N,").replacing("X,", with: "S,")
    }
    try run.write("turned.csv", turned.joined(separator: "\n") + "\n")
    let part = "is below the 0.8300 of always predicting the most frequent class, \"N\""
    try run.write("train.csv", turned.joined(separator: "\n") + "\n")
    try run.write("beats.csv", lines.joined(separator: "\n") + "\n")
    let command = [
      "train", "classification", "train.csv", "--valid", "beats.csv", "--test", "beats.csv", "-o", "x.bundle",
      "--hidden", "8", "--epochs", "6", "--threads", "1",
    ]
    let result = try run(command)
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.components(separatedBy: part).count == 3, "\(result.output)")
    #expect(run.text("x.bundle/card.md").contains("warning: on the validation part the accuracy of"))
    #expect(run.text("x.bundle/card.md").contains("warning: on the test part the accuracy of"))
    let page = run.text("x.bundle/report.html")
    #expect(page.contains("on the validation part the accuracy of") && page.contains("The accuracy of"))
    let warnings = try #require(try end(run(command + ["--json", "--overwrite"]))["warnings"] as? [String])
    #expect(warnings.count == 2 && warnings.allSatisfy { $0.contains(part) }, "\(warnings)")
    let evaluated = try run("evaluate", "x.bundle", "beats.csv")
    #expect(evaluated.output.contains(part), "\(evaluated.output)")
    #expect(
      try run("evaluate", "x.bundle", "beats.csv", "--json").output.contains("\"warnings\":[\"the accuracy"))
    #expect(!(try run("evaluate", "x.bundle", "turned.csv")).output.contains("warning:"))
  }

  /// Labels of steps are weighted and compared in the same way.
  @Test func tagsOfSteps() throws {
    let noise = RandomKey(seed: 5).uniforms(1200)
    func table(_ isTurned: Bool) -> String {
      let rows = (0..<600).map { step -> String in
        let isRare = step % 50 < 2
        let label = isRare != isTurned ? "rare" : "usual"
        return "\(step),\((isRare ? 1 : 0) + 0.3 * noise[2 * step]),\(noise[2 * step + 1]),\(label)"
      }
      return "step,a,b,state\n" + rows.joined(separator: "\n") + "\n"
    }
    try run.write("steps.csv", table(false))
    try run.write("turned.csv", table(true))
    let trained = try run(
      "train", "tagging", "steps.csv", "-o", "x.bundle", "--balance", "--hidden", "6", "--epochs", "15",
      "--threads", "1", "--json")
    #expect(trained.code == 0, "\(trained.errors)")
    let test = try #require(try end(trained)["test"] as? [String: Any])
    let accuracy = try #require((test["accuracy"] as? [String: Any])?["value"] as? Double)
    #expect(accuracy >= 0.96, "\(accuracy)")
    let evaluated = try run("evaluate", "x.bundle", "turned.csv")
    #expect(
      evaluated.output.contains("of always predicting the most frequent class, \"rare\""),
      "\(evaluated.output)")
    let both = try run("train", "tagging", "steps.csv", "-o", "y.bundle", "--balance", "--crf")
    #expect(both.code == 2 && both.errors.contains("--balance must be off beside crf"), "\(both.errors)")
  }
}
