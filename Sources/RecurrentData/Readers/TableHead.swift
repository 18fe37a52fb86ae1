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
    if TableHead.areTimes(rows[first]), first + 1 < rows.count, !TableHead.areTimes(rows[first + 1]) {
      // times name columns
      (top, count) = (isWhole ? 0 : first, 1)
      if isWhole { count = first + 1 }
      return
    }
    if isWhole {
      count = first
      return
    }
    var begin = first
    while first > 0, begin - first < TableHead.most {
      let row = rows[first - 1]
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
