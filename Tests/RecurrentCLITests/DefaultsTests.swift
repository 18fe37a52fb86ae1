import Foundation
import RecurrentTestSupport
import Testing

/// The parts of the data are those that the help states.
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
        "the first \(shares[0]) steps are trained on, the next \(shares[1]) choose and calibrate, the last \(shares[2]) test"
      }
    #expect(result.code == 0 && result.errors.contains(expected), "\(stated): \(result.errors)")
    // and it is what the flag takes
    let same = try run(words + [data, "-o", "x.bundle", "--dry-run", "--split", stated])
    #expect(same.errors.contains(expected), "\(same.errors)")
  }
}
