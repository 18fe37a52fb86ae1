import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Columns that are known of the past alone: read as far as they are known, and never ahead.
@Suite struct PastColumnsTests {
  static let kinds: [(ForecastKind, ForecastOutput)] = [
    (.segments, .quantiles), (.segments, .studentT), (.autoregressive, .studentT),
  ]
  private let key = RandomKey(seed: 12)

  private func wave(missing: Bool = false) -> TimeSeries {
    ForecastExamples.wave(steps: 40, missing: missing, past: 2)
  }

  /// Away from the zeros that some parameters begin with.
  private func model(_ task: ForecastingTask) -> ForecastNetwork {
    task.makeModel(key: key).mappingParameters { name, value in
      value
        + Tensor.random(value.shape, bound: 0.05, key: key.child(name.utf8.reduce(0) { $0 &* 31 &+ Int($1) }))
    }
  }

  private func prediction(
    _ task: ForecastingTask, _ model: ForecastNetwork, _ series: TimeSeries, at origin: Int
  ) throws -> Forecast {
    task.predictions(model, to: try ForecastExamples.windows(task, [series], [origin]))[0]
  }

  /// What targets and columns of the past are at and behind the origin changes no bit of a forecast; before it they count.
  @Test(arguments: kinds)
  func nothingLeaks(_ kind: ForecastKind, _ output: ForecastOutput) throws {
    let task = try ForecastExamples.task([wave()], kind, output: output)
    let model = model(task)
    for origin in [5, 14, 30] {
      let expected = try prediction(task, model, wave(), at: origin)
      var later = wave()
      for place in origin * 2..<later.values.count {
        (later.values[place], later.pastValues[place]) = (1000, -1000)
      }
      #expect(try prediction(task, model, later, at: origin) == expected)
      // nor of what is learnt about the columns
      let windows = try [wave(), later].map { try ForecastExamples.windows(task, [$0], [origin])[0] }
      let steps = task.horizon
      let batches = windows.map { task.batch([$0]) }
      #expect(batches[0].past(count: 12) == batches[1].past(count: 12))
      #expect(
        batches[0].covariates(from: -12, count: 12 + steps)
          == batches[1].covariates(from: -12, count: 12 + steps))
      for column in 0..<2 {
        var earlier = wave()
        earlier.pastValues[(origin - 1) * 2 + column] += 1
        #expect(try prediction(task, model, earlier, at: origin) != expected)
      }
    }
  }

  /// Each step of a batch reads what was known the step before, those of the horizon what was known last.
  @Test func whatABatchHolds() throws {
    let task = try ForecastExamples.task([wave()], .segments, output: .quantiles)
    let batch = task.batch(try ForecastExamples.windows(task, [wave()], [5]))
    let width = task.featurizer.covariateCount
    #expect(width == CalendarFeature.width + 1 + 2)
    let scaler = try #require(task.featurizer.past).scaler
    func scaled(_ step: Int) -> [Float] {
      (0..<2).map { scaler.scaled(Float(wave().pastValues[step * 2 + $0]), channel: $0) }
    }
    let rows = batch.covariates(from: -6, count: 6 + 5)
    for step in 0..<11 {
      let own = Array(rows[(step + 1) * width - 2..<(step + 1) * width])
      // the first row is before the series, the second its first step
      #expect(own == (step < 2 ? [0, 0] : scaled(min(step - 2, 4))), "\(step)")
    }
    let past = batch.past(count: 7)
    #expect(Array(past.prefix(4)) == [0, 0, 0, 0] && Array(past.dropFirst(4)) == (0..<5).flatMap(scaled))
  }

  @Test(arguments: kinds)
  func gradients(_ kind: ForecastKind, _ output: ForecastOutput) throws {
    let task = try ForecastExamples.task([wave(missing: true)], kind, output: output)
    let windows = try ForecastExamples.windows(task, [wave(missing: true)])
    let model = model(task)
    try mirrorCheck(model)
    #expect(model.parameterCount == task.parameterCount && task.issue == nil)
    var tolerance = GradientTolerance()
    (tolerance.elements, tolerance.smallTensor) = (2, 2)
    try checkGradient(of: model, tolerance: tolerance) { model, _ in
      task.loss(model, windows, mode: .training(key)).mean
    }
  }

  @Test(arguments: kinds)
  func promisesHold(_ kind: ForecastKind, _ output: ForecastOutput) throws {
    let task = try ForecastExamples.task([wave()], kind, output: output, normalization: .last)
    try checkTask(
      task, examples: try ForecastExamples.windows(task, [wave()], [1, 5, 14, 30]), gradientsAt: model(task))
  }

  /// Lines of a stream give the bits of the table, also over gaps, and where a state was kept between them.
  @Test(arguments: kinds)
  func streamsAreTheWhole(_ kind: ForecastKind, _ output: ForecastOutput) throws {
    let task = try ForecastExamples.task([wave(missing: true)], kind, output: output)
    let (model, whole) = (model(task), wave(missing: true))
    var (session, reader) = (try #require(task.session(model)), try #require(task.stepReader()))
    for step in 0..<40 where step != 17 && step != 18 {
      if step == 20 {
        let (state, stored) = (session.state, reader.stored)
        (session, reader) = (try #require(task.session(model)), try #require(task.stepReader()))
        try session.restore(state)
        let isRestored = reader.restore(stored)
        #expect(isRestored)
      }
      func value(_ number: Double) -> JSONValue { number.isFinite ? .number(number) : .null }
      let line = JSONValue.object([
        "time": .number(3600 * Double(step)), "y0": value(whole.values[2 * step]),
        "y1": value(whole.values[2 * step + 1]), "known": .number(3), "kind": .text("a"),
        "p0": value(whole.pastValues[2 * step]), "p1": value(whole.pastValues[2 * step + 1]),
      ])
      for row in try reader.push(line, line: step + 1) { session.read(row) }
      guard step > 2 else { continue }
      var known = whole
      known.values = Array(known.values.prefix(2 * step + 2))
      known.pastValues = Array(known.pastValues.prefix(2 * step + 2))
      known.knownValues = [Double](repeating: 3, count: step + 1 + task.horizon)
      for place in 34..<38 where place < known.values.count {
        (known.values[place], known.pastValues[place]) = (.nan, .nan)
      }
      #expect(session.prediction == task.predictions(model, to: try task.next([known]))[0], "\(step)")
    }
  }

  /// What is missing is what it was before.
  @Test func missingValues() throws {
    let task = try ForecastExamples.task([wave()], .segments, output: .quantiles)
    let model = model(task)
    var (gaps, filled) = (wave(), wave())
    for step in [10, 11, 13] {
      gaps.pastValues[step * 2] = .nan
      filled.pastValues[step * 2] = filled.pastValues[step * 2 - 2]
    }
    let found = try [gaps, filled, wave()].map { try prediction(task, model, $0, at: 14) }
    #expect(found[0] == found[1] && found[0] != found[2])
  }

  @Test func isWrittenAndRead() throws {
    let task = try ForecastExamples.task([wave()], .segments, output: .quantiles)
    let data = try JSONEncoder().encode(task)
    #expect(try JSONDecoder().decode(ForecastingTask.self, from: data) == task)
    // descriptions from before there were such columns
    let plain = try ForecastExamples.task([ForecastExamples.wave(steps: 40)], .segments, output: .quantiles)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var text = String(decoding: try encoder.encode(plain), as: UTF8.self)
    for part in ["\"pastCount\":0,", "\"past\":[],"] {
      #expect(text.contains(part), "\(part)")
      text = text.replacing(part, with: "")
    }
    #expect(try JSONDecoder().decode(ForecastingTask.self, from: Data(text.utf8)) == plain)
  }

  @Test func impossibleCountsAreRefused() throws {
    var task = try ForecastExamples.task([wave()], .segments, output: .quantiles)
    task.network.pastCount = 1
    #expect(task.issue?.contains("pastCount") == true)
    task.network.pastCount = task.network.covariateCount + 1
    #expect(task.network.issue == "the sizes of the forecaster are impossible")
    let other = try ForecastExamples.task(
      [ForecastExamples.wave(steps: 40)], .segments, output: .quantiles)
    #expect(throws: DataError.self) { try other.featurizer(wave(), ahead: 5) }
  }

  // MARK: Tables

  /// Hours of a number that follows another one by eight hours.
  private static func leading(_ count: Int) -> String {
    let noise = RandomKey(seed: 5).uniforms(count + 8).map { Double($0) }
    return "hour,y,lead,other\n"
      + (0..<count).map { step in
        let y = step < 8 ? 0.5 : noise[step - 8]
        return "\(step),\(y + 0.02 * noise[count + 7 - step]),\(noise[step]),\(step % 3)\n"
      }.joined()
  }

  private func table(_ columns: SeriesColumns, frequency: SeriesFrequency? = nil, _ text: String? = nil)
    throws
    -> SeriesTable
  {
    let bytes = Array((text ?? PastColumnsTests.leading(200)).utf8)
    return try SeriesTable(DataSource(bytes: bytes, name: "a.csv"), columns: columns, frequency: frequency)
  }

  @Test func rolesOfColumns() throws {
    let plain = try table(SeriesColumns(time: "hour", targets: ["y"]))
    #expect(plain.columns.past.isEmpty && plain.columns.known.isEmpty)
    #expect(
      plain.notes.contains { $0.setting == "past" && $0.text.hasPrefix("\"lead\", \"other\": not used") })
    let read = try table(SeriesColumns(time: "hour", targets: ["y"], past: ["lead"]))
    #expect(read.series[0].past == ["lead"] && read.series[0].pastValues.count == 200)
    #expect(read.notes.contains { $0.text.hasPrefix("\"other\": not used") })
    for columns in [
      SeriesColumns(targets: ["y"], past: ["y"]),
      SeriesColumns(targets: ["y"], known: ["lead"], past: ["lead"]),
      SeriesColumns(time: "hour", targets: ["y"], past: ["hour"]),
      SeriesColumns(targets: ["y"], past: ["lead", "lead"]),
    ] {
      #expect(throws: DataError.self) { try table(columns) }
    }
    #expect(throws: DataError.self) { try table(SeriesColumns(targets: ["y"], past: ["none"])) }
  }

  /// Where the last targets are missing, other columns go on; for a model they are what they were in training.
  @Test func lastTargetsMayBeMissing() throws {
    let rows = PastColumnsTests.leading(200).split(separator: "\n")
    let late = rows.enumerated().map { index, row in
      guard index > 190 else { return String(row) }
      let fields = row.split(separator: ",")
      return "\(fields[0]),,\(fields[2]),\(fields[3])"
    }.joined(separator: "\n")
    let columns = SeriesColumns(time: "hour", targets: ["y"], past: ["lead"])
    let found = try table(SeriesColumns(time: "hour", targets: ["y"]), late)
    #expect(found.columns.known == ["lead", "other"])
    #expect(try table(SeriesColumns(time: "hour", targets: ["y"]), late).series[0].futureCount == 10)
    let fixed = try table(columns, frequency: .steps(1), late)
    #expect(fixed.columns.known.isEmpty && fixed.columns.past == ["lead"])
    #expect(fixed.series[0].stepCount == 190 && fixed.series[0].pastValues.count == 190)
    // fewer rows than a horizon are rather missing than known ahead
    let ahead = try SeriesTable(
      DataSource(bytes: Array(late.utf8), name: "a.csv"),
      columns: SeriesColumns(time: "hour", targets: ["y"]), ahead: 11)
    #expect(ahead.columns.known.isEmpty)
  }

  /// A column that leads the target makes the forecast, from the linear map on that a network begins with.
  @Test func whatLeadsIsUsed() throws {
    var settings = Settings()
    (settings[.lookBack], settings[.segment], settings[.hidden]) = (16, 4, 8)
    func error(_ past: [String]) throws -> (model: Double, linear: Double, last: Double) {
      let table = try table(
        SeriesColumns(time: "hour", targets: ["y"], past: past), PastColumnsTests.leading(500))
      let plan = try ForecastPlan(table, horizon: 4, settings: settings)
      let training = TrainingPlan(
        task: plan.task, training: ExampleSource(plan.windows.training),
        validation: ExampleSource(plan.windows.validation), test: ExampleSource(plan.windows.test),
        suggested: plan.suggested, settings: settings, unitName: "windows")
      let model = try plan.task.initialModel(key: key, plan: training)
      var task = plan.task
      try task.calibrate(model, on: ExampleSource(plan.windows.validation))
      let report = Backtest(task: task, model: model, windows: plan.windows.test).run()
      return (
        report.model.metrics.mae, try #require(report.entry("linear")).metrics.mae,
        try #require(report.entry("last value")).metrics.mae
      )
    }
    let (with, without) = (try error(["lead"]), try error([]))
    #expect(with.linear < 0.1 * without.linear && with.model < 0.35 * without.model, "\(with) \(without)")
    #expect(without.last == with.last)
  }
}
