import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct ForecastPlanTests {
  private func table(_ text: String, _ columns: SeriesColumns = SeriesColumns()) throws -> SeriesTable {
    let folder = try ScratchFolder()
    return try SeriesTable(DataSource(try folder.file("a.csv", Array(text.utf8))), columns: columns)
  }

  private func daily(_ count: Int, _ value: (Int) -> String) -> String {
    "date,y\n"
      + (0..<count).map { step in
        "\(CalendarTime(seconds: Double(step) * 86_400).text),\(value(step))"
      }.joined(separator: "\n")
  }

  private func training(_ plan: ForecastPlan, _ settings: Settings) -> TrainingPlan<ForecastingTask> {
    TrainingPlan(
      task: plan.task, training: ExampleSource(plan.windows.training),
      validation: ExampleSource(plan.windows.validation), test: ExampleSource(plan.windows.test),
      suggested: plan.suggested, settings: settings, unitName: "windows")
  }

  /// The walk through the last part, calibrated on the one before.
  private func backtest(_ plan: ForecastPlan, _ model: ForecastNetwork) throws -> Backtest {
    var task = plan.task
    try task.calibrate(model, on: ExampleSource(plan.windows.validation))
    return Backtest(task: task, model: model, windows: plan.windows.test)
  }

  @Test func choosesAndTrains() throws {
    let text = daily(300) { "\(10 + Double($0 % 7) + 0.1 * Double($0 * 37 % 11))" }
    var settings = Settings()
    (settings[.epochs], settings[.hidden]) = (3, 8)
    let plan = try ForecastPlan(try table(text), horizon: 7, settings: settings)
    #expect(plan.task.seasonLength == 7)
    #expect(plan.task.featurizer.calendar == [.dayOfWeek])
    #expect(plan.parts[0] == SeriesParts(training: 0..<180, validation: 180..<240, test: 240..<300))
    #expect(plan.notes.contains { $0.setting == "split" } && plan.notes.contains { $0.setting == "season" })
    func train() throws -> (ForecastNetwork, BacktestReport) {
      var trainer = Trainer(
        problem: try training(plan, settings).task.problem(training(plan, settings)),
        model: plan.task.makeModel(key: RandomKey(seed: 1)),
        optimizer: OptimizerCatalog.adamw.make(learningRate: 3e-3, weightDecay: 1e-2),
        settings: training(plan, settings).settings.training)
      _ = try trainer.run()
      return (trainer.result, try backtest(plan, trainer.result).run())
    }
    let (model, report) = try train()
    let untrained = plan.task.makeModel(key: RandomKey(seed: 1))
    let before = try backtest(plan, untrained).run()
    #expect(report.model.metrics.mae < before.model.metrics.mae)
    #expect(report.windowCount == 54)
    // to the same bits again
    let (again, second) = try train()
    #expect(again.parameters.map(\.value.scalars) == model.parameters.map(\.value.scalars))
    #expect(second == report)
  }

  @Test func smallCountsAreDrawn() throws {
    let plan = try ForecastPlan(try table(daily(120) { "\($0 * 7 % 5)" }), horizon: 3)
    #expect(plan.task.output == .negativeBinomial && plan.task.featurizer.normalization == .shrunkenMeanSize)
    #expect(plan.task.network.kind == .autoregressive)
  }

  @Test func pricesAreFoundByName() throws {
    let text = daily(200) { "\(100 + Double($0 * 13 % 17))" }.replacing("date,y", with: "date,close")
    let plan = try ForecastPlan(try table(text), horizon: 3)
    #expect(plan.task.featurizer.transform == .log)
    #expect(plan.task.featurizer.normalization == .lastAndVolatility)
  }

  @Test func seasonsOfNumberedSteps() throws {
    let text =
      "y\n" + (0..<200).map { "\(Double($0 % 9) * 1.5 + 0.01 * Double($0 * 7 % 3))" }.joined(separator: "\n")
    let plan = try ForecastPlan(try table(text), horizon: 3)
    #expect(plan.task.seasonLength == 9)
  }

  /// A network that has not learnt anything predicts as well as the regression that its linear map begins with.
  @Test func aTrainingBeginsWithARegression() throws {
    let text = daily(240) { "\(Double($0 % 7 * $0 % 5) + 0.5)" }
    var settings = Settings()
    (settings[.hidden], settings[.lookBack], settings[.segment]) = (8, 21, 7)
    let plan = try ForecastPlan(try table(text), horizon: 4, settings: settings)
    let model = try plan.task.initialModel(key: RandomKey(seed: 1), plan: training(plan, settings))
    let walk = try backtest(plan, model)
    #expect(walk.task.mixingWeight == 1)
    let report = walk.run()
    let linear = try #require(report.entry("linear"))
    #expect(abs(report.model.scaledMSE - linear.scaledMSE) < 0.02 * linear.scaledMSE + 1e-6)
    let fresh = plan.task.makeModel(key: RandomKey(seed: 1))
    #expect(try backtest(plan, fresh).run().model.scaledMSE > 1.5 * linear.scaledMSE)
  }

  /// What comes next, from a table of another time, and its picture.
  @Test func predictsWhatComesNext() throws {
    let text = daily(120) { "\(10.5 + Double($0 % 7))" }
    var settings = Settings()
    (settings[.hidden], settings[.lookBack], settings[.segment]) = (8, 21, 7)
    let plan = try ForecastPlan(try table(text), horizon: 4, settings: settings)
    let model = plan.task.makeModel(key: RandomKey(seed: 1))
    let task = try backtest(plan, model).task
    let folder = try ScratchFolder()
    func recent(_ count: Int) throws -> SeriesTable {
      let text = daily(count) { "\(12.5 + Double($0 % 7))" }
      let path = try folder.file("b.csv", Array(text.utf8))
      return try SeriesTable(DataSource(path), columns: task.columns, frequency: task.featurizer.frequency)
    }
    let windows = try task.next(try recent(30).series)
    let forecast = task.predictions(model, to: windows)[0]
    #expect(windows[0].origin == 30 && forecast.horizon == 4)
    let fan = task.fanChart(forecast, of: windows[0], target: 0)
    #expect(fan.bands.map(\.share).sorted() == [0.5, 0.8, 0.9, 0.95])
    #expect(fan.median.map(\.x) == (30..<34).map { Double($0) * 86_400 } && fan.truth.isEmpty)
    #expect(fan.history.count == 16 && fan.axis == .dates)
    #expect(throws: DataError.self) { try task.next(try recent(2).series) }
    let origins = try task.windows(try recent(40).series).map(\.origin)
    #expect(origins == Array(21...36))
    let truths = task.fanChart(forecast, of: try task.windows(try recent(40).series)[0], target: 0).truth
    #expect(truths.map(\.y) == [12.5, 13.5, 14.5, 15.5])
  }

  private func message(_ text: String, horizon: Int, _ settings: Settings = Settings()) -> String {
    do {
      _ = try ForecastPlan(try table(text), horizon: horizon, settings: settings)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test func errors() {
    let text = daily(100) { "\(Double($0 % 7) + 0.5)" }
    #expect(
      message(text, horizon: 21).hasPrefix(
        "horizon must be from 1 to 20, for the longest parts have 60, 20"))
    #expect(message(text, horizon: 0).hasPrefix("horizon must be"))
    #expect(message(daily(2) { "\($0)" }, horizon: 1).hasPrefix("horizon must be"))
    #expect(
      message(daily(100) { $0 < 80 ? "1.5" : "2" }, horizon: 3).contains(
        "\"y\", which is the same throughout"))
    var settings = Settings()
    settings[.quantiles] = [0.5, 0.1]
    #expect(message(text, horizon: 3, settings).contains("quantiles must be rising numbers"))
    settings = Settings()
    settings[.transform] = .log
    #expect(message(daily(100) { "\($0 % 7)" }, horizon: 3, settings).contains("have no logarithm"))
    settings = Settings()
    (settings[.kind], settings[.distribution]) = (.autoregressive, .quantiles)
    #expect(message(text, horizon: 3, settings).contains("cannot be drawn from"))
  }

  /// A column that never changes where the network learns is left out where nobody asked for it.
  @Test func constantColumnsAreLeftOut() throws {
    let rows = (0..<100).map { "\($0),\(Double($0 % 7) + 0.5),\($0 < 80 ? 4 : 5)" }
    let source = DataSource(
      bytes: Array((["step,y,z"] + rows).joined(separator: "\n").utf8), name: "a.csv")
    let (table, horizon, notes) = try ForecastingTask.table(
      source, Settings(), ForecastPlan.standardSplit)
    #expect(table.columns.targets == ["y"] && table.columns.ignored == ["z"] && horizon == 7)
    #expect(notes.contains { $0.text.hasPrefix("\"z\": the same throughout the training part") })
    var settings = Settings()
    settings[.target] = ["y", "z"]
    #expect(
      try ForecastingTask.table(source, settings, ForecastPlan.standardSplit).table.columns.ignored.isEmpty)
  }

  /// Short series get a horizon that fits.
  @Test(arguments: [5, 6, 10, 12, 24]) func shortSeries(_ count: Int) throws {
    let source = DataSource(
      bytes: Array(daily(count) { "\(10 + Double($0 % 7) + 0.1 * Double($0))" }.utf8), name: "a.csv")
    let (table, horizon, _) = try ForecastingTask.table(source, Settings(), ForecastPlan.standardSplit)
    let plan = try ForecastPlan(table, horizon: horizon)
    #expect(!plan.windows.training.isEmpty && !plan.windows.validation.isEmpty && !plan.windows.test.isEmpty)
    #expect(plan.task.network.issue == nil && plan.notes.contains { $0.setting == "epochs" })
  }

  @Test func splits() throws {
    let long = TimeSeries(id: "a", start: 0, targets: ["y"], values: [Double](repeating: 1, count: 100))
    let late = TimeSeries(id: "b", start: 60, targets: ["y"], values: [Double](repeating: 1, count: 40))
    // one time cuts all series
    let parts = try DataShares.shares(training: 0.7, validation: 0.1, test: 0.2).parts(
      of: [long, late], horizon: 5)
    #expect(parts[0].validation == 70..<80 && parts[1].validation == 10..<20 && parts[1].test == 20..<40)
    #expect(throws: DataError.self) {
      try DataShares.shares(training: 0.9, validation: 0.1, test: 0).parts(of: [long], horizon: 5)
    }
    #expect(throws: DataError.self) {
      try DataShares.counts(training: 0, validation: 1, test: 1).parts(of: [long], horizon: 1)
    }
    let steps = try DataShares.counts(training: 50, validation: 20, test: 20).parts(of: [long], horizon: 5)
    #expect(steps[0].test == 70..<90)
  }

  @Test func normalizations() {
    let values = [2.0, .nan, 4, 6, 4]
    func scale(_ own: WindowNormalization) -> WindowNormalization.Scale { own.scale(values, deviation: 3) }
    #expect(scale(.last) == .init(offset: 4, size: 3))
    #expect(scale(.meanAndDeviation) == .init(offset: 4, size: 2.0.squareRoot()))
    #expect(scale(.lastAndDeviation) == .init(offset: 4, size: 2.0.squareRoot()))
    #expect(scale(.meanSize) == .init(offset: 0, size: 4))
    // sixteen over four steps, and 2.5 over twenty
    #expect(
      WindowNormalization.shrunkenMeanSize.scale(values, deviation: 3, center: 2.5)
        == .init(offset: 0, size: 66.0 / 24))
    // after any number of zeros no less than the training part is worth
    let zeros = [Double](repeating: 0, count: 20)
    #expect(
      WindowNormalization.shrunkenMeanSize.scale(zeros, deviation: 3, center: 2.5)
        == .init(offset: 0, size: 1.25))
    #expect(scale(.lastAndVolatility) == .init(offset: 4, size: 2))
    for own in WindowNormalization.allCases {
      // nothing to go by, or nothing that changes: still a scale
      for values in [[Double.nan, .nan], [], [5, 5, 5], [0, 0]] {
        let found = own.scale(values, deviation: 0)
        #expect(found.size > 0 && found.size.isFinite && found.offset.isFinite)
      }
    }
    let found = scale(.lastAndDeviation)
    #expect(abs(found.restored(found.normalized(7)) - 7) < 1e-12)
  }

  @Test func calendar() {
    let time = 3600.0 * 6  // a Thursday, six in the morning
    let values = CalendarFeature.hourOfDay.values(at: time)
    #expect(zip(values, [1, 0, 0, -1] as [Float]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(CalendarFeature.standard(.seconds(3600), stepCount: 24 * 30) == [.hourOfDay, .dayOfWeek])
    #expect(CalendarFeature.standard(.seconds(86_400), stepCount: 1000) == [.dayOfWeek, .dayOfYear])
    #expect(CalendarFeature.standard(.months(1), stepCount: 10).isEmpty)
    #expect(CalendarFeature.standard(.steps(1), stepCount: 1000).isEmpty)
  }

  @Test func ofTooManyWindowsSomeAreEvaluated() throws {
    let task = try ForecastExamples.task([ForecastExamples.wave(steps: 40)], .segments, output: .quantiles)
    let all = ForecastPlan.evaluated(1000, task)
    #expect(all.places == Array(0..<1000) && all.notes.isEmpty)
    // two targets: twice as many numbers as are evaluated
    let some = ForecastPlan.evaluated(12_000_000 / task.horizon, task)
    #expect(some.places.count == 6_000_000 / task.horizon && some.places.prefix(3) == [0, 2, 4])
    #expect(some.notes.map(\.kind) == [.assumed])
  }
}
