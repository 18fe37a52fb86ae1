extension TaggedRecordings {
  /// A row a step.
  ///
  /// - Parameters:
  ///   - events: what is to be found in it, which decides by which numbers its steps are counted.
  ///   - hasEvents: whether labels of steps are not looked for.
  ///   - readsWords: whether it is known that the table has words.
  mutating func table(
    _ path: String, _ columns: Columns, _ known: Known, events: EventTable?, hasEvents: Bool,
    readsWords: Bool = false
  ) throws -> [TaggedRecording] {
    let table = try RecordTable(path: path, format: columns.records.format, known: format)
    notes += table.notes
    let asked = columns.filled(from: known.columns, in: table.columns).records
    let label =
      try asked.label.map { (name: String) throws(DataError) in try table.column(name) }
      ?? (hasEvents
        ? nil : RecordColumns.first(RecordColumns.labelNames + ["move", "state"], in: table.columns))
    if label == nil, !hasEvents {
      throw DataError.invalidSetting(
        name: "label-column",
        expected: "the column with the label of each step, or --events with a table of events",
        found: "none; the columns are \(table.columns.map { "\"\($0)\"" }.joined(separator: ", "))")
    }
    let id = try asked.id.map { (name: String) throws(DataError) in try table.column(name) }
    var ignored: Set<Int> = []
    for name in asked.ignored { ignored.insert(try table.column(name)) }
    let time =
      try asked.time.map { (name: String) throws(DataError) in try table.column(name) }
      ?? TaggedRecordings.time(of: table, without: ignored, events?.count)
    let numbers = TaggedRecordings.numbers(of: table, without: ignored, time, events)
    let taken = Set([label, id, time, numbers].compactMap { $0 }).union(ignored)
    var values = table.columns.indices.filter {
      !taken.contains($0) && table.isNumeric($0) && !TaggedRecordings.numbersSentences(table.columns[$0])
    }
    if let channels = known.channels,
      channels.contains(where: table.columns.contains) || channels.count != values.count
    {
      // those of the training, in their order; where no name is known, the places must do
      values = try channels.map { (name: String) throws(DataError) in try table.column(name) }
    }
    guard !values.isEmpty, !readsWords else {
      return try words(table, columns, taken: taken, label: label, id: id)
    }
    if let label, asked.label == nil {
      add(
        DataNote(
          .assumed, "the label of a step is the column \"\(table.columns[label])\"", flag: "--label-column"))
    }
    if let time, asked.time == nil {
      add(DataNote(.assumed, "the time of a step is the column \"\(table.columns[time])\"", flag: "--time"))
    }
    let shown =
      values.count > 6 ? "\(values.count) columns" : values.map { table.columns[$0] }.joined(separator: ", ")
    add(DataNote(.assumed, "\(shown): the channels of a step", flag: "--ignore-columns"))
    let dates = try time.flatMap { try table.isNumeric($0) ? nil : table.dates($0) }
    notes += [dates?.note].compactMap { $0 }
    let written = TableFormat(
      dateOrder: dates.flatMap { $0.isDecisive ? $0.order : nil }, decimal: table.decimal)
    format = written.filled(from: format)
    let scale = time.flatMap { StepUnit.ofRecording(table.columns[$0]) }
    var parts: [Part] = []
    for row in 0..<table.count {
      let fields = try table.row(row)
      let name = id.map { fields[$0] } ?? ""
      if parts.last?.id != name { parts.append(Part(id: name, line: table.line(of: row))) }
      let last = parts.count - 1
      if label != nil { parts[last].lines.append(table.line(of: row)) }
      for column in values {
        parts[last].values.append(
          try table.number(fields[column], row: row, column: column).map { Float($0) } ?? .nan)
      }
      if let label {
        guard !fields[label].isEmpty else {
          throw DataError.malformed(
            path: path, place: .field(line: table.line(of: row), column: table.columns[label]),
            expected: "a label",
            found: "nothing")
        }
        parts[last].labels.append(fields[label])
      }
      func rising(_ column: Int, behind last: Double?, _ expected: String) throws(DataError) -> Double {
        let moment: Double?
        if column == time, let dates {
          moment = CalendarTime(fields[column], order: dates.order)?.seconds
        } else {
          moment = try table.number(fields[column], row: row, column: column)
        }
        guard let moment, last.map({ moment > $0 }) ?? true else {
          throw .malformed(
            path: path, place: .field(line: table.line(of: row), column: table.columns[column]),
            expected: expected, found: "\"\(fields[column].prefix(40))\"")
        }
        return moment
      }
      if let time {
        parts[last].times.append(
          try rising(time, behind: parts[last].times.last, "a time behind that of the row before"))
      }
      if let numbers {
        parts[last].numbers.append(
          try rising(numbers, behind: parts[last].numbers.last, "a number behind that of the row before"))
      }
    }
    return parts.map { part in
      let record = SequenceRecord(
        .series(NumericSeries(channels: values.map { table.columns[$0] }, values: part.values)),
        stepLabels: part.labels.isEmpty ? nil : part.labels,
        stepLines: part.labels.isEmpty ? nil : part.lines,
        origin: part.id.isEmpty ? path : "\(path):\(part.line), \(part.id)")
      var recording = TaggedRecording(record: record, stepCount: part.values.count / values.count)
      if let time {
        let unit: StepClock.Unit =
          dates != nil ? .calendar : scale == nil ? .counts(table.columns[time]) : .seconds
        let own = unit == .seconds ? scale ?? 1 : 1
        recording.clock = StepClock(times: own == 1 ? part.times : part.times.map { $0 * own }, unit: unit)
      }
      if let numbers {
        recording.numbers = StepClock(times: part.numbers, unit: .counts(table.columns[numbers]))
      }
      return recording
    }
  }

  /// The rows of one recording.
  private struct Part {
    var id: String
    var line: Int
    var values: [Float] = []
    var times: [Double] = []
    var numbers: [Double] = []
    var labels: [String] = []
    /// The lines of the labels.
    var lines: [Int] = []
  }

  /// The column of the times by the names of the columns: of several the one that events count by.
  private static func time(
    of table: RecordTable, without ignored: Set<Int>, _ count: EventTable.Count?
  ) -> Int? {
    let candidates = RecordColumns.timeNames.compactMap { name in
      table.columns.indices.first { table.columns[$0].lowercased() == name && !ignored.contains($0) }
    }
    func isInSeconds(_ column: Int) -> Bool {
      StepUnit.ofRecording(table.columns[column]) != nil || !table.isNumeric(column)
    }
    guard let first = candidates.first, let count else { return candidates.first }
    switch count {
    case .seconds, .calendar: return candidates.first(where: isInSeconds) ?? first
    case .counts(let name):
      if isInSeconds(first) { return first }
      return candidates.first { table.columns[$0].lowercased() == name } ?? first
    case .unnamed: return first
    }
  }

  /// The column with the numbers that events count by, where that is not the time.
  private static func numbers(
    of table: RecordTable, without ignored: Set<Int>, _ time: Int?, _ events: EventTable?
  ) -> Int? {
    guard case .counts(let name)? = events?.count, events?.askedUnit == nil else { return nil }
    return table.columns.indices.first {
      $0 != time && !ignored.contains($0) && table.isNumeric($0) && table.columns[$0].lowercased() == name
    }
  }

  /// Adds a note that is not there yet.
  mutating func add(_ note: DataNote) { if !notes.contains(note) { notes.append(note) } }
}
