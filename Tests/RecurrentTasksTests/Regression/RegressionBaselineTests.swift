import RecurrentTasks
import RecurrentTestSupport
import Testing

struct RegressionBaselineTests {
  /// A table of runs of `steps` rows, each with one number to predict.
  private func table(_ runs: Int, steps: Int, target: ([Double], Double) -> Double) -> String {
    var lines = ["run,t,x,y,part"]
    let numbers = Tensor.random([runs, steps + 1], key: RandomKey(seed: 50)).scalars.map(Double.init)
    for run in 0..<runs {
      let own = Array(numbers[run * (steps + 1)..<(run + 1) * (steps + 1)])
      let y = target(Array(own.dropLast()), own[steps])
      let part = run % 5 == 0 ? "test" : run % 5 == 1 ? "validation" : "training"
      for step in 0..<steps { lines.append("\(run),\(step),\(own[step]),\(y),\(part)") }
    }
    return lines.joined(separator: "\n")
  }

  private func train(_ text: String) throws -> [String: Double] {
    var settings = Settings()
    settings[.idColumn] = "run"
    settings[.targetColumn] = "y"
    settings[.splitColumn] = "part"
    settings[.time] = "t"
    settings[.epochs] = 12
    settings[.hidden] = 12
    let outcome = try TaskTraining<RegressionTask>(
      TaskRequest([DataSource(bytes: Array(text.utf8), name: "runs.csv", format: .csv)], settings: settings)
    ).run()
    guard case .finished(_, _, let test?, _) = outcome else {
      Issue.record("the training did not finish")
      return [:]
    }
    return Dictionary(uniqueKeysWithValues: test.metrics.map { ($0.key, $0.value) })
  }

  /// Ridge regression knows nearly everything: the network must not harm.
  @Test func aLinearSystemIsPredictedAsWellAsByRidge() throws {
    let metrics = try train(
      table(150, steps: 12) { x, noise in
        3 + 2 * x[11] - x[10] + 0.5 * x[3] + x.reduce(0, +) + 0.05 * noise
      })
    let own = try #require(metrics["meanAbsoluteError"])
    let ridge = try #require(metrics["meanAbsoluteErrorOfRidgeRegression"])
    let mean = try #require(metrics["meanAbsoluteErrorOfTheMean"])
    #expect(ridge < 0.05 * mean)
    #expect(own < 1.1 * ridge)
  }

  /// Windows of a smooth series, of which one value is nearly that of the next, with parts to train on and to test alone: what the
  /// noise of the training does to a linear map with large weights is nothing to learn, and what validates are the last windows.
  @Test func windowsOfOneSeriesArePredictedAsWellAsByRidge() throws {
    let (length, count) = (30, 400)
    let draws = Tensor.random([length + count, 2], key: RandomKey(seed: 51)).scalars.map(Double.init)
    var (input, level, inputs, levels) = (0.0, 0.0, [Double](), [Double]())
    for step in 0..<length + count {
      input = 0.98 * input + 0.2 * (draws[2 * step] - 0.5)
      level = 0.97 * level + 0.1 * input
      inputs.append(input)
      levels.append(level + 0.01 * draws[2 * step + 1])
    }
    var lines = [(0..<length).map { "u\($0)" }.joined(separator: ",") + ",y,part"]
    for first in 0..<count {
      let window = inputs[first..<first + length].map { "\($0)" }.joined(separator: ",")
      lines.append("\(window),\(levels[first + length - 1]),\(first < 270 ? "training" : "test")")
    }
    var settings = Settings()
    (settings[.targetColumn], settings[.splitColumn], settings[.hidden]) = ("y", "part", 12)
    let request = TaskRequest(
      [DataSource(bytes: Array(lines.joined(separator: "\n").utf8), name: "windows.csv", format: .csv)],
      settings: settings)
    let notes = try RegressionTask.plan(request) { _, _ in }.notes
    #expect(notes.contains { $0.setting == "valid" && $0.text.contains("27 of the 270 sequences") })
    #expect(notes.contains { $0.setting == "split" && $0.text.contains("a step further") })
    guard case .finished(_, _, let test?, _) = try TaskTraining<RegressionTask>(request).run() else {
      Issue.record("the training did not finish")
      return
    }
    let metrics = Dictionary(uniqueKeysWithValues: test.metrics.map { ($0.key, $0.value) })
    let own = try #require(metrics["meanAbsoluteError"])
    let ridge = try #require(metrics["meanAbsoluteErrorOfRidgeRegression"])
    #expect(own < 1.15 * ridge, "\(own) \(ridge)")
  }

  /// There is nothing to learn: what a constant predicts stays best, and nearest neighbours stand beside it.
  @Test func noiseIsPredictedAsWellAsByTheMean() throws {
    let metrics = try train(table(150, steps: 5) { _, noise in noise })
    let own = try #require(metrics["meanAbsoluteError"])
    let mean = try #require(metrics["meanAbsoluteErrorOfTheMean"])
    #expect(own < 1.15 * mean)
    #expect(metrics.keys.contains { $0.hasSuffix("NearestNeighbours") })
  }
}
