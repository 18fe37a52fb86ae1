import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Counts that are mostly zero.
@Suite struct IntermittentForecastTests {
  /// Demands of one to four on some days, and none on the last sixty.
  private func table() throws -> SeriesTable {
    let chance = RandomKey(seed: 3).uniforms(1200)
    let lines = (0..<1200).map { place -> String in
      let (series, day) = (place / 200, place % 200)
      let hasDemand = chance[place] < 0.15 && (day < 140 || series > 0)
      return "\(series),\(day),\(hasDemand ? 1 + Int(chance[place] * 100) % 4 : 0)\n"
    }
    return try SeriesTable(
      DataSource(bytes: Array(("sku,day,qty\n" + lines.joined()).utf8), name: "a.csv"),
      columns: SeriesColumns(time: "day", targets: ["qty"], id: "sku"))
  }

  /// However long there was no demand, the scale of a window is not that of nothing.
  @Test func zerosAreNotTheEnd() throws {
    let table = try table()
    let plan = try ForecastPlan(table, horizon: 7)
    #expect(plan.task.output == .negativeBinomial)
    let model = plan.task.makeModel(key: RandomKey(seed: 1))
    let window = try #require(try plan.task.next(table.series).first)
    #expect(window.lookBack(plan.task.lookBack, target: 0).allSatisfy { $0 == 0 })
    let mean = plan.task.featurizer.targetScaler.centers[0]
    #expect(plan.task.batch([window]).scales[0].size > 0.2 * mean)
    let forecast = plan.task.predictions(model, to: [window])[0]
    #expect(forecast.quantiles[0].allSatisfy { ($0.last ?? 0) >= 1 }, "\(forecast.quantiles[0])")
  }

  /// The linear map beside the model does not divide by what a look-back of zeros deviates.
  @Test func linesThroughZeros() throws {
    let plan = try ForecastPlan(try table(), horizon: 7)
    let map = try #require(
      LinearForecast(
        task: plan.task, training: plan.windows.training, validation: plan.windows.validation, lookBack: 24))
    let points = plan.windows.test.map { map.forecast($0, task: plan.task)[0] }.joined()
    #expect(points.allSatisfy { abs($0) < 4 }, "\(points.max() ?? 0)")
  }

  /// Corrections never make a count negative.
  @Test func countsStayAboveZero() throws {
    let table = try table()
    var task = try ForecastPlan(table, horizon: 7).task
    let corrections = task.levels.map { _ in [[Double](repeating: -3, count: 400)] }.map { scores in
      (0..<7).map { _ in scores[0] }
    }
    task.calibration = ForecastCalibration(
      intervals: ConformalIntervals(nominals: task.levels, scores: corrections), skewShare: 1)
    let model = task.makeModel(key: RandomKey(seed: 1))
    for forecast in task.predictions(model, to: try task.next(table.series)) {
      #expect(forecast.quantiles[0].allSatisfy { $0.allSatisfy { $0 >= 0 } })
    }
  }
}
