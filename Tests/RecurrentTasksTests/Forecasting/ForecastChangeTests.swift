import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct ForecastChangeTests {
  private let levels = [0.1, 0.5, 0.9]

  /// What is found over windows of a walk whose changes are predicted by a number for each truth.
  private func share(_ places: [Int], _ prediction: (_ truth: Double, _ place: Int) -> Double) throws
    -> Double
  {
    var sum = 0.0
    let walk = RandomKey(seed: 31).uniforms(400).map { number -> Double in
      sum += Double(number) - 0.5
      return sum
    }
    let series = [TimeSeries(targets: ["y"], values: walk)]
    var task = try ForecastExamples.task(series, .segments, output: .quantiles, normalization: .last)
    task.featurizer.calendar = []
    let batch = task.batch(try ForecastExamples.windows(task, series, places))
    var change = ForecastChange(levels: levels, horizon: task.horizon)
    for window in places.indices {
      let medians = (0..<task.horizon).map { step in
        prediction(Double(batch.truths[window * task.horizon + step]), window * task.horizon + step)
      }
      change.add(
        NormalizedForecast(
          scales: [], means: medians, quantiles: medians.flatMap { [$0 - 1, $0, $0 + 1] }),
        batch, window: window)
    }
    return change.share
  }

  private let many = Array(stride(from: 100, to: 300, by: 2))

  @Test func whatIsKnownIsKept() throws {
    let cases: [(factor: Double, share: Double)] = [(1, 1), (1.1, 1), (2, 0.5), (4, 0.25), (-1, 0)]
    for (factor, expected) in cases {
      let found = try share(many) { truth, _ in factor * truth }
      #expect(found == expected, "\(factor)")
    }
  }

  @Test func noiseIsLeftOut() throws {
    var kept = 0
    for seed in 1...20 as ClosedRange<UInt64> {
      let noise = RandomKey(seed: seed).uniforms(500)
      let found = try share(many) { _, place in Double(noise[place]) - 0.5 }
      kept += found == 0 ? 0 : 1
    }
    #expect(kept <= 1)
  }

  /// Of a block or two nothing is known but what is plain.
  @Test func fewBlocks() throws {
    let known = try share([100, 101]) { truth, _ in truth }
    let barely = try share([100, 101]) { truth, _ in 0.02 * truth }
    let none = try share([]) { truth, _ in truth }
    #expect(known == 1 && barely == 0 && none == 1)
  }

  /// The distribution moves as a whole, and with it the mean.
  @Test func movesAsAWhole() {
    let own = NormalizedForecast(scales: [], means: [2.5], quantiles: [1, 2, 5])
    let kept = own.keeping(0.25, levels: levels)
    #expect(kept.means == [1] && kept.quantiles == [-0.5, 0.5, 3.5])
    #expect(own.keeping(1, levels: levels).quantiles == own.quantiles)
  }
}
