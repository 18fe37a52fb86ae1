import Foundation
import RecurrentTestSupport
import Testing

@Suite struct ForecastMetricsTests {
  private func fixtureItems() throws -> (items: [ForecastMetrics.Item], file: FixtureFile) {
    let file = try FixtureFile("metrics")
    func numbers(_ name: String) throws -> [Double] {
      try file.file.floats(named: "forecast/" + name).map { Double($0) }
    }
    let levels = try #require(file.cases["forecast"]?["levels"]?.numbers)
    let (truths, means, quantiles, scales) = (
      try numbers("truth"), try numbers("mean"), try numbers("quantiles"), try numbers("scale")
    )
    let items = truths.indices.map { index in
      ForecastMetrics.Item(
        truth: truths[index], mean: means[index],
        quantiles: levels.enumerated().map { ($1, quantiles[index * levels.count + $0]) },
        scale: scales[index])
    }
    return (items, file)
  }

  @Test func saysWhatScikitLearnSays() throws {
    let (items, file) = try fixtureItems()
    let metrics = ForecastMetrics(items)
    func expect(_ name: String, _ values: [Double?]) throws {
      let expected = try file.file.floats(named: "forecast/" + name).map { Double($0) }
      #expect(areClose(values, expected), "\(name): \(values), expected \(expected)")
    }
    #expect(metrics.count == 90 && metrics.missing == 0)
    try expect("mae", [metrics.mae])
    try expect("mse", [metrics.mse])
    try expect("rmse", [metrics.rmse])
    try expect("mase", [metrics.mase])
    try expect("smape", [metrics.smape])
    try expect("wql", [metrics.weightedQuantileLoss])
    try expect("crps", [metrics.crps])
    try expect("coverage", metrics.coverages.map(\.actual))
    try expect("width", metrics.coverages.map(\.width))
    #expect(metrics.coverages.map(\.nominal) == [0.5, 0.8, 0.95])
  }

  @Test func whatIsMissingIsLeftOut() throws {
    let (items, _) = try fixtureItems()
    var more = items
    for change in 0..<3 {
      var item = items[change]
      if change == 0 { item.truth = .nan }
      if change == 1 { item.mean = .infinity }
      if change == 2 { item.quantiles[1].value = .nan }
      more.insert(item, at: change * 7)
    }
    var expected = ForecastMetrics(items)
    expected.missing = 3
    #expect(ForecastMetrics(more) == expected)
  }

  @Test func nothingAndZeros() throws {
    let none = ForecastMetrics([ForecastMetrics.Item(truth: .nan, mean: 1, quantiles: [], scale: 1)])
    #expect(none.count == 0 && none.missing == 1 && none.mase == nil && none.crps == nil)
    let zero = ForecastMetrics([ForecastMetrics.Item(truth: 0, mean: 0, quantiles: [(0.5, 0)], scale: 0)])
    #expect(zero.mae == 0 && zero.smape == 0 && zero.mase == nil)
    #expect(zero.weightedQuantileLoss == nil && zero.crps == 0 && zero.coverages.isEmpty)
    let data = try JSONEncoder().encode(zero)
    #expect(try JSONDecoder().decode(ForecastMetrics.self, from: data) == zero)
  }

  @Test func medianCountsForAbsoluteErrors() throws {
    let metrics = ForecastMetrics([
      ForecastMetrics.Item(truth: 10, mean: 14, quantiles: [(0.1, 8), (0.5, 11), (0.9, 13)], scale: 2)
    ])
    #expect(metrics.mae == 1 && metrics.mse == 16 && metrics.rmse == 4 && metrics.mase == 0.5)
    let coverage = try #require(metrics.coverages.first)
    #expect(coverage.nominal == 0.8 && coverage.actual == 1 && coverage.width == 5)
    // 0.1 * 2, 0.5 * 1 and 0.1 * 3
    #expect(abs((metrics.crps ?? 0) - 2.0 / 3) < 1e-12)
    #expect(abs((metrics.weightedQuantileLoss ?? 0) - 2.0 / 30) < 1e-12)
  }
}
