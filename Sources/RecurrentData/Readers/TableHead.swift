/// Which of the first rows of a table name its columns, and which stand above them.
struct TableHead {
  /// Rows above the names.
  private(set) var top = 0
  /// Rows with names, or with what is said about them.
  private(set) var count = 0
  /// What stands in the columns below.
  let kinds: ColumnKinds

  private static let most = 6

  /// Looks at the first rows.
  ///
  /// - Parameters:
  ///   - cut: the rows.
  ///   - lines: how many have names, as somebody says.
  ///   - isWhole: whether nothing stands above the names.
  init(_ cut: DialectSniffer.Cut, lines: Int?, isWhole: Bool) {
    let rows = cut.rows.map(\.fields)
    kinds = ColumnKinds(
      Array(rows.dropFirst(max(1, min(2 * TableHead.most, rows.count / 2)))), width: cut.width)
    if !isWhole, cut.width > 1 {
      top = rows.firstIndex { $0.count >= cut.width || $0.count == cut.width - 1 && rows.count < 3 } ?? 0
    }
    if kinds.hasTyped, rows.count > 1, lines == nil || !isWhole {
      find(rows, cut.width, isWhole: isWhole)
    } else {
      count = TableHead.hasNames(Array(rows[top...]), cut.delimiter) ? 1 : 0
    }
    if let lines { count = min(lines, rows.count - top) }
  }

  /// Looks for the first record of numbers and times, and for names above it.
  private mutating func find(_ rows: [[String]], _ width: Int, isWhole: Bool) {
    let kinds = kinds
    func isRecord(_ row: [String]) -> Bool {
      let own = kinds.agreement(row)
      // where half of the numbers are words the time decides
      let hasTime = kinds.kinds.contains(.time)
      let isTimed = zip(row, kinds.kinds).contains { $1 == .time && ColumnKinds.kind(of: $0) == .time }
      return row.count >= width && own.alike > 0
        && (own.other < own.alike || own.other == own.alike && (isTimed || !hasTime))
    }
    guard var first = rows.firstIndex(where: isRecord) else { return }
    // names stand above the first record, or look like one
    let named = (0..<min(first + 1, rows.count - 1)).last { place in
      let isFirst = !rows[..<place].contains { $0.count >= width }
      return rows[place].count >= width && TableHead.areNumbered(rows[place], kinds, isFirst: isFirst)
    }
    let head = named ?? first
    let areTimes =
      head + 1 < rows.count
      && (TableHead.areTimes(rows[head]) && !TableHead.areTimes(rows[head + 1])
        || TableHead.areYears(rows[head]) && !rows[(head + 1)...].allSatisfy(TableHead.areYears)
        || TableHead.areFollowingYears(rows[head]))
    if named != nil || areTimes {
      // times, or numbers that follow each other, name columns
      (top, count) = (isWhole ? 0 : head, 1)
      if isWhole { count = head + 1 }
      return
    }
    if isWhole {
      count = first
      return
    }
    var begin = first
    while first > 0, begin - first < TableHead.most {
      let row = rows[first - 1]
      if TableHead.isRule(row) {
        // a line above or below the names
        first -= 1
        continue
      }
      let own = kinds.agreement(row.count < width ? [""] + row : row)
      if begin == first, row.count >= width, own.alike + own.other == 0 {
        // a record whose numbers are all missing
        first -= 1
        begin = first
        continue
      }
      // names stand to the left of what they are above, where rows have a number or name in front
      guard row.count >= width || row.count == width - 1 && first == begin, own.alike == 0, own.other > 0
      else { break }
      // one text alone, at the left above names, is a title
      let isTitle =
        first < begin && width > 2 && !row[0].trimmingBlanks.isEmpty
        && row.dropFirst().allSatisfy { $0.trimmingBlanks.isEmpty }
      if isTitle { break }
      first -= 1
    }
    (top, count) = (first, begin - first)
  }

  /// Whether three fields or more are times at equal distances, as names of columns are.
  private static func areTimes(_ fields: [String]) -> Bool {
    let dates = DateColumn(digits: ())
    let texts = fields.map(\.trimmingBlanks).filter { $0.utf8.count >= 4 }
    // in which order days and months stand is asked later
    return CalendarTime.PartOrder.allCases.contains { order in
      let times = texts.compactMap { dates.written($0)?.wall ?? CalendarTime($0, order: order)?.seconds }
      let distances = zip(times.dropFirst(), times).map { $0 - $1 }
      guard distances.count >= 2, let least = distances.min(), let most = distances.max() else {
        return false
      }
      // months and quarters are not all of one length
      return least * most > 0 && max(abs(least), abs(most)) <= 1.15 * min(abs(least), abs(most))
    }
  }

  /// Whether a row is a line that is drawn with dashes.
  static func isRule(_ fields: [String]) -> Bool {
    let texts = fields.map(\.trimmingBlanks).filter { !$0.isEmpty }
    return !texts.isEmpty && texts.allSatisfy { $0.count >= 2 && $0.allSatisfy { "-=+:|".contains($0) } }
      && texts.contains { $0.count >= 3 }
  }

  /// The years that the fields of a row are, beside a word; nil where there are fewer than three, or other numbers among them.
  private static func years(_ fields: [String]) -> [Int]? {
    let texts = fields.map(\.trimmingBlanks).filter { !$0.isEmpty }
    let years = texts.compactMap { text in
      text.utf8.count == 4 ? Int(text).flatMap { (1500...2199).contains($0) ? $0 : nil } : nil
    }
    let words = texts.count { !FieldNumber.isNumber($0) }
    return words > 0 && years.count >= 3 && years.count + words == texts.count ? years : nil
  }

  /// Whether the numbers of a row are years that rise or fall, beside a word.
  private static func areYears(_ fields: [String]) -> Bool {
    guard let years = years(fields) else { return false }
    let pairs = zip(years, years.dropFirst())
    return pairs.allSatisfy { $0 < $1 } || pairs.allSatisfy { $0 > $1 }
  }

  /// Whether the numbers of a row are five years or more, each the one behind or before the one beside it, beside a word.
  private static func areFollowingYears(_ fields: [String]) -> Bool {
    guard let years = years(fields), years.count >= 5 else { return false }
    let step = years[1] - years[0]
    return abs(step) == 1 && zip(years, years.dropFirst()).allSatisfy { $1 - $0 == step }
  }

  /// Whether a row has a word above numbers or times, and besides numbers alone that follow each other from 0 or 1 on.
  private static func areNumbered(_ fields: [String], _ kinds: ColumnKinds, isFirst: Bool) -> Bool {
    var numbers: [Int] = []
    var hasWord = false
    for (column, field) in fields.enumerated() where column < kinds.kinds.count {
      let text = field.trimmingBlanks
      if let number = Int(text) {
        guard kinds.kinds[column] != .text else { return false }
        numbers.append(number)
      } else if kinds.kinds[column] == .number || kinds.kinds[column] == .time {
        if ClockTime.isMarked(text) { continue }
        if FieldNumber.isNumber(text) || !CalendarTime.readings(text).isEmpty { return false }
        hasWord = hasWord || !FieldNumber.isMissing(text)
      }
    }
    if hasWord, PeriodParts.clock(fields.map(\.trimmingBlanks).filter(ClockTime.isMarked)) != nil {
      return true
    }
    guard let first = numbers.first, numbers.count >= 4, (0...1).contains(first) else { return false }
    // many numbers in the first row are names below a name of their own, too
    return (hasWord || isFirst && numbers.count >= 8 && numbers.count < fields.count)
      && numbers.enumerated().allSatisfy { $0.element == first + $0.offset }
  }

  /// Whether the first row has names where no column has numbers or times: no number, and nothing that makes it a record.
  private static func hasNames(_ rows: [[String]], _ delimiter: UInt8) -> Bool {
    guard let head = rows.first, rows.count > 1 || head.count > 1 else { return false }
    let hasNumber = head.contains { field in
      let text = field.trimmingBlanks
      return delimiter == DialectSniffer.comma ? FieldNumber.plain(text) != nil : FieldNumber.isNumber(text)
    }
    guard !hasNumber, head.count > 1 else { return !hasNumber }
    // a sentence, or words that come again in their columns, are no names
    return !head.enumerated().contains { column, field in
      field.count { $0 == " " } >= 6
        || !field.isEmpty && rows.dropFirst().prefix(20).contains { column < $0.count && $0[column] == field }
    }
  }
}
