/// A table with a row for each value, and what the rows of the file were taken for.
struct WideTable {
  /// With a row for each value.
  let table: RecordTable
  /// Whether a column names series: the first one.
  let hasNames: Bool
  /// What was found.
  let notes: [DataNote]
  /// What each column of the file was taken for.
  let roles: [ColumnRole]

  private init?(
    _ table: RecordTable, _ rows: WideRows, _ notes: [DataNote], steps: Range<Int>, part: String,
    others: [Int: String]
  ) throws(DataError) {
    guard rows.count > 0 else { return nil }
    self.table = RecordTable(of: table, rows)
    (self.notes, hasNames) = (notes, rows.hasNames)
    let setting = "rows-are"
    roles = try table.columnRoles { column in
      if steps.contains(column) { return (part, setting) }
      return (others[column] ?? "name of the series, or the same throughout it", setting)
    }
  }

  /// Looks at a table: nil where rows are steps.
  ///
  /// - Parameters:
  ///   - table: the table.
  ///   - asked: what rows are, as somebody says.
  /// - Throws: ``DataError``; also where somebody says what rows are and they cannot be that, or where nobody does and they may be two
  ///   things.
  init?(_ table: RecordTable, asked: SeriesColumns.Rows?) throws {
    switch asked {
    case .steps?: return nil
    case .periods?:
      guard let own = try WideTable(periodsOf: table, isAsked: true) else {
        throw WideTable.error(
          asked,
          "columns that are the months, quarters or weeks of years, the days of months, or the hours of days",
          table)
      }
      self = own
    case .series?:
      guard let own = try WideTable(seriesOf: table, isAsked: true) else {
        throw WideTable.error(
          asked, "columns with numbers that are called by times, or by numbers that follow each other", table)
      }
      self = own
    case nil:
      if let own = try WideTable(periodsOf: table, isAsked: false) {
        self = own
        return
      }
      guard try !WideTable.mayBeMonths(table) else {
        throw DataError.invalidSetting(
          name: "rows-are",
          expected:
            "periods, where each row of \(table.path) is a year and its twelve columns without a name are the months of one "
            + "series, or steps, where they are twelve series",
          found: "neither")
      }
      guard let own = try WideTable(seriesOf: table, isAsked: false) else { return nil }
      self = own
    }
  }

  private static func error(_ asked: SeriesColumns.Rows?, _ expected: String, _ table: RecordTable)
    -> DataError
  {
    let names = table.columns.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
    return .invalidSetting(
      name: "rows-are", expected: "\(expected), for \(asked?.rawValue ?? "")", found: "the columns \(names)")
  }

  // MARK: Rows that are series

  /// Every row a whole series, as in the files of the M competitions and of the World Bank.
  ///
  /// The columns with numbers that are called by dates are its steps, else those behind the first column, where they are numbered
  /// (`V1`, `V2`). Columns before them are kept as they are, numbers behind them are left out. Empty fields at the end of a row are
  /// no steps.
  private init?(seriesOf table: RecordTable, isAsked: Bool) throws {
    guard let steps = try WideTable.steps(of: table, isAsked: isAsked) else { return nil }
    let names = table.columns[steps.range].map(\.trimmingBlanks)
    let times = steps.areDates ? names.map(WideTable.time) : (1...names.count).map { "\($0)" }
    let behind = table.columns.indices.filter { $0 >= steps.range.upperBound && table.isNumeric($0) }
    var kept = table.columns.indices.filter { !steps.range.contains($0) && !behind.contains($0) }
    var notes: [DataNote] = []
    var others = Dictionary(uniqueKeysWithValues: behind.map { ($0, "not used: behind the steps") })
    if !behind.isEmpty {
      notes.append(
        DataNote(
          .found, "\(WideTable.listed(behind, table)): numbers behind the steps, and left out",
          setting: "rows-are"))
    }
    // months below each other and years side by side are one series
    if steps.areDates, names.allSatisfy({ WideTable.time($0).count == 4 }),
      let part = try WideTable.columnOfParts(table, kept)
    {
      kept.removeAll { $0 == part }
      let name = try kept.isEmpty ? nil : SeriesName(table, kept, besides: [part])
      if name == nil { kept = [] }
      others[part] = "part of a year"
      notes.append(
        DataNote(
          .assumed, "rows are parts of years, by \"\(table.columns[part])\", every column a year",
          setting: "rows-are"))
      let rows = try WideRows(
        table, steps: steps.range, kept: kept, name: name, times: .rows(column: part, years: times))
      try self.init(table, rows, notes, steps: steps.range, part: "values of a year", others: others)
      return
    }
    let name = try SeriesName(table, kept)
    let rows = try WideRows(table, steps: steps.range, kept: kept, name: name, times: .named(times))
    notes.append(
      DataNote(
        .assumed, "every row is a series, named by \"\(rows.columns[0])\", every column a step",
        setting: "rows-are"))
    try self.init(table, rows, notes, steps: steps.range, part: "a step of each series", others: others)
  }

  private static func steps(of table: RecordTable, isAsked: Bool) throws -> (
    range: Range<Int>, areDates: Bool
  )? {
    let numeric = table.columns.indices.filter { table.isNumeric($0) }
    // dates stand side by side, whatever stands beside them
    var best: Range<Int>?
    var start = 0
    while start < numeric.count {
      var end = start
      var names: [String] = []
      while end < numeric.count, numeric[end] == numeric[start] + end - start,
        areTimes(names + [table.columns[numeric[end]].trimmingBlanks], checksOrder: false)
      {
        names.append(table.columns[numeric[end]].trimmingBlanks)
        end += 1
      }
      if names.count >= 3, names.count > best?.count ?? 0, areTimes(names, checksOrder: true) {
        best = numeric[start]..<numeric[start] + names.count
      }
      start = max(end, start + 1)
    }
    if let best {
      let others = table.columns.indices.filter { !best.contains($0) }
      guard !others.isEmpty || table.count == 1 else { return nil }
      // rows with times of their own are steps
      if try isAsked || columnOfParts(table, others) != nil
        || TimeGuess(table, without: Set(best)).found() == nil
      {
        return (best, true)
      }
    }
    // numbered columns are all that follow a name
    guard let first = numeric.first, let last = numeric.last, last - first == numeric.count - 1, first > 0,
      numeric.count >= (isAsked ? 2 : 8), isAsked || !table.isNumeric(0),
      try isAsked || CalendarTime.orders(of: table.head(20).map { $0[0] }).isEmpty,
      isAsked || areNumbered(table.columns[first...last].map(\.trimmingBlanks))
    else { return nil }
    return (first..<last + 1, false)
  }

  /// What the head of a column says as a time: also `1960 [YR1960]` and `X1960` are a year.
  private static func time(_ name: String) -> String {
    let word = name.prefix { $0 != " " && $0 != "[" }
    let digits = word.first == "X" || word.first == "Y" ? word.dropFirst() : word
    return name.contains("[") || digits.count == 4 && digits.allSatisfy(\.isNumber) ? String(digits) : name
  }

  /// Whether names are different dates, months, quarters or years.
  ///
  /// - Parameter checksOrder: whether dates must all be of one order of their parts; else each alone may be a date.
  private static func areTimes(_ names: [String], checksOrder: Bool) -> Bool {
    let dates = DateColumn(digits: ())
    func isPlain(_ name: String) -> Bool {
      name.utf8.count >= 4 && dates.written(name).map { (1500...2199).contains($0.year) } ?? false
    }
    if !checksOrder {
      guard let last = names.last.map(time) else { return true }
      return isPlain(last) || !CalendarTime.orders(of: [last]).isEmpty
    }
    let names = names.map(time)
    guard Set(names).count == names.count else { return false }
    return !CalendarTime.orders(of: names).isEmpty || names.allSatisfy(isPlain)
  }

  /// Whether names are the same but for numbers that follow each other.
  private static func areNumbered(_ names: [String]) -> Bool {
    let numbers = names.map { Int($0.drop { !$0.isNumber }) }
    let stems = Set(names.map { $0.prefix { !$0.isNumber } })
    guard stems.count == 1, let first = numbers.first ?? nil else { return false }
    return numbers.enumerated().allSatisfy { $0.element == first + $0.offset }
  }

  /// The column in which each row names a month or a quarter, all of them as often; nil for none.
  private static func columnOfParts(_ table: RecordTable, _ columns: [Int]) throws(DataError) -> Int? {
    let rows = try table.head(1_000)
    return columns.first { column in
      var counts: [Int: Int] = [:]
      var kinds: Set<Int> = []
      for fields in rows {
        guard let (kind, number) = PeriodParts.row(fields[column], of: table.columns[column]) else {
          return false
        }
        counts[number, default: 0] += 1
        kinds.insert(kind == .months ? 12 : 4)
      }
      return kinds.count == 1 && counts.count == kinds.first
    }
  }

  // MARK: Rows that are periods

  /// Every row a period, its parts side by side: the months of a year, the hours of a day.
  private init?(periodsOf table: RecordTable, isAsked: Bool) throws {
    guard let (steps, parts) = WideTable.parts(of: table) ?? (isAsked ? WideTable.bareParts(of: table) : nil)
    else {
      return nil
    }
    let behind = table.columns.indices.filter { $0 >= steps.upperBound && table.isNumeric($0) }
    let guess = try TimeGuess(table, without: Set(steps).union(behind))
    guard let periods = try guess.found() ?? guess.years(), periods.isCalendar else { return nil }
    let moments = try table.sampledRows(400).map { row throws(DataError) in
      try periods.moment(table.row(row), row: row).wall
    }
    guard parts.fits(periods.form, moments) else { return nil }
    let left = table.columns.indices.filter {
      !steps.contains($0) && !behind.contains($0) && !periods.places.contains($0)
    }
    let kept = try SeriesName.naming(table, left, besides: periods.places)
    let unused = behind + left.filter { !kept.contains($0) }
    let (whole, own) = parts.words
    var notes = [
      DataNote(
        .assumed, "every row is a \(whole), by \"\(periods.name)\", its columns the \(own)",
        setting: "rows-are")
    ]
    if !unused.isEmpty {
      notes.append(
        DataNote(
          .found, "\(WideTable.listed(unused.sorted(), table)): beside the \(own), and not used",
          setting: "rows-are"))
    }
    var others = Dictionary(uniqueKeysWithValues: unused.map { ($0, "not used: beside the \(own)") })
    for place in periods.places { others[place] = "the \(whole)" }
    let rows = try WideRows(
      table, steps: steps, kept: kept, name: kept.isEmpty ? nil : SeriesName(all: kept.count),
      times: .parts(parts, of: periods))
    try self.init(
      table, rows, periods.notes + notes, steps: steps, part: "one of the \(own) of a \(whole)",
      others: others)
  }

  /// The columns of numbers side by side whose names are the parts of a period.
  private static func parts(of table: RecordTable) -> (Range<Int>, PeriodParts)? {
    // columns without names are called by their places
    let areNamed = table.columns.enumerated().contains { $0.element != "\($0.offset + 1)" }
    guard areNamed else { return nil }
    let names = table.columns.map { $0.trimmingBlanks.lowercased() }
    for count in [96, 53, 52, 48, 31, 24, 12, 4, 2] where count < table.columns.count {
      for first in 0...table.columns.count - count {
        let range = first..<first + count
        guard table.isNumeric(first), range.allSatisfy({ table.isNumeric($0) }),
          let parts = PeriodParts(names: Array(names[range]), areBare: true)
        else { continue }
        return (range, parts)
      }
    }
    return nil
  }

  /// All columns of numbers behind the first one, where they are as many as a period has parts.
  private static func bareParts(of table: RecordTable) -> (Range<Int>, PeriodParts)? {
    guard let last = table.columns.indices.last(where: { table.isNumeric($0) }) else { return nil }
    let run = (0...last).reversed().prefix { $0 > 0 && table.isNumeric($0) }.count
    return PeriodParts(count: run).map { (last + 1 - run..<last + 1, $0) }
  }

  /// Whether a table has no names, years in its first column and twelve others with numbers.
  private static func mayBeMonths(_ table: RecordTable) throws -> Bool {
    let count = table.columns.count
    guard count == 13, table.columns.enumerated().allSatisfy({ $0.element == "\($0.offset + 1)" }),
      table.count > 1,
      table.columns.indices.allSatisfy({ table.isNumeric($0) }),
      let periods = try TimeGuess(table, without: Set(1..<count)).found()
    else { return false }
    return periods.form.style == .year
  }

  private static func listed(_ columns: [Int], _ table: RecordTable) -> String {
    columns.count > 8
      ? "\(columns.count) columns" : columns.map { "\"\(table.columns[$0])\"" }.joined(separator: ", ")
  }
}
