import Foundation
import RecurrentTestSupport
import Testing

/// The baselines of a forecast are those of the textbooks in every column, from a table to the figures.
@Suite struct ForecastBaselineTests {
  let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  /// Five seasons of four steps, each 3 above the one before, and four steps that are unlike them.
  private static let values: [Double] = [
    10, 20, 30, 40, 13, 23, 33, 43, 16, 26, 36, 46, 19, 29, 39, 49, 22, 32, 42, 52, 30, 44, 52, 70,
  ]

  /// What a forecast has in each column, from its points for the windows at the steps 20, 21 and 22.
  private static func columns(_ points: [Double]) -> [Double] {
    let truths: [Double] = [30, 44, 44, 52, 52, 70]
    let errors = zip(truths, points).map { abs($0 - $1) }
    let mean = errors.reduce(0, +) / 6
    let square = errors.reduce(0) { $0 + $1 * $1 } / 6
    let percentage = zip(truths, points).map { 200 * abs($0 - $1) / (abs($0) + abs($1)) }.reduce(0, +) / 6
    // one season before is 3 off all the time; 136.25 is the variance of the first 16 values, and 292 the sum of the truths
    return [
      mean, square.squareRoot(), mean / 3, percentage, 6 * mean / 292, mean, square / 136.25,
      mean / 136.25.squareRoot(),
    ]
  }

  private static let expected: [String: [Double]] = {
    let slopes = [(52.0 - 10) / 19, (30.0 - 10) / 20, (44.0 - 10) / 21]
    return [
      "seasonal naive": columns([22, 32, 32, 42, 42, 52]),
      "last value": columns([52, 52, 30, 30, 44, 44]),
      "drift": columns(
        zip([52.0, 30, 44], slopes).flatMap { last, slope in [last + slope, last + 2 * slope] }),
    ]
  }()

  private func train(_ more: String...) throws -> CommandLineRun.Result {
    try run.write(
      "y.csv", "t,y\n" + ForecastBaselineTests.values.enumerated().map { "\($0),\($1)\n" }.joined())
    let words = [
      "train", "forecasting", "y.csv", "-o", "x.bundle", "--season", "4", "--horizon", "2", "--split",
      "16,4,4", "--epochs", "1", "--hidden", "4", "--threads", "1",
    ]
    return try run(words + more)
  }

  @Test func seasonalNaiveByHand() {
    // errors of 8, 12, 12, 10, 10 and 18
    let own = ForecastBaselineTests.expected["seasonal naive"] ?? []
    #expect(abs(own[0] - 70.0 / 6) < 1e-12 && abs(own[1] - 146.0.squareRoot()) < 1e-12)
    #expect(abs(own[2] - 70.0 / 18) < 1e-12 && abs(own[4] - 70.0 / 292) < 1e-12)
  }

  @Test func theTableOfBaselines() throws {
    let result = try train()
    #expect(result.code == 0, "\(result.errors)")
    let part = try #require(result.output.components(separatedBy: "on the test part:").last)
    let lines = part.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.contains("MAE      RMSE      MASE     sMAPE       WQL      CRPS") })
    for (name, expected) in ForecastBaselineTests.expected {
      let line = try #require(lines.first { $0.hasPrefix(name + " ") })
      let numbers = line.dropFirst(name.count).split(separator: " ").compactMap { Double($0) }
      #expect(numbers.count == 8, "\(line)")
      for (found, own) in zip(numbers, expected) { #expect(abs(found - own) <= 6e-4 * own, "\(line)") }
    }
    // which point each column is of is said below the table
    #expect(part.contains("MAE, MASE and sMAPE of the median, RMSE and scaled MSE of the mean"))
    #expect(part.contains("CRPS is MAE"))
    #expect(run.text("x.bundle/report.html").contains("their CRPS is their MAE"))
  }

  @Test func theSameAsJSON() throws {
    let result = try train("--json")
    #expect(result.code == 0, "\(result.errors)")
    let line = try #require(result.output.split(separator: "\n").last { $0.contains("\"event\":\"end\"") })
    let end = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let test = try #require(end["test"] as? [String: Any])
    let entries = try #require(test["entries"] as? [[String: Any]])
    var names: [String] = []
    for entry in entries {
      let forecast = try #require(entry["forecast"] as? [String: Any])
      let metrics = try #require(forecast["metrics"] as? [String: Any])
      let name = try #require(forecast["name"] as? String)
      names.append(name)
      let keys = ["mae", "rmse", "mase", "smape", "weightedQuantileLoss", "crps"]
      let found =
        try keys.map { try #require(metrics[$0] as? Double) } + [entry["scaledMSE"] as? Double ?? .nan]
      guard name != "model" else { continue }
      // whatever a baseline is, its columns are of one point
      #expect(abs(found[0] - found[5]) < 1e-9 && abs(found[4] - 6 * found[0] / 292) < 1e-9, "\(name)")
      guard let expected = ForecastBaselineTests.expected[name] else { continue }
      for (a, b) in zip(found, expected) { #expect(abs(a - b) <= 1e-5 * b, "\(name): \(found), \(expected)") }
      // errors by step are of the same points: 8, 12 and 10, then 12, 10 and 18
      let steps = try #require(forecast["steps"] as? [[String: Any]])
      if name == "seasonal naive" {
        #expect(steps.compactMap { $0["mae"] as? Double } == [10, 40.0 / 3])
        // the validation part was 3 off, so that intervals are as narrow as that and hold nothing
        let coverages = try #require(metrics["coverages"] as? [[String: Any]])
        #expect(coverages.count == 5)
        for own in coverages {
          #expect(own["actual"] as? Double == 0)
          #expect(abs((own["width"] as? Double ?? 0) - 6) < 1e-6)
        }
      }
    }
    #expect(names == ["model", "seasonal naive", "last value", "drift", "linear"])
  }

  /// Of a line all errors before the last part are the same: they must not make the baseline look better than it is.
  @Test func aTrendIsOneSeasonOff() throws {
    try run.write("line.csv", "t,y\n" + (0..<120).map { "\($0),\(100 + 5 * $0)\n" }.joined())
    let result = try run(
      "train", "forecasting", "line.csv", "-o", "x.bundle", "--season", "7", "--horizon", "7", "--epochs",
      "1",
      "--hidden", "4", "--threads", "1")
    #expect(result.code == 0, "\(result.errors)")
    let line = try #require(result.output.split(separator: "\n").last { $0.hasPrefix("seasonal naive ") })
    let numbers = line.split(separator: " ").compactMap { Double($0) }
    #expect(numbers.prefix(3) == [35, 35, 1] && numbers[5] == 35, "\(line)")
  }

  /// A history that is shorter than a season has no value one season before.
  @Test func whatHasNoSeasonIsLeftOut() throws {
    #expect(try train().code == 0)
    try run.write("short.csv", "t,y\n" + [5, 7, 6, 9].enumerated().map { "\($0),\($1)\n" }.joined())
    let result = try run("evaluate", "x.bundle", "short.csv")
    #expect(result.code == 0, "\(result.errors)")
    let line = try #require(result.output.split(separator: "\n").first { $0.hasPrefix("seasonal naive ") })
    #expect(line.split(separator: " ").suffix(7).allSatisfy { $0 == "-" }, "\(line)")
    #expect(result.output.contains("left out of \"seasonal naive\": 2 of 2 values"), "\(result.output)")
  }

  /// Errors of a regression are not measured by a seasonal forecast, which it has none of.
  @Test func regressionHasNoMASE() throws {
    let rows = (0..<40).map { "\($0 % 8),\($0 % 5),\($0 % 3),\(Double($0 % 8) + 0.5)\n" }
    try run.write("r.csv", "t0,t1,t2,load\n" + rows.joined())
    let result = try run(
      "train", "regression", "r.csv", "--target-column", "load", "-o", "r.bundle", "--epochs", "2",
      "--hidden",
      "4", "--threads", "1", "--json")
    #expect(result.code == 0, "\(result.errors)")
    let line = try #require(result.output.split(separator: "\n").last { $0.contains("\"event\":\"end\"") })
    #expect(line.contains("\"mae\":") && !line.contains("\"mase\":"), "\(line)")
    #expect(!run.text("r.bundle/report.html").contains("seasonal"))
  }
}
