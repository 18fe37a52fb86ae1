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

  /// There is nothing to learn: what a constant predicts stays best, and nearest neighbours stand beside it.
  @Test func noiseIsPredictedAsWellAsByTheMean() throws {
    let metrics = try train(table(150, steps: 5) { _, noise in noise })
    let own = try #require(metrics["meanAbsoluteError"])
    let mean = try #require(metrics["meanAbsoluteErrorOfTheMean"])
    #expect(own < 1.15 * mean)
    #expect(metrics.keys.contains { $0.hasSuffix("NearestNeighbours") })
  }
}
