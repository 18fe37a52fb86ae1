import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct BacktestTests {
  /// The parts of the long wave: the last windows are evaluated.
  private let split = DataShares.counts(training: 200, validation: 60, test: 60)

  private func plan(_ series: [TimeSeries], _ task: ForecastingTask) throws -> ForecastWindows {
    let parts = try split.parts(of: series, horizon: task.horizon)
    let series = try series.map { try task.featurizer($0, ahead: 20) }
    return ForecastWindows(
      series, parts: parts, lookBack: task.lookBack, horizon: task.horizon, trainingLimit: 1000,
      validationLimit: 1000)
  }

  @Test func modelAndBaselines() throws {
    let series = [ForecastExamples.wave(steps: 320)]
    let task = try ForecastExamples.task(series, .segments, output: .quantiles)
    let windows = try plan(series, task)
    let model = task.makeModel(key: RandomKey(seed: 1))
    let backtest = Backtest(task: task, model: model, windows: windows.test)
    #expect(backtest.windows.count == 56)
    var shares: [Double] = []
    let report = backtest.run { shares.append($0) }
    #expect(shares.last == 1)
    #expect(report.entries.map(\.name) == ["model", "seasonal naive", "last value", "drift", "linear"])
    #expect(report.windowCount == 56 && report.model.metrics.count == 56 * 5 * 2)
    #expect(report.entries.allSatisfy { $0.forecast.steps.count == 5 })
    // of a wave of a period of 24 with little noise
    let errors = Dictionary(uniqueKeysWithValues: report.entries.map { ($0.name, $0.metrics.mae) })
    #expect(try #require(errors["seasonal naive"]) < 0.5 * (try #require(errors["last value"])))
    #expect(try #require(errors["linear"]) < 0.5 * (try #require(errors["last value"])))
    // the model's numbers are those of its predictions one by one
    var items: [ForecastMetrics.Item] = []
    for (window, forecast) in zip(windows.test, task.allPredictions(model, to: windows.test)) {
      for target in 0..<2 {
        let scale = NaiveForecast.scale(Array(series[0].column(target)[0..<260]), period: 24)
        for step in 0..<5 {
          let quantiles = zip(task.levels, forecast.quantiles[target][step]).map { (level: $0, value: $1) }
          items.append(
            ForecastMetrics.Item(
              truth: series[0].values[(window.origin + step) * 2 + target],
              mean: forecast.means[target][step], quantiles: quantiles, scale: scale))
        }
      }
    }
    let expected = ForecastMetrics(items)
    for path in [\ForecastMetrics.mae, \ForecastMetrics.rmse, \ForecastMetrics.smape] {
      #expect(abs(report.model.metrics[keyPath: path] - expected[keyPath: path]) < 1e-9)
    }
    #expect(abs(try #require(report.model.metrics.mase) - (try #require(expected.mase))) < 1e-9)
    #expect(abs(try #require(report.model.metrics.crps) - (try #require(expected.crps))) < 1e-9)
    #expect(report.model.metrics.coverages.map(\.nominal) == expected.coverages.map(\.nominal))
  }

  /// Intervals that promise too little are widened until they hold what they promise on new data.
  @Test func calibratedIntervalsHold() throws {
    let series = [ForecastExamples.wave(steps: 320, targets: 1, noise: 2)]
    var task = try ForecastExamples.task(series, .segments, output: .median)
    let windows = try plan(series, task)
    let model = task.makeModel(key: RandomKey(seed: 1))
    func coverage(_ task: ForecastingTask) throws -> Double {
      let predictions = task.allPredictions(model, to: windows.test)
      var (hits, count) = (0.0, 0.0)
      for (window, forecast) in zip(windows.test, predictions) {
        for step in 0..<5 {
          let (truth, quantiles) = (series[0].values[window.origin + step], forecast.quantiles[0][step])
          hits += quantiles[0] <= truth && truth <= quantiles[2] ? 1 : 0
          count += 1
        }
      }
      return hits / count
    }
    // a point is an interval without width
    #expect(try coverage(task) < 0.05)
    try task.calibrate(model, on: ExampleSource(windows.validation))
    #expect(abs(try coverage(task) - 0.8) < 0.1)
    // the median is where it was, but for changes that are no better than none
    func medians(_ task: ForecastingTask) -> [Double] {
      task.allPredictions(model, to: windows.test).map { $0.median(target: 0, step: 2) }
    }
    var bare = task
    bare.calibration?.intervals = ConformalIntervals(nominals: [], scores: [])
    #expect(medians(task) == medians(bare))
  }

  @Test func linearMapIsFound() throws {
    // what is to come is a weighted sum of what was
    var values = [1.0, 0.4, -0.3]
    let noise = RandomKey(seed: 9).uniforms(320)
    for step in 3..<320 {
      values.append(1.2 * values[step - 1] - 0.8 * values[step - 2] + 0.1 * Double(noise[step] - 0.5))
    }
    let series = [TimeSeries(frequency: .steps(1), targets: ["y"], values: values)]
    let task = try ForecastExamples.task(series, .segments, output: .quantiles, horizon: 2)
    let windows = try plan(series, task)
    let map = try #require(
      LinearForecast(task: task, training: windows.training, validation: windows.validation, lookBack: 8))
    #expect(map.isShared)
    let errors = windows.test.map { window in
      let next = 1.2 * values[window.origin - 1] - 0.8 * values[window.origin - 2]
      return abs(map.forecast(window, task: task)[0][0] - next)
    }
    // half of what the noise makes unforeseeable
    #expect(errors.reduce(0, +) / Double(errors.count) < 0.0125)
    #expect(LinearForecast(task: task, training: [], validation: windows.validation, lookBack: 8) == nil)
  }

  @Test func drift() {
    #expect(NaiveForecast.drift([1, 5, 3], horizon: 2) == [4, 5])
    #expect(NaiveForecast.drift([7], horizon: 1) == [7])
  }

  @Test func prices() throws {
    let changes = RandomKey(seed: 4).uniforms(320)
    var price = 50.0
    let values = changes.map { change -> Double in
      price *= 1 + 0.02 * Double(change - 0.5)
      return price
    }
    let series = [TimeSeries(frequency: .businessDays, targets: ["close"], values: values)]
    let featurizer = try ForecastFeaturizer.fit(
      series, training: [0..<200], calendar: [], transform: .log, normalization: .lastAndVolatility)
    var task = try ForecastExamples.task(series, .segments, output: .quantiles)
    task.featurizer = featurizer
    (task.network.covariateCount, task.network.staticCount) = (0, 0)
    let windows = try plan(series, task)
    let model = task.makeModel(key: RandomKey(seed: 1))
    try task.calibrate(model, on: ExampleSource(windows.validation))
    let report = Backtest(task: task, model: model, windows: windows.test).run()
    let prices = try #require(report.prices)
    #expect(prices.count == 56)
    // returns are uniform in ± 1 %
    #expect(abs(prices.realizedVolatility - 0.01 / 3.0.squareRoot()) < 0.001)
    #expect(prices.valuesAtRisk.map(\.level) == [0.1])
    #expect(abs(prices.valuesAtRisk[0].exceeded - 0.1) < 0.12)
    #expect(abs(prices.naiveReturnRMSE - prices.realizedVolatility) < 0.001)
    #expect(report.entries.allSatisfy { $0.metrics.mae > 0 && $0.metrics.mae < 5 })
    // of a walk the last value is the forecast
    let last = try #require(report.entry("last value")).metrics.mae
    #expect(task.calibration?.changeShare == 0 && prices.signShare == nil)
    #expect(abs(report.model.metrics.mae - last) < 0.01 * last)
  }

  @Test func kupiec() {
    #expect(PriceScores.kupiec(10, of: 100, level: 0.1) == 1)
    // a likelihood ratio of 4.13 with 10 where 5 are promised
    #expect(abs(PriceScores.kupiec(10, of: 100, level: 0.05) - 0.0421) < 5e-4)
    #expect(PriceScores.kupiec(0, of: 100, level: 0.05) < 0.01)
  }
}
