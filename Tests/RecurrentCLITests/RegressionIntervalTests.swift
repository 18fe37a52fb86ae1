import Foundation
import RecurrentTestSupport
import Testing

/// The bounds of a regression are those of split conformal prediction on the validation part.
@Suite struct RegressionIntervalTests {
  /// Of n validation sequences the ⌈0.9 (n + 1)⌉-th smallest error is the half width, or the largest.
  @Test(arguments: [(19, 18), (12, 12), (5, 5)]) func theHalfWidthIsAQuantileOfErrors(
    _ count: Int, _ rank: Int
  )
    throws
  {
    let run = try CommandLineRun()
    let draws = RandomKey(seed: 21).uniforms(70 * 9)
    let rows = (0..<50 + count).map { row in
      let values = draws[row * 9..<(row + 1) * 9]
      // errors of every size: the number has noise that no step tells
      let number = values.dropLast().reduce(0, +) + 4 * (values.last ?? 0)
      return "\(row < 50 ? "train" : "valid"),\(number),"
        + values.dropLast().map { "\($0)" }.joined(separator: ",")
    }
    let head = "part,y," + (0..<8).map { "t\($0)" }.joined(separator: ",")
    try run.write("all.csv", ([head] + rows).joined(separator: "\n") + "\n")
    try run.write("valid.csv", ([head] + rows.dropFirst(50)).joined(separator: "\n") + "\n")
    let trained = try run(
      "train", "regression", "all.csv", "--target-column", "y", "--split-column", "part", "-o", "x.bundle",
      "--hidden", "4", "--epochs", "3", "--threads", "1")
    try #require(trained.code == 0, "\(trained.errors)")
    #expect(trained.errors.contains("50 sequences to train on, \(count) to validate"), "\(trained.errors)")
    let predicted = try run("predict", "x.bundle", "valid.csv", "--format", "jsonl")
    let lines = try predicted.output.split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    try #require(lines.count == count, "\(predicted.errors)")
    let known = rows.dropFirst(50).compactMap { Double($0.split(separator: ",")[1]) }
    var errors: [Double] = []
    for (line, number) in zip(lines, known) {
      let value = try #require(line["value"] as? Double)
      errors.append(abs(value - number))
      let (low, high) = (try #require(line["low"] as? Double), try #require(line["high"] as? Double))
      #expect(abs(low + high - 2 * value) < 1e-9)
    }
    let width = try #require(lines[0]["high"] as? Double) - #require(lines[0]["low"] as? Double)
    #expect(abs(width / 2 - errors.sorted()[rank - 1]) < 1e-6, "\(width / 2): \(errors.sorted())")
  }
}
