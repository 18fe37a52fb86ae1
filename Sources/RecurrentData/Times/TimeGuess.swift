/// Finds the columns with the times of the rows of a table.
struct TimeGuess {
  private let table: RecordTable
  private let rows: [[String]]
  /// The columns that may be looked at.
  private let free: [Int]

  private static let names: Set<String> = [
    "time", "date", "datetime", "timestamp", "ds", "day", "month", "t", "step", "index", "year", "quarter",
    "week",
    "date_time", "date/time", "date time", "dt", "ts", "epoch", "unix", "unixtime", "unix_time", "utc",
    "datum",
    "zeit", "zeitpunkt", "zeitstempel", "uhrzeit", "fecha", "hora", "fecha_hora", "data", "ora", "heure",
    "horodatage", "jour", "tanggal", "tid", "tarih", "дата", "время", "时间", "日期", "日時", "日付", "年月", "年月日",
    "날짜", "시간", "period", "periode", "time_period", "ref_date", "observation_date", "mess_datum",
    "valid_time",
    "timestamp_utc", "created_at", "recorded_at", "jahr", "année", "año", "ano", "anno", "monat", "mes",
    "mois",
  ]

  /// - Parameter excluded: columns that are something else.
  init(_ table: RecordTable, without excluded: Set<Int>) throws(DataError) {
    self.table = table
    rows = try table.sample(400)
    free = table.columns.indices.filter { !excluded.contains($0) }
  }

  /// The columns of times by what they are called and what stands in them; nil where none is found.
  func found() throws -> TimeColumns? {
    let named = free.filter { TimeGuess.isTime(table.columns[$0]) }
    // what says the same in most rows is when a table was made
    let dated = named.filter(isDated)
    let counts = dated.map { Set(texts($0)).count }
    for (column, count) in zip(dated, counts) where 2 * count >= counts.max() ?? 0 {
      return try columns(column)
    }
    if let parts = try parts() { return parts }
    let asked = table.format?.timeUnit
    for column in named where table.isNumeric(column) {
      if asked == nil, let reading = numericReading(column, isNamed: true) {
        return try TimeColumns(table, [column], reading)
      }
      if asked != nil { return try columns(column) }
    }
    for name in SeriesColumns.timeNames {
      guard let column = named.first(where: { table.columns[$0].lowercased() == name }) else { continue }
      if rises(column) || SeriesColumns.isCertainlyTime(name) && table.isNumeric(column) && areWhole(column) {
        return try TimeColumns(table, [column], .numbers)
      }
    }
    if let column = free.first(where: isDated) { return try columns(column) }
    for column in free where table.isNumeric(column) {
      if let reading = numericReading(column, isNamed: false) {
        return try TimeColumns(table, [column], reading)
      }
    }
    return nil
  }

  /// The first column of whole numbers that are all years, whatever it is called; nil for none.
  func years() throws -> TimeColumns? {
    let column = free.first { column in
      let texts = texts(column)
      return table.isNumeric(column) && !texts.isEmpty && areYears(texts)
    }
    return try column.map { try TimeColumns(table, [$0], .dates(DateColumn(digits: ()))) }
  }

  /// The reading of columns that somebody named, one or several with commas between.
  ///
  /// - Throws: ``DataError`` where there is no such column, or it has no times.
  static func asked(_ name: String, in table: RecordTable) throws -> TimeColumns {
    let guess = try TimeGuess(table, without: [])
    if let column = table.columns.firstIndex(of: name) { return try guess.columns(column) }
    let names = name.split(separator: ",").map { String($0).trimmingBlanks }
    guard names.count > 1 else { return try guess.columns(table.column(name)) }
    let places = try names.map { try table.column($0) }
    if places.count == 2, guess.isDated(places[0]), let dates = try table.dates(places[0]) {
      return try TimeColumns(table, places, .dateAndClock(dates))
    }
    let parts = places.compactMap { TimePart(name: table.columns[$0]) }
    guard parts.count == places.count, parts.contains(.year), Set(parts).count == parts.count else {
      throw DataError.invalidSetting(
        name: "time",
        expected: "one column, a date and a time of day, or columns called year, month, day, hour",
        found: name)
    }
    return try TimeColumns(table, places, .parts(parts))
  }

  /// Whether a column of this name usually has times.
  private static func isTime(_ name: String) -> Bool {
    let plain = name.lowercased().prefix { $0 != "(" && $0 != "[" }
    return names.contains(String(plain).trimmingBlanks) || names.contains(name.trimmingBlanks.lowercased())
  }

  // MARK: What stands in a column

  private func texts(_ column: Int) -> [String] {
    rows.compactMap { $0[column].trimmingBlanks }.filter { !FieldNumber.isMissing($0) }
  }

  /// Whether a column of no numbers has dates, as good as everywhere.
  private func isDated(_ column: Int) -> Bool {
    guard !table.isNumeric(column) else { return false }
    let texts = texts(column)
    // of more zones than these none is one: `09:30-09:45` is a span
    let offsets = Set(texts.compactMap { WrittenTime($0, order: .yearMonthDay)?.offset })
    guard offsets.count <= 4 || offsets.contains(where: { $0 > 0 }) else { return false }
    if DateColumn.areQuarters(Set(texts)) { return true }
    guard let first = texts.first, !CalendarTime.readings(first).isEmpty || texts.count > 20 else {
      return false
    }
    return CalendarTime.PartOrder.allCases.contains { order in
      let count = texts.count { CalendarTime($0, order: order) != nil }
      return count > 0 && 100 * count >= 97 * texts.count
    }
  }

  /// How a column of numbers is read as moments; nil where it has none.
  private func numericReading(_ column: Int, isNamed: Bool) -> TimeColumns.Reading? {
    var texts = texts(column)
    if texts.allSatisfy({ $0.hasSuffix(".0") }) { texts = texts.map { String($0.dropLast(2)) } }
    let different = Set(texts)
    guard let first = texts.first, different.count > 1 else { return nil }
    if isNamed, DateColumn.areQuarters(different) { return .dates(DateColumn(quarters: first)) }
    func digitCount(_ text: String) -> Int { text.utf8.prefix { (0x30...0x39).contains($0) }.count }
    let count = digitCount(first)
    if count == first.utf8.count || count == 4 {
      let isYear = count == 4
      // whole years are moments by the name, or as consecutive numbers of the first column
      let mayBeYears =
        TimePart(name: table.columns[column]) == .year
        || !["t", "step", "index"].contains(table.columns[column].lowercased())
          && (isNamed && areYears(texts)
            || column == 0 && different.count >= 8 && (isConsecutive(texts) || TimeGuess.areMonths(texts)))
      let areDates =
        [6, 8, 10, 12, 14].contains(count) && different.count >= (isNamed ? 2 : 4)
        || count == 7 && isNamed && different.count >= 2
      if isYear && mayBeYears || areDates {
        let dates = DateColumn(digits: (), areWeeks: count == 6 && TimeGuess.areWeeks(different))
        let isRead = texts.allSatisfy { text in
          guard digitCount(text) == count, let written = dates.written(text) else { return false }
          return (1000...2200).contains(written.year)
        }
        if isRead { return .dates(dates) }
      }
    }
    guard isNamed else { return nil }
    if let unit = epochUnit(texts) { return .epoch(unit.perSecond) }
    let name = table.columns[column].lowercased()
    let isDate = ["date", "datum", "fecha", "data", "tarih", "дата", "日"].contains { name.contains($0) }
    // days from 1954 to 2064
    let areDays = texts.allSatisfy { FieldNumber.plain($0).map { (20_000...60_000).contains($0) } ?? false }
    return isDate && areDays ? .excel : nil
  }

  /// Whether texts are a year, a point and a month of two digits.
  private static func areMonths(_ texts: [String]) -> Bool {
    texts.allSatisfy { text in
      let parts = text.split(separator: ".")
      return parts.count == 2 && parts[0].count == 4 && parts[1].count == 2
        && Int(parts[1]).map { (1...12).contains($0) } ?? false
    }
  }

  /// Whether texts of six digits are years and weeks: weeks beyond the twelfth, most of them one behind the other.
  private static func areWeeks(_ texts: Set<String>) -> Bool {
    let numbers = texts.compactMap { Int($0) }.sorted()
    let weeks = numbers.map { $0 % 100 }
    guard numbers.count == texts.count, weeks.allSatisfy({ (1...53).contains($0) }),
      weeks.contains(where: { $0 > 12 })
    else { return false }
    let following = zip(numbers, numbers.dropFirst()).count {
      $1 == $0 + 1 || $1 % 100 == 1 && $1 / 100 == $0 / 100 + 1
    }
    return 2 * following >= numbers.count - 1
  }

  /// Whether texts are numbers that years usually are.
  private func areYears(_ texts: [String]) -> Bool {
    texts.allSatisfy { text in
      Int(text.prefix { $0.isASCII && $0.isNumber }).map { (1500...2200).contains($0) } ?? false
    }
  }

  /// Whether texts are years, each the one behind or before another.
  private func isConsecutive(_ texts: [String]) -> Bool {
    let years = Set(texts.compactMap { Int($0) }).sorted()
    guard areYears(texts), let first = years.first, let last = years.last else { return false }
    return last - first == years.count - 1
  }

  /// The unit of numbers that are moments from 1980 to 2100.
  private func epochUnit(_ texts: [String]) -> TableFormat.TimeUnit? {
    let numbers = texts.compactMap { FieldNumber.plain($0) }
    guard numbers.count == texts.count, let least = numbers.min(), let most = numbers.max() else {
      return nil
    }
    return TableFormat.TimeUnit.allCases.first { unit in
      unit.perSecond > 0 && least >= 315_532_800 * unit.perSecond && most < 4_102_444_800 * unit.perSecond
    }
  }

  private func rises(_ column: Int) -> Bool {
    let values = rows.compactMap { FieldNumber.plain($0[column].trimmingBlanks) }
    return values.count == rows.count && zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
  }

  private func areWhole(_ column: Int) -> Bool {
    table.columns[column].lowercased() != "index"
      || texts(column).allSatisfy { FieldNumber.plain($0).map { $0 == $0.rounded() } ?? false }
  }

  /// How a column that has times is read, with the column of the time of day beside it where it has days that recur.
  private func columns(_ column: Int) throws -> TimeColumns {
    let unit = table.format?.timeUnit ?? table.knownFormat?.timeUnit
    if table.isNumeric(column) {
      switch unit {
      case .steps?: return try TimeColumns(table, [column], .numbers)
      case .date?: return try TimeColumns(table, [column], .dates(DateColumn(digits: ())))
      case .week?: return try TimeColumns(table, [column], .dates(DateColumn(digits: (), areWeeks: true)))
      case .excel?: return try TimeColumns(table, [column], .excel)
      case let unit?: return try TimeColumns(table, [column], .epoch(unit.perSecond))
      case nil:
        return try TimeColumns(table, [column], numericReading(column, isNamed: true) ?? .numbers)
      }
    }
    guard let dates = try table.dates(column) else {
      let row = rows.first { CalendarTime.readings($0[column]).isEmpty } ?? rows[0]
      throw table.malformed(
        try table.firstRow { $0[column] == row[column] } ?? 0, column,
        "numbers or dates such as 2024-12-31 23:59",
        "\"\(row[column].prefix(40))\"")
    }
    if let clock = clock(beside: column, dates) {
      return try TimeColumns(table, [column, clock], .dateAndClock(dates))
    }
    return try TimeColumns(table, [column], .dates(dates))
  }

  /// The column with the time of day, where a column has days alone, of which several follow each other.
  private func clock(beside column: Int, _ dates: DateColumn) -> Int? {
    let head = (try? table.head(50)) ?? rows
    let days = head.compactMap { dates.written($0[column]) }
    guard days.allSatisfy({ $0.unit == .day }),
      zip(days, days.dropFirst()).contains(where: { $0.wall == $1.wall })
    else { return nil }
    let others = free.filter { $0 != column }
    func isFull(_ test: (String) -> Bool, _ place: Int) -> Bool {
      let texts = texts(place)
      return !texts.isEmpty && texts.allSatisfy(test)
    }
    if let place = others.first(where: { place in
      !table.isNumeric(place) && isFull(ClockTime.isMarked, place)
        || table.isNumeric(place) && TimeGuess.isTime(table.columns[place])
          && isFull({ $0.contains(".") && ClockTime.isMarked($0) }, place)
    }) {
      return place
    }
    return others.first { place in
      let name = table.columns[place].lowercased()
      return table.isNumeric(place)
        && (TimePart(name: name) == .hour || ["time", "hhmm", "uhrzeit"].contains(name))
        && isFull({ ClockTime.seconds($0) != nil }, place)
    }
  }

  /// A column for each part of a moment: a year, and at least one other.
  private func parts() throws(DataError) -> TimeColumns? {
    var found: [TimePart: Int] = [:]
    for column in free {
      guard var part = TimePart(name: table.columns[column]) else { continue }
      // `YY MM DD hh mm`
      if part == .month, found[.month] != nil, table.columns[column] == "mm" { part = .minute }
      guard found[part] == nil else { continue }
      let texts = texts(column)
      guard !texts.isEmpty, texts.allSatisfy({ TimeParts.number($0, part) != nil }) else { continue }
      found[part] = column
    }
    guard found[.year] != nil else { return nil }
    if found[.dayOfYear] != nil { (found[.month], found[.day], found[.week]) = (nil, nil, nil) }
    if found[.month] != nil { (found[.week], found[.quarter]) = (nil, nil) }
    // days and hours without what stands above them are no moments
    if found[.month] == nil, found[.week] == nil { found[.day] = nil }
    if found[.day] == nil, found[.dayOfYear] == nil {
      (found[.hour], found[.minute], found[.second]) = (nil, nil, nil)
    }
    if found[.hour] == nil { (found[.minute], found[.second]) = (nil, nil) }
    let parts = found.keys.sorted { $0.rawValue < $1.rawValue }
    guard parts.count > 1 else { return nil }
    return try TimeColumns(table, parts.compactMap { found[$0] }, .parts(parts))
  }
}
