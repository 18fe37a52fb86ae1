import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// The lines of a stream stand where the rows of a table stand.
@Suite struct ForecastStepReaderTests {
  /// A row of a table, and a line of a stream: the hour since a beginning, two targets, and what is known ahead.
  private struct Row {
    var hour: Int
    var targets: [Double?]
    var known: Double?

    var seconds: Double { 1_700_000_000 + 3600 * Double(hour) }

    var line: JSONValue {
      func value(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }
      return .object([
        "time": .number(seconds), "y0": value(targets[0]), "y1": value(targets[1]), "known": value(known),
        "kind": .text("a"),
      ])
    }
  }

  /// Hours are missing between these, less of them than are looked back over and more.
  private static let hours = Array(0...9) + Array(13...19) + Array(21...30) + Array(60...64)

  private static let rows: [Row] = hours.enumerated().map { index, hour in
    let wave = ForecastExamples.wave(steps: 65)
    return Row(
      hour: hour, targets: [wave.values[2 * hour], index % 7 == 3 ? nil : wave.values[2 * hour + 1]],
      known: index % 5 == 2 ? nil : Double(hour % 5))
  }

  private static func task(_ kind: ForecastKind, _ output: ForecastOutput) throws -> ForecastingTask {
    try ForecastExamples.task([ForecastExamples.wave(steps: 40, missing: true)], kind, output: output)
  }

  /// What a table of rows forecasts, which ends with what was known last for each step of the horizon.
  private func forecast(
    _ task: ForecastingTask, _ model: ForecastNetwork, _ rows: ArraySlice<Row>
  ) throws -> Forecast {
    let last = rows[rows.endIndex - 1]
    let known = rows.last { $0.known != nil }?.known
    let ahead = (1...task.horizon).map { Row(hour: last.hour + $0, targets: [nil, nil], known: known) }
    let all = rows + ahead
    let data = DataSource(
      columns: [
        "time": .numbers(all.map(\.seconds)), "y0": .numbers(all.map { $0.targets[0] ?? .nan }),
        "y1": .numbers(all.map { $0.targets[1] ?? .nan }), "known": .numbers(all.map { $0.known ?? .nan }),
        "kind": .texts(all.map { _ in "a" }),
      ], name: "table")
    let table = try SeriesTable(
      data,
      columns: SeriesColumns(time: "time", targets: ["y0", "y1"], known: ["known"], statics: ["kind"]),
      frequency: task.featurizer.frequency)
    return task.predictions(model, to: try task.next(table.series))[0]
  }

  @Test(arguments: [(ForecastKind.segments, ForecastOutput.quantiles), (.autoregressive, .gaussian)])
  func missingHoursAreThoseOfATable(_ kind: ForecastKind, _ output: ForecastOutput) throws {
    let task = try Self.task(kind, output)
    #expect(task.featurizer.marksMissing && task.lookBack < 29)
    let model = task.makeModel(key: SessionCases.key)
    var (session, reader) = (try #require(task.session(model)), try #require(task.stepReader()))
    for (index, row) in Self.rows.enumerated() {
      let steps = try reader.push(row.line, line: index + 1)
      let missing = index == 0 ? 0 : row.hour - Self.hours[index - 1] - 1
      #expect(steps.count == min(missing + 1, task.lookBack))
      for step in steps { session.read(step) }
      guard index >= 3 else { continue }
      let expected = try forecast(task, model, Self.rows[...index])
      #expect(session.prediction == expected, "hour \(row.hour)")
    }
  }

  private func changed(_ row: Row, _ name: String, _ value: JSONValue?) -> JSONValue {
    guard case .object(var object) = row.line else { return .null }
    object[name] = value
    return .object(object)
  }

  /// What is wrong with a line is said, and the next one is read as if that line had not been there.
  @Test func aRefusedLineLeavesTheStreamAsItWas() throws {
    let task = try Self.task(.segments, .quantiles)
    let trained = TrainedTask(task, task.makeModel(key: SessionCases.key))
    var (stream, other) = (try trained.stream(), try trained.stream())
    for (index, row) in Self.rows.prefix(5).enumerated() {
      _ = try stream.push(row.line, line: index + 1)
      _ = try other.push(row.line, line: index + 1)
    }
    let (row, before) = (Self.rows[6], stream.state)
    let wrong: [(line: JSONValue, message: String)] = [
      (changed(row, "y1", nil), "a number, or null, for \"y1\", found none"),
      (changed(row, "known", .text("3")), "a number, or null, for \"known\", found another value"),
      (changed(row, "kind", nil), "a text or a number for \"kind\", found none"),
      (changed(row, "kind", .list([])), "a text or a number for \"kind\", found another value"),
      (changed(row, "time", .bool(true)), "a number or a text for the time \"time\", found another value"),
      (changed(row, "time", .list([])), "a number or a text for the time \"time\", found another value"),
      (changed(row, "time", .number(Self.rows[4].seconds)), "one step (hour) or more behind"),
      (changed(row, "time", .number(Self.rows[4].seconds + 1200)), "one step (hour) or more behind"),
      (changed(row, "time", .number(1e300)), "a time in seconds"),
      (.list([.number(1), .number(2)]), "an object with the targets"),
    ]
    for (line, message) in wrong {
      let error = #expect(throws: DataError.self) { try stream.push(line, line: 6) }
      #expect("\(error.map { "\($0)" } ?? "")".contains(message), "\(error.map { "\($0)" } ?? "")")
      #expect(stream.state.integers.map(\.values) == before.integers.map(\.values))
    }
    // without a time it is a step behind the line before
    for line in [changed(Self.rows[5], "time", nil), row.line] {
      let (own, expected) = (try stream.push(line, line: 6), try other.push(line, line: 6))
      #expect(own == expected)
    }
    #expect(stream.state.integers.map(\.values) == other.state.integers.map(\.values))
  }

  /// States of version 0.1.0 do not hold what was known last.
  @Test func statesAreRead() throws {
    let task = try Self.task(.segments, .quantiles)
    var reader = try #require(task.stepReader())
    for (index, row) in Self.rows.prefix(5).enumerated() { _ = try reader.push(row.line, line: index + 1) }
    let stored = reader.stored
    #expect(stored.count == 6)
    var other = try #require(task.stepReader())
    let isRestored = other.restore(stored)
    #expect(isRestored && other.stored == stored)
    let own = try other.push(Self.rows[5].line, line: 6)
    let expected = try reader.push(Self.rows[5].line, line: 6)
    #expect(own == expected)
    let isEarlierRestored = other.restore(Array(stored.prefix(5)))
    #expect(isEarlierRestored && other.stored.prefix(5) == stored.prefix(5))
    for damaged in [Array(stored.prefix(4)), stored + [0]] {
      let isRestored = other.restore(damaged)
      #expect(!isRestored)
    }
  }
}
