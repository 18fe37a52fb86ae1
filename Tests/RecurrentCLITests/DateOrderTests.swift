import Foundation
import RecurrentTestSupport
import Testing

/// Dates that can be read in two ways, from a table to what is said about them.
@Suite struct DateOrderTests {
  let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  private let forecast = [
    "train", "forecasting", "d.csv", "-o", "x.bundle", "--horizon", "2", "--epochs", "1", "--hidden", "4",
    "--threads", "1",
  ]

  /// A table with a value for each date.
  private func write(_ dates: [String], as name: String = "d.csv", _ header: String = "date,y") throws {
    let rows = dates.enumerated().map { "\($1),\(10 + $0 % 5)\n" }
    try run.write(name, header + "\n" + rows.joined())
  }

  /// Firsts of months, the month first, as in the United States.
  private static func months(_ count: Int, from year: Int = 2015) -> [String] {
    (0..<count).map { "\($0 % 12 + 1)/1/\(year + $0 / 12)" }
  }

  /// Eight years of months are steps in one order only; the other one would be 2,569 days, nearly all of them missing.
  @Test func firstsOfMonthsAreMonths() throws {
    try write(DateOrderTests.months(96))
    let result = try run(forecast + ["--dry-run"])
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.errors.contains("1 series of 96 steps in d.csv, a month each, 2015-01-01 to 2022-12-01"))
    #expect(
      result.errors.contains(
        "assumed: dates are read as month, day, year, for only so they are regular steps  (--date-order)"))
    #expect(!result.errors.contains("are missing"), "\(result.errors)")
  }

  /// The twelve firsts of a year are twelve months, or the first twelve days of January: nobody knows.
  @Test func whatIsRegularInBothOrdersIsRefused() throws {
    try write(
      DateOrderTests.months(12) + DateOrderTests.months(12).map { $0.replacing("2015", with: "2016") })
    // regular in one order alone
    #expect(try run(forecast + ["--dry-run"]).code == 0)
    try write(DateOrderTests.months(12))
    let result = try run(forecast)
    #expect(result.code == 1 && !run.exists("x.bundle"))
    #expect(
      result.errors.contains(
        "d.csv: line 3, column \"date\": expected dates that can be read in one way alone (--date-order dmy reads "
          + "2015-01-02, --date-order mdy reads 2015-02-01), found \"2/1/2015\""), "\(result.errors)")
    for (order, step) in [("mdy", "a month each, 2015-01-01 to 2015-12-01"), ("dmy", "2015-01-12")] {
      let asked = try run(forecast + ["--date-order", order, "--dry-run"])
      #expect(asked.code == 0 && asked.errors.contains(step), "\(asked.errors)")
    }
    try run.write("s.yaml", "date-order: mdy\n")
    #expect(try run(forecast + ["--config", "s.yaml", "--dry-run"]).errors.contains("a month each"))
  }

  /// A day beyond 12 decides, wherever it stands; nothing is asked.
  @Test(arguments: ["dmy", "mdy"])
  func rowsDecide(_ order: String) throws {
    try write((1...20).map { order == "dmy" ? "\($0)/2/2024" : "2/\($0)/2024" })
    let result = try run(forecast + ["--dry-run"])
    #expect(result.code == 0 && result.errors.contains("2024-02-01 to 2024-02-20"), "\(result.errors)")
    let words = order == "dmy" ? "day, month, year" : "month, day, year"
    #expect(result.errors.contains("found: dates are read as \(words)  (--date-order)"), "\(result.errors)")
  }

  /// Dates behind thousands of rows that leave the question open.
  @Test func laterRowsDecideToo() throws {
    let minutes = (0..<2100).map { "1/2/2024 \($0 / 60 % 24):\($0 % 60 < 10 ? "0" : "")\($0 % 60)" }
    let first = Array(minutes.prefix(1440)) + minutes.dropFirst(1440).map { "2" + $0.dropFirst() }
    try write(first + (0..<10).map { "13/2/2024 00:0\($0)" })
    let result = try run(forecast + ["--dry-run", "--split", "1500,300,300"])
    #expect(result.errors.contains("dates are read as day, month, year"), "\(result.errors)")
    // day and month are the same in all rows: there is no question
    try write(["5/5/2024 10:00", "5/5/2024 11:00", "5/5/2024 12:00", "5/5/2024 13:00", "5/5/2024 14:00"])
    let same = try run(
      "train", "forecasting", "d.csv", "-o", "x.bundle", "--horizon", "1", "--dry-run", "--split", "3,1,1")
    #expect(same.code == 0 && same.errors.contains("2024-05-05T10:00:00"), "\(same.errors)")
  }

  @Test func aFlagThatTheRowsContradictIsRefused() throws {
    try write(["1/2/2024", "2/2/2024", "13/2/2024", "14/2/2024", "15/2/2024"])
    let result = try run(forecast + ["--date-order", "mdy"])
    #expect(result.code == 1)
    #expect(
      result.errors.contains("d.csv: line 4, column \"date\": expected a date as --date-order mdy says"),
      "\(result.errors)")
    let wrong = try run(forecast + ["--date-order", "american"])
    #expect(wrong.code == 2 && wrong.errors.contains("ymd, dmy or mdy"), "\(wrong.errors)")
  }

  /// What was decided in training decides about other data, also in a stream.
  @Test func aBundleRemembersTheOrder() throws {
    try write(DateOrderTests.months(96))
    let trained = try run(forecast)
    #expect(trained.code == 0, "\(trained.errors)")
    try write(DateOrderTests.months(12, from: 2023), as: "more.csv")
    let predicted = try run("predict", "x.bundle", "more.csv", "--format", "csv")
    #expect(predicted.code == 0, "\(predicted.errors)")
    let times = predicted.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[2] }
    #expect(times == ["2024-01-01", "2024-02-01"], "\(predicted.output)")
    #expect(try run("evaluate", "x.bundle", "more.csv").code == 0)
    // the flag wins: then these are days, which the bundle has never seen
    let asked = try run("predict", "x.bundle", "more.csv", "--date-order", "dmy")
    #expect(asked.code == 1 && asked.errors.contains("steps of a month as in training"), "\(asked.errors)")
  }

  @Test func aStreamRefusesWhatTheBundleDoesNotKnow() throws {
    try write(
      (1...12).map { "2015-\($0 < 10 ? "0" : "")\($0)-01" }
        + (1...12).map { "2016-\($0 < 10 ? "0" : "")\($0)-01" })
    let words = [
      "train", "forecasting", "d.csv", "-o", "x.bundle", "--horizon", "1", "--epochs", "1", "--hidden", "4",
      "--threads", "1", "--kind", "autoregressive", "--overwrite",
    ]
    #expect(try run(words).code == 0)
    let line = "{\\\"date\\\": \\\"2/3/2017\\\", \\\"y\\\": 11}"
    let refused = try run.shell("echo \"\(line)\" | $R predict x.bundle --stream")
    #expect(
      refused.code == 1 && refused.errors.contains("line 1: expected a time that can be read in one way"))
    try write(DateOrderTests.months(96))
    #expect(try run(words).code == 0)
    let known = try run.shell("echo \"\(line)\" | $R predict x.bundle --stream")
    #expect(known.code == 0 && known.output.contains("y next"), "\(known.errors)")
  }

  /// The steps of a sequence, recordings with tags, and wide tables are read by the same rule.
  @Test(arguments: ["classification", "regression", "tagging"])
  func otherTasksAsk(_ task: String) throws {
    let rows = (0..<20).flatMap { item in
      (1...3).map { "i\(item),\($0)/4/2024,\(Double(item % 2) + 0.1 * Double($0)),\(item % 2)\n" }
    }
    let table = "case,date,level,\(task == "regression" ? "dose" : "label")\n" + rows.joined()
    try run.write("l.csv", table)
    var words = ["train", task, "l.csv", "--id-column", "case", "--time", "date", "-o", "x.bundle"]
    if task == "regression" { words += ["--target-column", "dose"] }
    let result = try run(words)
    #expect(result.code == 1, "\(result.errors)")
    #expect(
      result.errors.contains("l.csv: line 2, column \"date\"")
        && result.errors.contains("--date-order dmy reads 2024-04-01")
        && result.errors.contains("--date-order mdy reads 2024-01-04"), "\(result.errors)")
    let asked = try run(words + ["--date-order", "dmy", "--epochs", "1", "--threads", "1"])
    #expect(asked.code == 0, "\(asked.errors)")
    // the bundle knows from then on
    #expect(try run("predict", "x.bundle", "l.csv", "--id-column", "case", "--time", "date").code == 0)
  }

  @Test func columnsOfAWideTableAsk() throws {
    let dates = (1...12).map { "\($0)/1/2015" }
    let rows = (0..<3).map { "s\($0)," + (0..<12).map { "\($0 * 3 % 7)" }.joined(separator: ",") + "\n" }
    try run.write("w.csv", "name," + dates.joined(separator: ",") + "\n" + rows.joined())
    let words = ["train", "forecasting", "w.csv", "-o", "x.bundle", "--horizon", "1", "--dry-run"]
    let result = try run(words)
    #expect(
      result.code == 1 && result.errors.contains("--date-order mdy reads 2015-02-01"), "\(result.errors)")
    let asked = try run(words + ["--date-order", "mdy"])
    #expect(asked.code == 0 && asked.errors.contains("a month each"), "\(asked.errors)")
  }
}
