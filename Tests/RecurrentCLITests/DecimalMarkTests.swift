import Foundation
import RecurrentTestSupport
import Testing

/// Numbers that can be read in two ways, from a table to what is said about them.
@Suite struct DecimalMarkTests {
  let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  private func words(_ file: String, _ more: String...) -> [String] {
    [
      "train", "forecasting", file, "-o", "x.bundle", "--horizon", "2", "--epochs", "1", "--hidden", "4",
      "--threads",
      "1", "--overwrite",
    ] + more
  }

  /// A table of `count` values around a thousand, written in some way.
  private func write(_ name: String, _ separator: String = "\t", _ text: (Int) -> String) throws {
    let rows = (0..<60).map { "\($0)\(separator)\(text($0))\n" }
    try run.write(name, "t\(separator)visits\n" + rows.joined())
  }

  private static func value(_ step: Int) -> Int { 1005 + step % 7 * 93 }

  private static func grouped(_ step: Int, _ mark: String) -> String {
    let digits = "\(value(step))"
    return digits.dropLast(3) + mark + digits.suffix(3)
  }

  /// The forecast of a bundle for a table.
  private func forecast(_ file: String, _ more: String...) throws -> [String] {
    let result = try run(["predict", "x.bundle", file, "--format", "csv"] + more)
    #expect(result.code == 0, "\(result.errors)")
    return result.output.split(separator: "\n").dropFirst().map { String($0.drop { $0 != "," }) }
  }

  @Test(arguments: [("\t", ","), (";", ","), ("|", ","), ("\t", "."), (";", "."), ("|", ".")])
  func groupsOfThreeAreAQuestion(_ separator: String, _ mark: String) throws {
    try write("v.tsv".replacing("tsv", with: separator == "\t" ? "tsv" : "csv"), separator) {
      DecimalMarkTests.grouped($0, mark)
    }
    let file = separator == "\t" ? "v.tsv" : "v.csv"
    let result = try run(words(file))
    #expect(result.code == 1 && !run.exists("x.bundle"), "\(result.output)")
    let (point, comma) = mark == "," ? ("1005", "1.005") : ("1.005", "1005")
    #expect(
      result.errors.contains(
        "\(file): line 2, column \"visits\": expected numbers that can be read in one way alone (--decimal point reads "
          + "\(point), --decimal comma reads \(comma)), found \"1\(mark)005\""), "\(result.errors)")
  }

  /// The flag decides, and the bundle keeps what it decided.
  @Test func theFlagDecides() throws {
    try write("v.tsv") { DecimalMarkTests.grouped($0, ",") }
    try write("plain.tsv") { "\(DecimalMarkTests.value($0))" }
    #expect(try run(words("plain.tsv")).code == 0)
    let expected = try forecast("plain.tsv")
    let trained = try run(words("v.tsv", "--decimal", "point"))
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(try forecast("v.tsv") == expected && forecast("plain.tsv") == expected)
    #expect(try run("evaluate", "x.bundle", "v.tsv").code == 0)
    let wrong = try run(words("v.tsv", "--decimal", "dot"))
    #expect(wrong.code == 2 && wrong.errors.contains("point or comma"), "\(wrong.errors)")
    // a comma before decimals is a thousandth of that
    try write("small.tsv") { "\(Double(DecimalMarkTests.value($0)) / 1000)" }
    #expect(try run(words("small.tsv", "--decimal", "point")).code == 0)
    let small = try forecast("small.tsv", "--decimal", "point")
    #expect(try run(words("v.tsv", "--decimal", "comma")).code == 0)
    #expect(try forecast("v.tsv") == small && small != expected)
  }

  @Test(arguments: [
    // digits that are not three, a zero in front, both marks, or several groups: nothing is asked
    ("50,25", "comma"), ("0,125", "comma"), ("1.005,5", "comma"), ("1.005.000", "comma"), ("50.25", "point"),
    ("0.125", "point"), ("1,005.5", "point"), ("1,005,000", "point"), ("1005.125", "point"), ("1005", ""),
  ])
  func otherNumbersDecide(_ text: String, _ mark: String) throws {
    try write("v.csv", ";") { step in
      step == 40
        ? text
        : mark.isEmpty ? "\(900 + step % 7)" : DecimalMarkTests.grouped(step, mark == "comma" ? "." : ",")
    }
    let result = try run(words("v.csv"))
    #expect(result.code == 0, "\(result.errors)")
    #expect(
      result.errors.contains("numbers have a comma before their decimals  (--decimal)") == (mark == "comma"))
    let known = try forecast("v.csv")
    // the same numbers, written plainly
    let plain: [String: String] = [
      "50,25": "50.25", "0,125": "0.125", "1.005,5": "1005.5", "1.005.000": "1005000", "1,005.5": "1005.5",
      "1,005,000": "1005000",
    ]
    try write("plain.csv", ";") { step in
      step == 40 ? plain[text] ?? text : "\(mark.isEmpty ? 900 + step % 7 : DecimalMarkTests.value(step))"
    }
    #expect(try run(words("plain.csv", "--decimal", "point")).code == 0)
    #expect(try forecast("plain.csv", "--decimal", "point") == known)
  }

  /// In a table with commas between fields, and in texts of JSON, such numbers are in quotes.
  @Test func quotedNumbersAreAQuestionToo() throws {
    try write("v.csv", ",") { "\"\(DecimalMarkTests.grouped($0, ","))\"" }
    let rows = (0..<60).map { "{\"t\": \($0), \"visits\": \"\(DecimalMarkTests.grouped($0, ","))\"}\n" }
    try run.write("v.jsonl", rows.joined())
    try write("plain.csv", ",") { "\(DecimalMarkTests.value($0))" }
    #expect(try run(words("plain.csv")).code == 0)
    let expected = try forecast("plain.csv")
    for file in ["v.csv", "v.jsonl"] {
      let result = try run(words(file))
      #expect(result.code == 1 && result.errors.contains("--decimal point reads 1005"), "\(result.errors)")
      #expect(try run(words(file, "--decimal", "point")).code == 0)
      #expect(try forecast(file) == expected)
    }
    // numbers of JSON are what they are, whatever the texts beside them
    let mixed = (0..<60).map { "{\"t\": \($0), \"visits\": \($0 % 7).125, \"x\": \"\($0 % 5),5\"}\n" }
    try run.write("m.jsonl", mixed.joined())
    let result = try run(words("m.jsonl", "--decimal", "comma", "--target", "visits"))
    #expect(result.code == 0, "\(result.errors)")
    #expect(
      try forecast("m.jsonl").allSatisfy {
        Double($0.split(separator: ",")[2]).map { abs($0) < 100 } ?? false
      })
  }

  /// Of a comma table without quotes nothing is asked: its points stand before decimals.
  @Test func plainTablesAreNotAsked() throws {
    try write("v.csv", ",") { DecimalMarkTests.grouped($0, ".") }
    let result = try run(words("v.csv"))
    #expect(result.code == 0, "\(result.errors)")
    #expect(
      try forecast("v.csv").allSatisfy { Double($0.split(separator: ",")[2]).map { abs($0) < 10 } ?? false })
  }

  /// A field that fits no longer says what the flag would make of it.
  @Test func aNumberThatDoesNotFitNamesTheFlag() throws {
    try write("v.csv", ";") { $0 == 50 ? "7,25" : "\($0 % 7).5" }
    let result = try run(words("v.csv"))
    #expect(
      result.code == 1 && result.errors.contains("v.csv: line 52, column \"visits\": expected a number")
        && result.errors.contains("--decimal comma reads 7.25"), "\(result.errors)")
  }

  @Test(arguments: ["classification", "regression", "tagging"])
  func otherTasksAsk(_ task: String) throws {
    let rows = (0..<60).map { "\(1 + $0 % 2),\(100 + $0 % 7);1,\(200 + $0 % 5);\($0 % 2 == 0 ? "a" : "b")\n" }
    let numbers = (0..<60).map { "1,\(100 + $0 % 7);1,\(200 + $0 % 5);1.\(100 * (1 + $0 % 3))\n" }
    try run.write(
      "v.csv", task == "regression" ? "x;y;dose\n" + numbers.joined() : "x;y;label\n" + rows.joined())
    var command = ["train", task, "v.csv", "-o", "x.bundle", "--epochs", "1", "--threads", "1"]
    if task == "regression" { command += ["--target-column", "dose"] }
    guard task != "regression" else {
      // thousands with points beside them: a comma stands before decimals, also in the target
      let result = try run(command + ["--decimal", "comma"])
      #expect(result.code == 0, "\(result.errors)")
      let figure = try #require(
        result.output.split(separator: "\n").last { $0.hasPrefix("mean absolute error") })
      let numbers = figure.split(whereSeparator: { " ()".contains($0) }).compactMap { Double($0) }
      #expect(numbers[1] > 10, "\(figure)")
      return
    }
    let result = try run(command)
    #expect(result.code == 1, "\(result.errors)")
    #expect(
      result.errors.contains("v.csv: line 2, column \"x\"")
        && result.errors.contains("--decimal point reads 1100")
        && result.errors.contains("--decimal comma reads 1.1"), "\(result.errors)")
    #expect(try run(command + ["--decimal", "comma"]).code == 0)
    #expect(try run("predict", "x.bundle", "v.csv").code == 0)
  }

  /// Files that a table or a folder names are tables of their own.
  @Test func filesOfAFolderAsk() throws {
    for name in ["a", "b"] {
      try FileManager.default.createDirectory(
        atPath: run.folder.path + "/in/\(name)", withIntermediateDirectories: true)
      for item in 0..<4 {
        let rows = (0..<12).map { "\(1 + $0 % 3),\(100 + item)\n" }
        try run.write("in/\(name)/\(item).tsv", "x\n" + rows.joined())
      }
    }
    let command = ["train", "classification", "in", "-o", "x.bundle", "--epochs", "1", "--threads", "1"]
    let result = try run(command)
    #expect(result.code == 1 && result.errors.contains("--decimal point reads 1100"), "\(result.errors)")
    let asked = try run(command + ["--decimal", "comma"])
    #expect(asked.code == 0, "\(asked.errors)")
  }
}
