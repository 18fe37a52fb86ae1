extension EventTable {
  /// How a position is found among the steps of a recording.
  private enum Reading {
    /// By the clock of the recording, in whose units a position is so much.
    case clock(scale: Double)
    /// As the number of a step, from 0.
    case steps
    /// By numbers that the steps have beside their times.
    case numbers(StepClock)

    /// In words.
    func text(_ clock: StepClock?) -> String {
      switch self {
      case .clock:
        switch clock?.unit {
        case .counts(let name)?: "counted as the column \"\(name)\" of the recording"
        case .calendar?: "by the calendar"
        default: "in seconds"
        }
      case .steps: "counted in steps from 0"
      case .numbers(let clock): "counted as the column \"\(clock.unit.symbol)\" of the recording"
      }
    }
  }

  /// How positions are found in a recording.
  ///
  /// - Throws: ``DataError`` where positions and recording count different things.
  private func reading(_ recording: Recording, _ clock: StepClock?) throws(DataError) -> Reading {
    func refused(_ expected: String) -> DataError {
      .malformed(
        path: path, place: .field(line: rows.first?.line ?? 1, column: startColumn),
        expected: expected + "; `time` names the column of times, `event-unit` says time or steps",
        found: "\"\(startColumn)\" with events of \(recording.record.origin)")
    }
    switch askedUnit {
    case .steps?: return .steps
    case .time?:
      guard let clock else { throw refused("a recording with a column of times") }
      if case .seconds(let scale) = count, clock.unit == .seconds { return .clock(scale: scale) }
      return .clock(scale: 1)
    case nil: break
    }
    switch (count, clock?.unit) {
    case (.counts, .counts?): return .clock(scale: 1)
    case (.counts(let name), _) where recording.isSound && !name.contains("sample"):
      // frames of sound are samples to some, and windows of so many samples to others
      throw refused("seconds, or samples of sound (`event-unit` steps)")
    case (.counts, _): return recording.numbers.map { .numbers($0) } ?? .steps
    case (.calendar, .calendar?), (.calendar, .seconds?): return .clock(scale: 1)
    case (.calendar, _): throw refused("dates in the recording too")
    case (.seconds(let scale), .seconds?), (.seconds(let scale), .calendar?): return .clock(scale: scale)
    case (.seconds, _): throw refused("times in seconds in the recording too")
    case (.unnamed, nil): return .steps
    case (.unnamed, _): return .clock(scale: 1)
    }
  }

  /// How positions are read in a recording, in words.
  func note(for recording: Recording) throws(DataError) -> DataNote {
    DataNote(
      .assumed,
      "an event begins at \"\(startColumn)\""
        + (endColumn.map { " and ends at \"\($0)\"" } ?? " and has no extent")
        + ", " + (try reading(recording, recording.record.clock)).text(recording.record.clock),
      setting: "event-unit")
  }

  /// The events of a recording, by time.
  ///
  /// - Parameters:
  ///   - file: as the table names it; nil for all events.
  ///   - recording: what they happen in.
  ///   - assumed: the clock of a recording that has none; nil for steps that are counted.
  /// - Throws: ``DataError`` for positions that the recording does not have.
  func events(
    of file: String?, in recording: Recording, assumed: StepClock?
  ) throws(DataError) -> [LabelledEvent] {
    try events(rows.filter { file == nil || $0.file == file }, in: recording, assumed: assumed)
  }

  /// Rows of this table as events of the recording that they happen in, by time.
  ///
  /// - Throws: ``DataError`` for positions that the recording does not have.
  func events(
    _ own: [Row], in recording: Recording, assumed: StepClock?
  ) throws(DataError) -> [LabelledEvent] {
    let reading = try reading(recording, recording.record.clock ?? assumed)
    let clock = recording.record.clock ?? assumed ?? StepClock(rate: 1, unit: .counts("step"))
    func time(_ position: Double) -> Double {
      switch reading {
      case .clock(let scale): position * scale
      case .steps: clock.time(at: position)
      case .numbers(let numbers): clock.time(at: numbers.place(of: position))
      }
    }
    func place(_ position: Double) -> Double {
      switch reading {
      case .clock(let scale): clock.place(of: position * scale)
      case .steps: position
      case .numbers(let numbers): numbers.place(of: position)
      }
    }
    if let count = recording.stepCount {
      let isOutside = { (row: Row) in
        // a time may lie anywhere in the last step and is often rounded; the number of a step is that of one
        let (last, slack): (Double, Double)
        if case .clock = reading, clock.unit == .seconds || clock.unit == .calendar {
          (last, slack) = (Double(count), max(0.5, 0.02 * clock.rate, 0.001 * Double(count)))
        } else {
          (last, slack) = (Double(count - 1), 0.5)
        }
        return !(place(row.start) >= -slack && place(row.start) <= last + slack)
          || !(row.end.map { place($0) <= Double(count) + slack } ?? true)
      }
      if let first = own.first(where: isOutside) {
        throw outside(first, own.count(where: isOutside), own.count, recording, reading, clock, count)
      }
    }
    return own.map { row in
      LabelledEvent(label: row.label, start: time(row.start), end: row.end.map(time))
    }.sorted { $0.start < $1.start }
  }

  /// The error for events that a recording has no place for.
  private func outside(
    _ row: Row, _ outside: Int, _ all: Int, _ recording: Recording, _ reading: Reading,
    _ clock: StepClock, _ count: Int
  ) -> DataError {
    let isClock = if case .clock = reading { true } else { false }
    let unit: StepClock.Unit = isClock ? clock.unit : .counts("")
    func text(_ position: Double) -> String {
      if isClock, case .clock(let scale) = reading { return StepClock.text(position * scale, unit) }
      return StepClock.text(position, unit)
    }
    let range: (Double, Double)
    switch reading {
    case .clock: range = (clock.start, clock.time(at: Double(count - 1)))
    case .steps: range = (0, Double(count - 1))
    case .numbers(let numbers): range = (numbers.start, numbers.time(at: Double(count - 1)))
    }
    let others = outside > 1 ? " (\(outside) of \(all) events lie outside)" : ""
    let found = text(row.start) + (row.end.map { " to " + text($0) } ?? "")
    return .malformed(
      path: path, place: .field(line: row.line, column: startColumn),
      expected:
        "positions, \(reading.text(clock)), within \(recording.record.origin), which goes from "
        + "\(StepClock.text(range.0, unit)) to \(StepClock.text(range.1, unit)); "
        + "`event-start` names the column, `event-unit` says how it counts (time, steps)",
      found: found + others)
  }
}
