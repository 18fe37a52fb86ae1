extension RecordingReader {
  /// A row a step.
  ///
  /// - Parameters:
  ///   - source: the table.
  ///   - hasEvents: whether labels of steps are not looked for.
  ///   - readsWords: whether it is known that the table has words.
  mutating func table(_ source: DataSource, hasEvents: Bool, readsWords: Bool) throws -> [Recording] {
    var table = try RecordTable(source, format: columns.records.format, known: format)
    notes += table.notes
    let asked = columns.filled(from: known.columns, in: table.columns).records
    func place(_ name: String?) throws(DataError) -> Int? {
      guard let name else { return nil }
      return try table.column(name)
    }
    let guessed = RecordColumns.labelNames + ["move", "state"]
    let label = try place(asked.label) ?? (hasEvents ? nil : RecordColumns.first(guessed, in: table.columns))
    if label == nil, !hasEvents {
      throw DataError.invalidSetting(
        name: "label-column",
        expected: "the column with the label of each step, or `events` with a table of events",
        found: "none; the columns are \(table.columns.map { "\"\($0)\"" }.joined(separator: ", "))")
    }
    var ignored: Set<Int> = []
    for name in asked.ignored { ignored.insert(try table.column(name)) }
    let time = try place(asked.time) ?? RecordingReader.time(of: table, without: ignored, events?.count)
    let dates = try time.flatMap { try table.isNumeric($0) ? nil : table.dates($0) }
    let numbers = RecordingReader.numbers(of: table, without: ignored, time, events)
    let own = Set([label, time, numbers].compactMap { $0 }).union(ignored)
    table = table.indicating(indicators ?? known.channels ?? [])
    let spelled = table.spelledColumns
    if let note = try table.unknownCategories() { add(note) }
    let id = try identify(
      &table, by: asked.id, time: time, dates, without: own, guesses: events == nil && !readsWords)
    let taken = own.union([id].compactMap { $0 }).union(table.joined)
    let counters = try table.counters().union(table.identifiers()).subtracting(taken)
    var values = table.columns.indices.filter {
      !taken.contains($0) && !counters.contains($0) && table.isNumeric($0)
        && !RecordingReader.numbersSentences(table.columns[$0])
    }
    if !counters.isEmpty, known.channels == nil {
      let names = counters.sorted().map { "\"\(table.columns[$0])\"" }.joined(separator: ", ")
      add(DataNote(.found, "\(names): not used, for it numbers or names the rows"))
    }
    if let channels = known.channels,
      channels.contains(where: table.columns.contains) || channels.count != values.count
    {
      // those of the training, in their order; where no name is known, the places must do
      values = try channels.map { (name: String) throws(DataError) in try table.column(name) }
    }
    guard !values.isEmpty, !readsWords else { return try words(table, taken: taken, label: label, id: id) }
    if let label, asked.label == nil {
      add(
        DataNote(
          .assumed, "the label of a step is the column \"\(table.columns[label])\"", setting: "label-column"))
    }
    if let time, asked.time == nil {
      add(DataNote(.assumed, "the time of a step is the column \"\(table.columns[time])\"", setting: "time"))
    }
    let shown =
      values.count > 6 ? "\(values.count) columns" : values.map { table.columns[$0] }.joined(separator: ", ")
    add(DataNote(.assumed, "\(shown): the channels of a step", setting: "ignore-columns"))
    notes += [dates?.note].compactMap { $0 }
    format = table.written(dates).filled(from: format)
    if columnRoles.isEmpty {
      columnRoles = try table.columnRoles(times: dates == nil ? [] : Set([time].compactMap { $0 })) {
        column in
        if column == label { return ("label of a step", "label-column") }
        if column == id || table.joined.contains(column) { return ("name of the recording", "id-column") }
        if column == time { return ("time of a step", "time") }
        if column == numbers { return ("what events count by", nil) }
        if ignored.contains(column) { return ("ignored", "ignore-columns") }
        if values.contains(column) { return ("channel", "ignore-columns") }
        if spelled.contains(column) { return ("a channel for each word", "categories") }
        return (
          counters.contains(column) ? "not used: numbers or names the rows" : "not used: no numbers", nil
        )
      }
    }
    let steps = RecordingTable(table: table, values: values, label: label)
    let parts = try RecordingReader.parts(of: steps, id: id, time: time, numbers: numbers, dates)
    return parts.indices.map { index in
      let part = parts[index]
      let range = part.start..<(index + 1 < parts.count ? parts[index + 1].start : table.count)
      var recording = Recording(
        Record(
          .series(NumericSeries(channels: [], values: [])),
          origin: part.id.isEmpty ? table.path : "\(table.path):\(table.line(of: part.start)), \(part.id)"))
      (recording.rows, recording.stepCount) = ((steps, range), range.count)
      if let time {
        let scale = StepUnit.ofRecording(table.columns[time])
        let unit: StepClock.Unit =
          dates != nil ? .calendar : scale == nil ? .counts(table.columns[time]) : .seconds
        let own = unit == .seconds ? scale ?? 1 : 1
        recording.record.clock = StepClock(
          times: own == 1 ? part.times : part.times.map { $0 * own }, unit: unit)
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
    var start: Int
    var times: [Double] = []
    var numbers: [Double] = []
  }

  /// Where the recordings of a table begin, and when their steps are.
  private static func parts(
    of own: RecordingTable, id: Int?, time: Int?, numbers: Int?, _ dates: DateColumn?
  ) throws(DataError) -> [Part] {
    let table = own.table
    var parts: [Part] = []
    try table.forEachRow { row, fields throws(DataError) in
      let name = id.map { fields[$0] } ?? ""
      if parts.last?.id != name { parts.append(Part(id: name, start: row)) }
      let last = parts.count - 1
      // what is no number is to be known before a training, and not in the midst of it
      for column in own.values { _ = try table.number(fields[column], row: row, column: column) }
      if let label = own.label, fields[label].isEmpty {
        throw table.malformed(row, label, "a label", "nothing")
      }
      func rising(_ column: Int, behind last: Double?, _ expected: String) throws(DataError) -> Double {
        let moment: Double?
        if column == time, let dates {
          moment = CalendarTime(fields[column], order: dates.order)?.seconds
        } else {
          moment = try table.number(fields[column], row: row, column: column)
        }
        guard let moment, last.map({ moment > $0 }) ?? true else {
          let advice = id == nil ? "; `id-column` tells recordings apart" : ""
          throw table.malformed(row, column, expected + advice, "\"\(fields[column].prefix(40))\"")
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
    return parts
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
}
