/// One or many series out of a table: a row is a step of one of them.
///
/// Rows may come in any order and some may be missing; what is there is put on a grid of regular times.
public struct SeriesTable: Sendable {
  /// The series, in the order in which they begin in the file.
  public private(set) var series: [TimeSeries]
  /// What each column was taken for: given to the next table, it is read alike.
  public private(set) var columns: SeriesColumns
  /// How far the steps are apart.
  public private(set) var frequency: SeriesFrequency
  /// What was found and assumed.
  public private(set) var notes: [DataNote]
  /// What each column of the file was taken for.
  public private(set) var roles: [ColumnRole]

  /// Reads a table: comma, tab or semicolon, or lines of JSON.
  ///
  /// - Parameters:
  ///   - source: a file, bytes or a value of JSON.
  ///   - asked: which columns say what.
  ///   - expected: the frequency that the times must have, those of a model: then `asked` names all columns that it reads, and
  ///     nothing is guessed about others; nil to find it out.
  ///   - ahead: rows behind the last target from which on a column is taken for one that is known ahead, where nobody says so.
  /// - Throws: ``DataError`` or a format error.
  public init(
    _ source: DataSource, columns asked: SeriesColumns = SeriesColumns(),
    frequency expected: SeriesFrequency? = nil, ahead: Int = 1
  ) throws {
    let path = source.name
    let file = try RecordTable(source.unfolded(), format: asked.format, known: asked.knownFormat)
    let wide =
      asked.rows != nil || SeriesTable.mayBeWide(asked) ? try WideTable(file, asked: asked.rows) : nil
    let long = wide?.table
    var asked = asked
    if let long, wide?.hasNames == true, asked.id == nil { asked.id = long.columns[0] }
    let spelled = try asked.spellingOut(long ?? file)
    asked = spelled.columns
    var rows = try SeriesRows(spelled.table, asked)
    let table = rows.table
    var groups = SeriesTable.groups(rows)
    if let id = rows.id, let names = rows.texts[id], asked.resampling == nil,
      rows.firstDuplicate({ Double(names.code($0)) }) != nil
    {
      _ = rows.resolveDaylightSaving(groups.map(\.rows))
    }
    notes = rows.notes + spelled.notes
    notes += wide?.notes ?? []
    let moments = rows.times
    let unsorted = groups.indices.filter { index in
      let own = groups[index].rows
      return own.indices.dropFirst().contains { moments[own[$0 - 1]] > moments[own[$0]] }
    }
    for index in unsorted { groups[index].rows.sort { (moments[$0], $0) < (moments[$1], $1) } }
    if !unsorted.isEmpty, long == nil {
      notes.append(DataNote(.warning, "rows are not in the order of their times; they were sorted"))
    }
    if asked.resampling == nil, let time = rows.time, let id = rows.id, let names = rows.texts[id],
      let twice = rows.firstDuplicate({ Double(names.code($0)) })
    {
      throw rows.malformed(
        twice.again, time, "each time once in a series\(try rows.keyHint(besides: []))",
        "the time of line \(table.line(of: twice.first)) again in the series \"\(names[twice.again])\"")
    }
    let roles = try SeriesRoles(
      rows, groups: groups.map(\.rows), asked, areFixed: expected != nil && !asked.targets.isEmpty,
      ahead: ahead)
    if !roles.wordsAhead.isEmpty {
      var again = asked
      again.known = (roles.known + roles.wordsAhead).sorted().map { table.columns[$0] }
      self = try SeriesTable(source, columns: again, frequency: expected, ahead: ahead)
      let names = again.known.map { "\"\($0)\"" }.joined(separator: ", ")
      notes.append(
        DataNote(.assumed, "\(names): known ahead, for they go on where the target ends", setting: "known"))
      return
    }
    notes += roles.notes
    let unused = rows.wordedColumns.filter {
      $0 != rows.id && !roles.statics.contains($0) && !table.spelledColumns.contains($0)
    }
    if !unused.isEmpty, long == nil {
      let names = unused.prefix(8).map { "\"\(table.columns[$0])\"" }.joined(separator: ", ")
      notes.append(DataNote(.found, "\(names): no numbers, and not used", setting: "known"))
    }
    // of one series that is in order there are no others
    let isPlain = groups.count == 1 && unsorted.isEmpty
    let times = isPlain ? [moments] : groups.map { $0.rows.map { moments[$0] } }
    let isCalendar = rows.isCalendar
    let isResampled = asked.resampling != nil
    guard
      let found = expected
        ?? SeriesFrequency.found(
          in: times, isCalendar: isCalendar, isRounded: isResampled)
    else {
      throw DataError.malformed(
        path: path, place: .line(table.line(of: 0)), expected: "series of at least two steps",
        found: "one step each; \(table.count) rows")
    }
    frequency = found
    self.roles = try wide?.roles ?? roles.listed(rows, ignored: asked.ignored)
    series = []
    var (missingSteps, offGrid) = (0, 0)
    for group in groups {
      let grid = try SeriesGrid(
        rows, group.rows, found, isFixed: expected != nil, isResampled: isResampled)
      missingSteps += grid.stepCount - grid.filledCount
      offGrid += grid.offGridCount
      let one = try roles.series(rows, group, grid, frequency: found, resampling: asked.resampling)
      if let one { series.append(one) }
    }
    guard !series.isEmpty else {
      let names = roles.targets.map { "\"\(table.columns[$0])\"" }.joined(separator: ", ")
      throw DataError.malformed(
        path: path, place: .line(table.line(of: 0)), expected: "numbers in the column \(names)",
        found: "none in any of \(table.count) rows")
    }
    columns = SeriesColumns(
      time: rows.timeColumns?.name, targets: roles.targets.map { table.columns[$0] },
      id: rows.id.map { table.columns[$0] }, known: roles.known.map { table.columns[$0] },
      past: roles.past.map { table.columns[$0] },
      statics: roles.statics.map { table.columns[$0] }, ignored: asked.ignored, resampling: asked.resampling,
      rows: asked.rows)
    let written = table.written(
      rows.timeColumns?.dates, timeUnit: rows.timeColumns?.unit ?? table.format?.timeUnit)
    columns.knownFormat = written.filled(from: asked.knownFormat)
    describe(path, groupCount: groups.count, missingSteps: missingSteps, offGrid: offGrid)
  }

  /// Whether nobody named a column that only a long table has.
  private static func mayBeWide(_ asked: SeriesColumns) -> Bool {
    let own = WideRows.names
    return asked.known.isEmpty && asked.past.isEmpty && (asked.time ?? own.time) == own.time
      && asked.targets.allSatisfy { $0 == own.value }
  }

  private mutating func describe(_ path: String, groupCount: Int, missingSteps: Int, offGrid: Int) {
    let lengths = series.map(\.stepCount)
    let length =
      lengths.min() == lengths.max()
      ? "\(lengths[0])" : "\(lengths.min() ?? 0) to \(lengths.max() ?? 0)"
    let count = series.count == 1 ? "1 series" : "\(series.count) series"
    let targets = columns.targets.map { "\"\($0)\"" }.joined(separator: ", ")
    let range = "\(series[0].timeText(of: 0)) to \(series[0].timeText(of: series[0].stepCount - 1))"
    notes.insert(
      DataNote(
        .found,
        "\(count) of \(length) steps in \(path), \(frequency.textWithArticle) each"
          + (series.count == 1 ? ", \(range)" : "") + "; targets \(targets)"), at: 0)
    if groupCount > series.count {
      notes.append(
        DataNote(.warning, "\(groupCount - series.count) series have no number at all and are left out"))
    }
    let last = series[0].time(of: series[0].stepCount - 1)
    if series[0].frequency.isCalendar, CalendarTime(seconds: last).year > 2200 {
      notes.append(
        DataNote(
          .warning,
          "times go to \(CalendarTime(seconds: last).year), as they stand; years of the Buddhist era are 543 too many",
          setting: "time"))
    }
    if missingSteps > 0 {
      notes.append(DataNote(.warning, "\(missingSteps) steps are missing between others; they count as gaps"))
    }
    if offGrid > 0 {
      notes.append(
        DataNote(.warning, "\(offGrid) times lie between two steps; they were moved to the nearest one"))
    }
    let values = series.reduce(0) { $0 + $1.values.count }
    let gaps = series.reduce(0) { $0 + $1.values.count { !$0.isFinite } }
    if gaps > 0 {
      let share = (1000 * Double(gaps) / Double(values)).rounded() / 10
      notes.append(DataNote(.found, "\(share) % of the target values are missing"))
    }
  }

  /// Rows with the same name.
  struct Group {
    var name: String
    var rows: [Int]
  }

  private static func groups(_ rows: SeriesRows) -> [Group] {
    guard let id = rows.id, let names = rows.texts[id] else {
      return [Group(name: "", rows: Array(0..<rows.table.count))]
    }
    var groups = names.names.map { Group(name: $0, rows: []) }
    for row in 0..<names.count { groups[names.code(row)].rows.append(row) }
    return groups
  }
}
