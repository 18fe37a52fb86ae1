/// Finds out what stands between the fields of a table, from its first lines.
struct DialectSniffer {
  /// A record of the first lines.
  struct Row {
    var offset: Int
    var line: Int
    var fields: [String]
  }

  /// The delimiter and what it makes of the first lines.
  struct Cut {
    var delimiter: UInt8
    var rows: [Row]
    /// Fields of most rows.
    var width: Int
    /// The share of rows that have so many.
    var share: Double
  }

  private let bytes: UnsafeRawBufferPointer
  private let start: (offset: Int, line: Int)
  private let isTabbed: Bool
  private let path: String
  private static let lineCount = 200
  static let comma = UInt8(ascii: ",")
  static let blank = UInt8(ascii: " ")
  private static let tab = UInt8(ascii: "\t")
  private static let delimiters = [tab, UInt8(ascii: ";"), comma, UInt8(ascii: "|")]

  init(
    _ bytes: UnsafeRawBufferPointer, from start: Int, line: Int = 1, isTabbed: Bool, path: String
  ) {
    (self.bytes, self.start, self.isTabbed, self.path) = (bytes, (start, line), isTabbed, path)
  }

  /// Whether two lines or more have the same number of fields, two or more, by one delimiter.
  var hasColumns: Bool {
    if areNumbersBetweenBlanks { return rows(DialectSniffer.blank).count > 1 }
    return DialectSniffer.delimiters.contains { delimiter in
      let counts = rows(delimiter).prefix(20).map(\.fields.count)
      return counts.count > 1 && counts[0] > 1 && counts.allSatisfy { $0 == counts[0] }
    }
  }

  /// What a delimiter makes of the first lines.
  func cut(_ delimiter: UInt8) -> Cut {
    let rows = rows(delimiter)
    var counts: [Int: Int] = [:]
    for row in rows { counts[row.fields.count, default: 0] += 1 }
    let most = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }
    let width = most?.key ?? 1
    // a delimiter at the end of rows makes one more
    let own = rows.enumerated().count { index, row in
      let count = row.fields.count
      // names may stand above rows that have a number or a name more
      return count == width || count == width + 1 && row.fields[width].isEmpty
        || index == 0 && count == width - 1
    }
    return Cut(
      delimiter: delimiter, rows: rows, width: width, share: Double(own) / Double(max(rows.count, 1)))
  }

  /// The delimiter that cuts every line into the same number of fields, else most of them into fields of which some are numbers or
  /// times; where none does, a comma or a tab, of which there is one column.
  func best() -> Cut {
    let cuts = (isTabbed ? [DialectSniffer.tab] : DialectSniffer.delimiters).map(cut)
    let whole = cuts.filter {
      $0.width > 1 && $0.rows.allSatisfy { [width = $0.width] row in row.fields.count == width }
    }
    if let best = whole.max(by: { $0.width < $1.width }) { return best }
    // what stands above and below a table has other numbers of fields
    let partly = cuts.filter {
      $0.width > 1 && $0.share >= 0.5 && $0.rows.count >= 3 && ColumnKinds($0).hasTyped
    }
    if let best = partly.max(by: { ($0.share, $0.width) < ($1.share, $1.width) }) { return best }
    let blanks = cut(DialectSniffer.blank)
    if areNumbersBetweenBlanks { return blanks }
    if blanks.width > 2, blanks.share >= 0.9, blanks.rows.count >= 4 {
      let kinds = ColumnKinds(blanks)
      if 2 * kinds.numberCount >= blanks.width { return blanks }
    }
    let isTab = isTabbed || rows(DialectSniffer.comma).first?.fields.count == 1
    return cut(isTab ? DialectSniffer.tab : DialectSniffer.comma)
  }

  /// Whether every line has the same number of numbers, two or more, with blanks between them.
  private var areNumbersBetweenBlanks: Bool {
    let rows = rows(DialectSniffer.blank)
    guard let count = rows.first?.fields.count, count > 1 else { return false }
    func areNumbers(_ row: Row) -> Bool { row.fields.allSatisfy { FieldNumber.plain($0) != nil } }
    return rows.allSatisfy { $0.fields.count == count } && rows.dropFirst().allSatisfy(areNumbers)
      && (rows.count > 1 || areNumbers(rows[0]))
  }

  private func rows(_ delimiter: UInt8) -> [Row] {
    var parser = RecordParser(bytes, at: start.offset, line: start.line, delimiter: delimiter, path: path)
    var rows: [Row] = []
    while rows.count < DialectSniffer.lineCount, !parser.isAtEnd {
      let place = (parser.index, parser.line)
      guard let fields = try? parser.fields() else { break }
      if fields.contains(where: { !$0.trimmingBlanks.isEmpty }) {
        rows.append(Row(offset: place.0, line: place.1, fields: fields))
      }
    }
    return rows
  }
}

/// What stands in the columns of the first rows of a table.
struct ColumnKinds {
  /// What most fields of a column are.
  enum Kind { case number, time, text, nothing }

  /// Column by column.
  let kinds: [Kind]

  /// Looks at the rows of usual width, but for the first ones, which may be names.
  init(_ cut: DialectSniffer.Cut) {
    let whole = cut.rows.filter { $0.fields.count == cut.width || $0.fields.count == cut.width + 1 }
    self.init(whole.dropFirst(whole.count > 12 ? 6 : 1).map(\.fields), width: cut.width)
  }

  init(_ rows: [[String]], width: Int) {
    kinds = (0..<width).map { column in
      var (numbers, times, texts) = (0, 0, 0)
      for row in rows where column < row.count {
        switch ColumnKinds.kind(of: row[column]) {
        case .number: numbers += 1
        case .time: times += 1
        case .text: texts += 1
        case .nothing: continue
        }
      }
      let all = numbers + times + texts
      if all == 0 { return .nothing }
      if 10 * numbers >= 9 * all { return .number }
      if 10 * times >= 9 * all { return .time }
      return .text
    }
  }

  /// What a field is.
  static func kind(of field: String) -> Kind {
    let text = field.trimmingBlanks
    if FieldNumber.isMissing(text) { return .nothing }
    if FieldNumber.isNumber(text) { return .number }
    return !CalendarTime.readings(text).isEmpty || ClockTime.isMarked(text) ? .time : .text
  }

  /// Whether there is a column of numbers or times.
  var hasTyped: Bool { kinds.contains { $0 == .number || $0 == .time } }
  /// Columns of numbers or times.
  var numberCount: Int { kinds.count { $0 == .number || $0 == .time } }

  /// How many fields of a row are as their columns, of those with numbers or times, and how many are texts there.
  func agreement(_ fields: [String]) -> (alike: Int, other: Int) {
    var counts = (alike: 0, other: 0)
    for (column, kind) in kinds.enumerated() where column < fields.count && (kind == .number || kind == .time)
    {
      switch ColumnKinds.kind(of: fields[column]) {
      case .nothing: continue
      case .text: counts.other += 1
      case .number, .time: counts.alike += 1
      }
    }
    return counts
  }
}
