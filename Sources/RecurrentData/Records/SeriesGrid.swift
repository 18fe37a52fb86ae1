/// Where the rows of a series stand on a grid of regular times.
struct SeriesGrid {
  /// When the first step is.
  let start: Double
  /// The step of each row.
  private(set) var places: [Int] = []
  /// Steps that have a row.
  private(set) var filledCount = 0
  /// Rows whose times lie clearly between two steps.
  private(set) var offGridCount = 0

  /// Steps from the first row to the last.
  var stepCount: Int { (places.last ?? -1) + 1 }

  /// Puts rows that are sorted by time on a grid.
  ///
  /// - Throws: ``DataError`` where two rows come to one step, or the gaps are far longer than the series.
  init(
    _ rows: SeriesRows, _ own: [Int], _ frequency: SeriesFrequency, isFixed: Bool, isResampled: Bool
  ) throws(DataError) {
    start = isResampled ? frequency.start(of: rows.times[own[0]]) : rows.times[own[0]]
    let column = rows.time ?? 0
    places.reserveCapacity(own.count)
    for (index, row) in own.enumerated() {
      if isResampled {
        let step = frequency.step(containing: rows.times[row], from: start)
        guard step <= 20 * own.count + 1000 else {
          throw SeriesGrid.gap(rows, row, column, frequency, isFixed, step, own.count)
        }
        if places.last != step { filledCount += 1 }
        places.append(step)
        continue
      }
      let (step, offset) = frequency.place(of: rows.times[row], from: start)
      if offset > 0.1 { offGridCount += 1 }
      if let last = places.last, step <= last {
        throw rows.malformed(
          row, column, "steps of \(frequency.textWithArticle)\(isFixed ? " as in training" : "")",
          "a time less than one step behind line \(rows.table.line(of: own[index - 1])); `resample` says what rows "
            + "of one step are together")
      }
      // a grid that is nearly empty is no series: a wrong date, or another frequency
      if step > 20 * own.count + 1000 {
        throw SeriesGrid.gap(rows, row, column, frequency, isFixed, step, own.count)
      }
      filledCount += 1
      places.append(step)
    }
  }

  private static func gap(
    _ rows: SeriesRows, _ row: Int, _ column: Int, _ frequency: SeriesFrequency, _ isFixed: Bool, _ step: Int,
    _ count: Int
  ) -> DataError {
    rows.malformed(
      row, column, "steps of \(frequency.textWithArticle)\(isFixed ? " as in training" : "")",
      "a gap that makes \(step) steps of \(count) rows; is the date right?")
  }
}

/// What the columns of numbers are for.
struct SeriesRoles {
  /// To be predicted.
  private(set) var targets: [Int] = []
  /// Known ahead.
  private(set) var known: [Int] = []
  /// Known of the past alone.
  private(set) var past: [Int] = []
  /// The same throughout a series.
  private(set) var statics: [Int] = []
  /// Columns of words that go on where the targets end, where nobody says what is known ahead.
  private(set) var wordsAhead: [Int] = []
  /// The texts of those that are no numbers.
  private var texts: [Int: InternedColumn] = [:]
  /// What was assumed.
  private(set) var notes: [DataNote] = []

  /// Decides about all columns.
  ///
  /// - Parameters:
  ///   - rows: of the table.
  ///   - groups: the rows of each series.
  ///   - asked: which columns say what.
  ///   - areFixed: whether `asked` says it of all that are read; else it is guessed about the others.
  ///   - ahead: rows behind the last target from which on a column is taken for one that is known ahead.
  init(
    _ rows: SeriesRows, groups: [[Int]], _ asked: SeriesColumns, areFixed: Bool, ahead: Int
  ) throws {
    let table = rows.table
    func places(_ names: [String]) throws -> [Int] { try names.map { try table.column($0) } }
    func listed(_ columns: [Int]) -> String {
      columns.count > 8
        ? "\(columns.count) columns" : columns.map { "\"\(table.columns[$0])\"" }.joined(separator: ", ")
    }
    targets = try places(asked.targets)
    known = try places(asked.known)
    past = try places(asked.past)
    statics = try places(asked.statics)
    try checkDistinct(rows)
    let taken = Set(targets + known + past + statics + [rows.id, rows.time].compactMap { $0 })
    let free = rows.numbers.keys.sorted().filter { !taken.contains($0) }
    if statics.isEmpty, groups.count > 1, !areFixed {
      for column in free + rows.wordedColumns where !taken.contains(column) {
        if try rows.isConstant(column, in: groups) { statics.append(column) }
      }
      if !statics.isEmpty {
        notes.append(
          DataNote(.assumed, "\(listed(statics)): the same throughout a series", setting: "statics"))
      }
    }
    for column in statics where rows.numbers[column] == nil { texts[column] = try rows.texts(of: column) }
    if areFixed { return }
    let left = free.filter { !statics.contains($0) }
    if targets.isEmpty {
      targets = left.filter { rows.changes($0) }
      let constant = left.filter { !targets.contains($0) }
      if targets.isEmpty { targets = constant }
      if !constant.isEmpty, targets != constant {
        notes.append(
          DataNote(
            .found, "\(listed(constant)): the same in all rows, which leaves nothing to predict",
            setting: "target")
        )
      }
      guard !targets.isEmpty else {
        throw DataError.invalidSetting(
          name: "target", expected: "a column of numbers, for \(table.path) has none besides the times",
          found: "none; \(try rows.table.reasons())")
      }
      notes.append(DataNote(.assumed, "\(listed(targets)): all are predicted", setting: "target"))
      return
    }
    var unused = left
    if known.isEmpty {
      known = left.filter { goesOn($0, by: ahead, rows, groups) }
      unused = left.filter { !known.contains($0) }
      if !known.isEmpty {
        notes.append(
          DataNote(
            .assumed, "\(listed(known)): known ahead, for they go on where the target ends", setting: "known")
        )
      }
    }
    if asked.known.isEmpty {
      wordsAhead = try wordsAhead(rows, groups, by: ahead, without: taken.union(statics))
    }
    if !unused.isEmpty {
      notes.append(
        DataNote(
          .found, "\(listed(unused)): not used; `past` reads what they were, `known` what they will be, too",
          setting: "past"))
    }
  }

  /// Throws where a column is to be two things at once.
  private func checkDistinct(_ rows: SeriesRows) throws(DataError) {
    // what tells series apart may also be read, as the same throughout each
    var others = Set([rows.time].compactMap { $0 })
    for (name, columns) in [("statics", statics), ("known", known), ("past", past), ("target", targets)] {
      for column in columns where !others.insert(column).inserted {
        throw .invalidSetting(
          name: name, expected: "columns that are nothing else besides",
          found: "\"\(rows.table.columns[column])\"")
      }
    }
  }

  /// The columns of few words that have one in all rows behind the last target of every series, at least so many.
  private func wordsAhead(
    _ rows: SeriesRows, _ groups: [[Int]], by ahead: Int, without taken: Set<Int>
  ) throws(DataError) -> [Int] {
    let table = rows.table
    let last = groups.map { own in
      own.lastIndex { row in targets.contains { rows.numbers[$0]?[row].isFinite ?? false } } ?? -1
    }
    guard zip(last, groups).allSatisfy({ $0 + ahead < $1.count }) else { return [] }
    let free = rows.wordedColumns.filter { column in
      !taken.contains(column) && !table.spelledColumns.contains(column)
        && !SeriesKeys.isName(table.columns[column])
    }
    let words = try table.categories(free)
    var found: [Int] = []
    for column in words.keys.sorted() {
      let texts = try rows.texts(of: column)
      let goesOn = zip(last, groups).allSatisfy { last, own in
        own[(last + 1)...].allSatisfy { !table.isMissing(texts[$0]) }
      }
      if goesOn { found.append(column) }
    }
    return found
  }

  /// Whether a column has numbers in all rows behind the last target of every series, at least so many.
  private func goesOn(_ column: Int, by ahead: Int, _ rows: SeriesRows, _ groups: [[Int]]) -> Bool {
    guard let values = rows.numbers[column] else { return false }
    return groups.allSatisfy { own in
      let end = own.lastIndex { row in targets.contains { rows.numbers[$0]?[row].isFinite ?? false } } ?? -1
      return end + ahead < own.count && own[(end + 1)...].allSatisfy { values[$0].isFinite }
    }
  }

  /// The numbers of a series on its grid; nil where no target has any.
  func series(
    _ rows: SeriesRows, _ group: SeriesTable.Group, _ grid: SeriesGrid, frequency: SeriesFrequency,
    resampling: Resampling?
  ) throws(DataError) -> TimeSeries? {
    let table = rows.table
    func onGrid(_ columns: [Int]) -> [Double] {
      var values = [Double](repeating: .nan, count: grid.stepCount * columns.count)
      for (place, column) in columns.enumerated() {
        guard let own = rows.numbers[column] else { continue }
        if let resampling {
          resampling.fill(&values, width: columns.count, place, zip(grid.places, group.rows.map { own[$0] }))
          continue
        }
        for (row, step) in zip(group.rows, grid.places) { values[step * columns.count + place] = own[row] }
      }
      return values
    }
    var values = onGrid(targets)
    guard let last = values.lastIndex(where: \.isFinite) else { return nil }
    let count = last / targets.count + 1
    values.removeLast(values.count - count * targets.count)
    var words: [String: String] = [:]
    for column in statics {
      func text(_ row: Int) -> String {
        texts[column]?[row] ?? rows.numbers[column].map { "\($0[row])" } ?? ""
      }
      let own = text(group.rows[0])
      if let row = group.rows.first(where: { text($0) != own }) {
        throw rows.malformed(row, column, "\"\(own)\" throughout the series", "\"\(text(row))\"")
      }
      words[table.columns[column]] = own
    }
    var series = TimeSeries(
      id: group.name, start: grid.start, frequency: frequency, targets: targets.map { table.columns[$0] },
      values: values, known: known.map { table.columns[$0] }, knownValues: known.isEmpty ? [] : onGrid(known),
      past: past.map { table.columns[$0] }, pastValues: Array(onGrid(past).prefix(count * past.count)),
      statics: words)
    series.timeForm = rows.clock.form
    return series
  }
}
