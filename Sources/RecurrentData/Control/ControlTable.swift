/// Reads a table whose rows are the steps of a log.
struct ControlTable {
  /// What was read.
  private(set) var part: ControlPart
  private let table: RecordTable
  private let inputPlaces: [Int]
  /// nil for outputs that are not there and need not be.
  private let outputPlaces: [Int?]
  private let episode: Int?
  private let time: Int?

  /// Reads a table.
  ///
  /// - Throws: ``DataError`` or a format error.
  init(_ source: DataSource, _ asked: ControlColumns, _ need: ControlLog.Need) throws {
    let table = try RecordTable(source.unfolded(), format: asked.format, known: asked.knownFormat)
    self.table = table
    let ignored = Set(try asked.ignored.map { try table.column($0) })
    let outputs = asked.outputs ?? []
    func names(_ places: some Sequence<Int>) -> String {
      places.map { "\"\(table.columns[$0])\"" }.joined(separator: ", ")
    }
    guard !outputs.isEmpty, Set(outputs).count == outputs.count else {
      throw DataError.invalidSetting(
        name: "outputs",
        expected: "the columns that come out, each once; there are \(names(table.columns.indices))",
        found: outputs.isEmpty ? "none" : outputs.joined(separator: ","))
    }
    outputPlaces = try outputs.map { name in
      need == .all ? try table.column(name) : table.columns.firstIndex(of: name)
    }
    var notes = table.notes
    let taken = Set(outputPlaces.compactMap { $0 }).union(ignored)
    let named = Set(try (asked.inputs ?? []).map { try table.column($0) })
    func free(_ place: Int) -> Bool { !taken.contains(place) && !named.contains(place) }
    func known(_ name: String?) -> Int? { name.flatMap { table.columns.firstIndex(of: $0) } }
    episode =
      try asked.episode.map { try table.column($0) } ?? known(asked.knownEpisode)
      ?? table.columns.indices.first {
        free($0) && table.columns[$0].lowercased() == ControlColumns.episodeName
      }
    let own = episode
    time =
      try asked.time.map { try table.column($0) } ?? known(asked.knownTime)
      ?? table.columns.indices.first {
        free($0) && $0 != own && RecordColumns.isTime(table.columns[$0])
      }
    if episode == nil, let name = asked.knownEpisode {
      notes.append(
        DataNote(
          .warning, "\(table.path) has no column \"\(name)\": all its rows are one episode",
          setting: "episode"))
    }
    if time == nil, let name = asked.knownTime {
      notes.append(
        DataNote(
          .warning,
          "\(table.path) has no column \"\(name)\": its steps are taken to be as far apart as in training",
          setting: "time"))
    }
    if asked.episode == nil, let episode {
      notes.append(
        DataNote(
          .assumed, "rows with the same \"\(table.columns[episode])\" are one episode", setting: "episode"))
    }
    if asked.time == nil, let time {
      notes.append(
        DataNote(.assumed, "times are in the column \"\(table.columns[time])\"", setting: "time"))
    }
    let others = table.columns.indices.filter { [episode, time] in
      free($0) && $0 != episode && $0 != time && table.isNumeric($0)
    }
    inputPlaces = try asked.inputs.map { try $0.map { try table.column($0) } } ?? others
    let inputs = inputPlaces.map { table.columns[$0] }
    guard !inputs.isEmpty, Set(inputs).count == inputs.count, Set(inputs).isDisjoint(with: outputs) else {
      throw DataError.invalidSetting(
        name: "inputs",
        expected: "the columns that go in, each once and none of the outputs; there are "
          + names(table.columns.indices), found: inputs.isEmpty ? "none" : inputs.joined(separator: ","))
    }
    part = ControlPart(path: table.path, inputs: inputs, outputs: outputs)
    part.episodeColumn = episode.map { table.columns[$0] }
    part.timeColumn = time.map { table.columns[$0] }
    part.notes = notes
    part.format = table.written(nil).filled(from: asked.knownFormat)
    let areWords = outputPlaces.contains { $0.map { !table.isNumeric($0) } ?? false }
    if asked.outputKind == .discrete || asked.outputKind == nil && areWords {
      guard outputs.count == 1 else {
        throw DataError.invalidSetting(
          name: "outputs", expected: "one column where it has moves, which are words; several have numbers",
          found: outputs.joined(separator: ","))
      }
      part.labels = []
    }
    try read(need)
  }

  private mutating func read(_ need: ControlLog.Need) throws {
    let dates = try time.flatMap { table.isNumeric($0) ? nil : try table.dates($0) }
    var times: [Double] = []
    var lines: [Int] = []
    var name: String?
    var met: Set<String> = []
    var part = part
    var begin = 0
    try table.forEachRow { row, fields throws(DataError) in
      let own = episode.map { fields[$0].trimmingBlanks } ?? ""
      if own != name {
        guard met.insert(own).inserted else {
          throw table.malformed(
            row, episode ?? 0,
            "the rows of an episode one after the other; sort the table by episode and time",
            "the episode \"\(own.prefix(40))\" again")
        }
        (name, begin) = (own, row)
        part.starts.append((row, episode == nil ? table.path : "\(table.path), episode \(own)", nil))
      }
      if let time { times.append(try moment(fields[time], row: row, column: time, dates)) }
      for place in inputPlaces { part.values.append(try number(fields[place], row, place)) }
      let isNeeded: Bool
      if case .first(let count) = need { isNeeded = row - begin < count } else { isNeeded = true }
      for place in outputPlaces {
        let field = place.map { fields[$0] }
        if part.labels != nil {
          let label = (field ?? "").trimmingBlanks
          if isNeeded, label.isEmpty, let place { throw table.malformed(row, place, "a move", "nothing") }
          part.labels?.append(label)
        } else if let place, let field, isNeeded || !FieldNumber.isMissing(field.trimmingBlanks) {
          part.targets.append(try number(field, row, place))
        } else {
          part.targets.append(.nan)
        }
      }
      lines.append(table.line(of: row))
      part.stepCount += 1
    }
    part.lines = lines
    if let time { part.interval = try interval(times, part.starts.map(\.step), column: time) }
    self.part = part
  }

  private func number(_ field: String, _ row: Int, _ column: Int) throws(DataError) -> Float {
    guard let value = try table.number(field, row: row, column: column), value.isFinite else {
      throw table.malformed(
        row, column,
        "a finite number at each step; fill what is missing, or end the episode before it (`episode`)",
        field.trimmingBlanks.isEmpty ? "nothing" : "\"\(field.trimmingBlanks.prefix(40))\"")
    }
    return Float(value)
  }

  private func moment(
    _ field: String, row: Int, column: Int, _ dates: DateColumn?
  ) throws(DataError) -> Double {
    if let dates {
      if let moment = CalendarTime(field.trimmingBlanks, order: dates.order) { return moment.seconds }
    } else if let number = try table.number(field, row: row, column: column), number.isFinite {
      return number
    }
    throw table.malformed(row, column, "a time", "\"\(field.prefix(40))\"")
  }

  /// The distance of steps: the median, from which none may differ by half.
  ///
  /// - Throws: ``DataError`` where one does.
  private func interval(_ times: [Double], _ starts: [Int], column: Int) throws(DataError) -> Double? {
    let begins = Set(starts)
    let steps = times.indices.dropFirst().filter { !begins.contains($0) }
    let distances = steps.map { times[$0] - times[$0 - 1] }
    guard !distances.isEmpty else { return nil }
    let median = distances.sorted()[distances.count / 2]
    for (step, distance) in zip(steps, distances) {
      if distance <= 0 {
        throw table.malformed(
          step, column,
          "times that rise; name the column that tells episodes apart (`episode`), or sort the rows",
          "\(StepClock.text(times[step], .seconds)) behind \(StepClock.text(times[step - 1], .seconds))")
      }
      guard abs(distance - median) < 0.5 * median else {
        throw table.malformed(
          step, column,
          "steps at equal distances, \(StepClock.text(median, .seconds)) apart like most; resample the log to that "
            + "(numpy.interp, pandas resample), or begin a new episode behind the gap (`episode`)",
          "a distance of \(StepClock.text(distance, .seconds))")
      }
    }
    // what is rounded is better by the mean
    let total = distances.reduce(0, +) / Double(distances.count)
    return ControlPart.areAlike(total, median) ? total : median
  }
}
