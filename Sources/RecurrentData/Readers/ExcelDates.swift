import RecurrentFormats

/// Which cells of a workbook are dates, and what their numbers mean: days since the end of 1899, or since the beginning of 1904.
struct ExcelDates {
  private let areDates: [Bool]
  private let countsFrom1904: Bool

  /// Formats of dates and times that have no code in the file.
  private static let builtIn = Set(14...22).union(27...36).union(45...47).union(50...58)

  /// Reads the styles of a workbook.
  ///
  /// - Throws: ``DataError`` or ``FormatError``.
  init(_ parts: ZipParts, path: String, countsFrom1904: Bool) throws {
    self.countsFrom1904 = countsFrom1904
    var (codes, styles, isInCells) = ([Int: String](), [Bool](), false)
    try ExcelWorkbook.each(in: parts, "xl/styles.xml", path) { event in
      switch event {
      case .open("numFmt", let own):
        if let id = own["numFmtId"].flatMap({ Int($0) }) { codes[id] = own["formatCode"] }
      case .open("cellXfs", _): isInCells = true
      case .close("cellXfs"): isInCells = false
      case .open("xf", let own) where isInCells:
        let id = own["numFmtId"].flatMap { Int($0) } ?? 0
        styles.append(codes[id].map(ExcelDates.isDate) ?? ExcelDates.builtIn.contains(id))
      default: break
      }
    }
    areDates = styles
  }

  /// Whether a code such as `yyyy-mm-dd` is that of a date: it has letters of dates outside of quotes and brackets.
  static func isDate(_ code: String) -> Bool {
    var (isQuoted, isBracketed, isEscaped) = (false, false, false)
    for character in code.lowercased() {
      if isEscaped {
        isEscaped = false
        continue
      }
      switch character {
      case "\\", "_", "*": isEscaped = !isQuoted
      case "\"": isQuoted.toggle()
      case "[" where !isQuoted: isBracketed = true
      case "]": isBracketed = false
      case "d", "m", "y", "h", "s": if !isQuoted, !isBracketed { return true }
      default: break
      }
    }
    return false
  }

  /// The date of a number, with the time of day where it has one; of less than a day the time of day; nil where the style is that
  /// of no date, or the number none.
  func text(_ number: Double, style: Int) -> String? {
    guard areDates.indices.contains(style), areDates[style], number >= 0, number < 2_958_466 else {
      return nil
    }
    // the calendar of 1900 has a 29th of February that never was
    let offset = countsFrom1904 ? 24_107.0 : number < 60 ? 25_568 : 25_569
    let seconds = (number - number.rounded(.down)) * 86_400
    // numbers are rounded to about a microsecond
    let rounded = (seconds * 1_000).rounded() / 1_000
    let whole = (number.rounded(.down) - offset) * 86_400 + rounded
    if number < 1 {
      let parts = CalendarTime(seconds: rounded).text.split(separator: "T")
      return parts.count > 1 ? String(parts[1]) : "00:00:00"
    }
    return CalendarTime(seconds: whole).text
  }
}
