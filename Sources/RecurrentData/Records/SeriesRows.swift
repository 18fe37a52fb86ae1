/// The rows of a table of series, read column by column, and which columns are times, names and numbers.
struct SeriesRows {
  private(set) var table: RecordTable
  /// The columns with the times; nil where rows are steps.
  private(set) var timeColumns: TimeColumns?
  /// The first of them.
  var time: Int? { timeColumns?.places.first }
  /// Whether times are moments of the calendar.
  var isCalendar: Bool { timeColumns?.isCalendar ?? false }
  /// The column that tells series apart.
  private(set) var id: Int?
  /// When each row was, or its number.
  private(set) var clock: SeriesClock
  /// When each row was by one clock, or its number.
  var times: [Double] { clock.times }
  /// Columns of numbers by their place, and their numbers row by row; NaN where one is missing.
  private(set) var numbers: [Int: [Double]] = [:]
  /// The columns that name series or are said to be the same throughout one, by their place.
  private(set) var texts: [Int: InternedColumn] = [:]
  /// The columns that are neither times nor numbers.
  private(set) var wordedColumns: [Int] = []
  /// Columns that number the rows.
  private(set) var counters: Set<Int> = []
  /// Columns that say again what the times say.
  private(set) var saidParts: Set<Int> = []
  /// The columns of words for true and false that are read as 1 and 0.
  private var booleans: Set<Int> = []
  /// What was found and assumed.
  private(set) var notes: [DataNote] = []
  /// Whether several rows may be one step.
  private let isResampled: Bool

  /// Reads a table.
  ///
  /// - Throws: ``DataError`` or a format error.
  init(_ table: RecordTable, _ asked: SeriesColumns) throws {
    let identified = try asked.id.map { name throws(DataError) in try table.identified(by: name) }
    let table = identified?.table ?? table
    self.table = table
    isResampled = asked.resampling != nil
    var ignored: Set<Int> = []
    for name in asked.ignored { ignored.insert(try table.column(name)) }
    let wanted = Set(try (asked.targets + asked.known + asked.past).map { try table.column($0) })
    let statics = Set(try asked.statics.map { try table.column($0) })
    id = identified?.column
    clock = SeriesClock(count: 0)
    if let name = asked.time {
      timeColumns = try TimeGuess.asked(name, in: table)
    } else {
      let excluded = wanted.union(ignored).union(statics).union([id].compactMap { $0 }).union(table.joined)
      timeColumns = try TimeGuess(table, without: excluded).found()
      notes.append(
        timeColumns.map { DataNote(.assumed, "times are in the column \"\($0.name)\"", setting: "time") }
          ?? DataNote(.assumed, "no column holds times: rows are steps one after the other", setting: "time"))
    }
    notes += (timeColumns?.notes ?? []) + table.notes
    let times = Set(timeColumns?.places ?? [])
    counters = wanted.isEmpty ? try table.counters().union(table.identifiers()) : []
    for column in table.columns.indices where !times.contains(column) && !ignored.contains(column) {
      if table.joined.contains(column), !wanted.contains(column), !statics.contains(column) { continue }
      if column != id, !statics.contains(column), wanted.contains(column) || table.isNumeric(column) {
        if counters.contains(column) {
          notes.append(
            DataNote(
              .found, "\"\(table.columns[column])\" numbers or names the rows and is left out",
              setting: "target"))
        } else {
          numbers[column] = []
        }
      } else {
        wordedColumns.append(column)
      }
    }
    booleans = try booleans(of: wanted)
    try read()
    if wanted.isEmpty, isCalendar { leaveOutParts() }
    noteLoneValues()
    for column in wordedColumns where column == id || statics.contains(column) {
      texts[column] = try self.texts(of: column, isPlain: statics.contains(column))
    }
    notes += clock.notes
    if id == nil { try guessID(besides: wanted.union(statics).union(ignored)) }
    // a column of numbers may name the series, too: `007` and `7` are two
    if let id, numbers.removeValue(forKey: id) != nil || texts[id] == nil {
      texts[id] = try self.texts(of: id, isPlain: true)
    }
  }

  /// Takes columns for those that name the series.
  private mutating func identify(by columns: [Int], _ texts: InternedColumn?) {
    if columns.count == 1 {
      id = columns[0]
      self.texts[columns[0]] = texts
    } else {
      table = table.joining(columns)
      id = table.columns.count - 1
      for column in columns { numbers[column] = nil }
      wordedColumns.removeAll { columns.contains($0) }
    }
  }

  /// What columns tell series apart beside those that somebody named, for an error; empty for none.
  func keyHint(besides taken: Set<Int>) throws(DataError) -> String {
    guard let id, let time else { return "" }
    let own = table.joined.isEmpty ? [id] : table.joined
    let keys = try SeriesKeys(
      table, times, first: own, words: wordedColumns.filter { $0 != id }, without: taken.union([time]))
    let found = keys.found(with: own).prefix(2).map { key in
      "`id-column` \(key.columns.map { table.columns[$0] }.joined(separator: ","))"
    }
    return found.isEmpty ? "" : " (\(found.joined(separator: " or ")) tells more series apart)"
  }

  /// The texts of a column, which is read for it.
  ///
  /// - Parameter isPlain: whether numbers are written as digits with a point.
  func texts(of column: Int, isPlain: Bool = false) throws(DataError) -> InternedColumn {
    if let known = texts[column] { return known }
    var texts = InternedColumn()
    try table.forEachRow { row, fields throws(DataError) in
      texts.append(
        isPlain
          ? try table.plainText(fields[column], row: row, column: column) : fields[column].trimmingBlanks)
    }
    return texts
  }

  /// Whether the numbers of a column are not all the same.
  func changes(_ column: Int) -> Bool {
    guard let values = numbers[column], let first = values.first(where: \.isFinite) else { return false }
    return values.contains { $0.isFinite && $0 != first }
  }

  /// Puts the times of series in which an hour of autumn stands twice on one clock; whether there are such.
  mutating func resolveDaylightSaving(_ groups: [[Int]]) -> Bool {
    guard isCalendar, table.format?.hasDaylightSaving ?? table.knownFormat?.hasDaylightSaving ?? true,
      clock.form.zone.isEmpty
    else { return false }
    let known = clock.notes.count
    guard clock.resolveDaylightSaving(groups) else { return false }
    notes += clock.notes.dropFirst(known)
    return true
  }

  /// Whether a column says the same in all rows of each series.
  func isConstant(_ column: Int, in groups: [[Int]]) throws(DataError) -> Bool {
    if let values = numbers[column] {
      return groups.allSatisfy { own in own.count > 1 && own.allSatisfy { values[$0] == values[own[0]] } }
    }
    // most columns of words differ at once, and are not read whole
    for own in groups.prefix(50) where own.count > 1 {
      if try table.row(own[0])[column].trimmingBlanks != table.row(own[1])[column].trimmingBlanks {
        return false
      }
    }
    let texts = try self.texts(of: column)
    return groups.allSatisfy { own in own.allSatisfy { texts.code($0) == texts.code(own[0]) } }
  }

  private mutating func read() throws {
    let numeric = Array(numbers.keys)
    var columns = numeric.map { _ in [Double]() }
    var clock = timeColumns.map { SeriesClock($0, count: table.count) } ?? SeriesClock(count: table.count)
    for place in columns.indices { columns[place].reserveCapacity(table.count) }
    try table.forEachRow { row, fields throws(DataError) in
      if let timeColumns { clock.append(try timeColumns.moment(fields, row: row)) }
      for (place, column) in numeric.enumerated() {
        if booleans.contains(column), let value = BooleanWord.value(fields[column]) {
          columns[place].append(value)
          continue
        }
        let value = try table.number(fields[column], row: row, column: column)
        guard value?.isFinite ?? true else {
          throw malformed(row, column, "a finite number, or nothing", "\"\(fields[column].prefix(40))\"")
        }
        columns[place].append(value ?? .nan)
      }
    }
    clock.finish()
    self.clock = clock
    for (place, column) in numeric.enumerated() { numbers[column] = columns[place] }
  }

  func malformed(_ row: Int, _ column: Int, _ expected: String, _ found: String) -> DataError {
    table.malformed(row, column, expected, found)
  }

  // MARK: Guesses

  /// The columns of those that are wanted in which words for true and false stand.
  private mutating func booleans(of wanted: Set<Int>) throws(DataError) -> Set<Int> {
    let words = wanted.filter { !table.isNumeric($0) }
    guard !words.isEmpty else { return [] }
    var found: Set<Int> = []
    for column in words where try table.holdsBooleans(column) { found.insert(column) }
    for column in found.sorted() {
      notes.append(DataNote(.found, "\"\(table.columns[column])\" is read as 1 for true and 0 for false"))
    }
    return found
  }

  /// Leaves out the columns that say again what the times say, such as a month or a day of the week.
  private mutating func leaveOutParts() {
    let times = times
    let found = numbers.keys.sorted().filter { column in
      guard let values = numbers[column], let part = CalendarPart(name: table.columns[column]) else {
        return false
      }
      return part.isSaid(by: values, of: times)
    }
    guard !found.isEmpty, found.count < numbers.count else { return }
    let names = found.map { "\"\(table.columns[$0])\"" }.joined(separator: ", ")
    notes.append(DataNote(.found, "\(names): what the times say already, and left out", setting: "target"))
    for column in found { numbers[column] = nil }
    saidParts = Set(found)
  }

  /// Says which numbers may stand for none.
  private mutating func noteLoneValues() {
    for column in numbers.keys.sorted() {
      guard let values = numbers[column], let lone = LoneValue(values) else { continue }
      let number =
        lone.value == lone.value.rounded() && abs(lone.value) < 1e15 ? "\(Int(lone.value))" : "\(lone.value)"
      notes.append(
        DataNote(
          .warning,
          "\"\(table.columns[column])\" has \(number) in \(lone.count) rows, far from all others; `missing` says so "
            + "where it stands for no value", setting: "missing"))
    }
  }

  /// Where times occur more than once there are several series: a column that tells them apart.
  private mutating func guessID(besides taken: Set<Int>) throws(DataError) {
    guard let time, let twice = firstDuplicate({ _ in 0 }) else { return }
    if resolveDaylightSaving([Array(times.indices)]), firstDuplicate({ _ in 0 }) == nil { return }
    let named = SeriesColumns.idNames.compactMap { name in
      table.columns.indices.first { table.columns[$0].lowercased() == name }
    }
    let keys = try SeriesKeys(
      table, times, first: named, words: wordedColumns,
      without: taken.union(timeColumns?.places ?? []).union(counters))
    let found = keys.found()
    func listed(_ columns: [Int], _ mark: String) -> String {
      columns.map { "\"\(table.columns[$0])\"" }.joined(separator: mark)
    }
    if found.count == 1 {
      let columns = found[0].columns
      notes.append(
        DataNote(
          .assumed, "rows with the same \(listed(columns, " and ")) are one series", setting: "id-column"))
      identify(by: columns, keys.texts(of: columns[0]))
      return
    }
    if found.count > 1, !isResampled {
      let ways = found.prefix(3).map { key in
        "`id-column` \(key.columns.map { table.columns[$0] }.joined(separator: ",")) makes \(key.count) series"
      }
      throw malformed(
        twice.again, time, "each time once in a series: \(ways.joined(separator: ", "))",
        "the time of line \(table.line(of: twice.first)) again")
    }
    if isResampled { return }
    let others = numbers.keys.sorted().filter { column in
      guard !taken.contains(column), let values = numbers[column] else { return false }
      // a name is that of several rows
      return values.allSatisfy { $0 == $0.rounded() } && 2 * Set(values).count <= values.count
        && firstDuplicate({ values[$0] }) == nil
    }
    let names = others.prefix(3).map { "\"\(table.columns[$0])\"" }.joined(separator: " or ")
    throw malformed(
      twice.again, time,
      "each time once, or a column that tells series apart (`id-column`\(names.isEmpty ? "" : ", such as \(names)")), "
        + "or what rows of one time are together (`resample`)",
      "the time of line \(table.line(of: twice.first)) again")
  }

  /// The first row that has the time and the name, which is given as a number, of one before; and that one.
  func firstDuplicate(_ name: (Int) -> Double) -> (first: Int, again: Int)? {
    // rows are mostly in order, and then need none
    if times.indices.dropFirst().allSatisfy({ (name($0 - 1), times[$0 - 1]) < (name($0), times[$0]) }) {
      return nil
    }
    let order = times.indices.map { Int32($0) }.sorted { a, b in
      let (a, b) = (Int(a), Int(b))
      return (name(a), times[a], a) < (name(b), times[b], b)
    }
    var found: (first: Int, again: Int)?
    for (a, b) in zip(order, order.dropFirst()).map({ (Int($0), Int($1)) })
    where name(a) == name(b) && times[a] == times[b] && b < found?.again ?? .max {
      found = (a, b)
    }
    return found
  }
}
