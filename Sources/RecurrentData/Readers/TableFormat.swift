/// How the dates and the numbers of a table are written, where they can be read in more than one way.
public struct TableFormat: Sendable, Equatable, Codable {
  /// What stands before the decimals of a number.
  public enum DecimalMark: String, Sendable, Codable, CaseIterable {
    /// 1.5, with commas between thousands.
    case point
    /// 1,5, with points between thousands.
    case comma
  }

  /// What the numbers of a column of times count.
  public enum TimeUnit: String, Sendable, Codable, CaseIterable {
    /// Seconds since the beginning of 1970.
    case seconds = "s"
    /// Milliseconds since the beginning of 1970.
    case milliseconds = "ms"
    /// Microseconds since the beginning of 1970.
    case microseconds = "us"
    /// Nanoseconds since the beginning of 1970.
    case nanoseconds = "ns"
    /// Nothing of the calendar.
    case steps
    /// Days since the end of 1899, as Excel counts them.
    case excel
    /// Six digits: a year and a week of ISO 8601.
    case week
    /// Digits of a date: a year, `YYYYMM`, `YYYYMMDD`, `YYYYMMDDHH` and so on.
    case date

    /// How many are a second; 0 where they are no such unit.
    var perSecond: Double {
      switch self {
      case .seconds: 1
      case .milliseconds: 1e3
      case .microseconds: 1e6
      case .nanoseconds: 1e9
      case .steps, .date, .week, .excel: 0
      }
    }

    /// What notes call it.
    var name: String { "\(self)" }
  }

  /// How the bytes of a text are characters.
  public enum Encoding: String, Sendable, Codable, CaseIterable {
    /// UTF-8.
    case utf8 = "utf-8"
    /// UTF-16, little-endian where no mark says otherwise.
    case utf16 = "utf-16"
    /// Windows-1252, of which Latin-1 is a part.
    case latin1 = "latin-1"
  }

  /// What stands between two fields.
  public enum Delimiter: String, Sendable, Codable, CaseIterable {
    /// `,`
    case comma
    /// `;`
    case semicolon
    /// A tab.
    case tab
    /// `|`
    case bar
    /// Any number of blanks.
    case blanks

    /// The character, a space for any number of blanks.
    var byte: UInt8 {
      switch self {
      case .comma: UInt8(ascii: ",")
      case .semicolon: UInt8(ascii: ";")
      case .tab: UInt8(ascii: "\t")
      case .bar: UInt8(ascii: "|")
      case .blanks: UInt8(ascii: " ")
      }
    }
  }

  /// In which order dates with slashes, points or dashes have their parts; nil where the rows are to tell.
  public var dateOrder: CalendarTime.PartOrder?
  /// What stands before decimals; nil where the rows are to tell.
  public var decimal: DecimalMark?
  /// What numbers that are times count; nil where they are to tell.
  public var timeUnit: TimeUnit?
  /// Whether an hour that stands twice in autumn is that of daylight saving; nil where the rows are to tell.
  public var hasDaylightSaving: Bool?
  /// What stands for a value that is missing, besides nothing; nil for what is usual.
  public var missing: [String]?
  /// What stands between two fields; nil where the lines are to tell.
  public var delimiter: Delimiter?
  /// Lines before the names of the columns; nil where the lines are to tell.
  public var skippedLines: Int?
  /// Lines with names of columns; nil where the lines are to tell.
  public var headerLines: Int?
  /// How the bytes are characters; nil where they are to tell.
  public var encoding: Encoding?
  /// The sheet of a workbook; nil for the first one.
  public var sheet: String?

  /// A format.
  public init(
    dateOrder: CalendarTime.PartOrder? = nil, decimal: DecimalMark? = nil, timeUnit: TimeUnit? = nil,
    hasDaylightSaving: Bool? = nil, missing: [String]? = nil, delimiter: Delimiter? = nil,
    skippedLines: Int? = nil, headerLines: Int? = nil, encoding: Encoding? = nil, sheet: String? = nil
  ) {
    (self.dateOrder, self.decimal, self.timeUnit) = (dateOrder, decimal, timeUnit)
    (self.hasDaylightSaving, self.missing, self.delimiter) = (hasDaylightSaving, missing, delimiter)
    (self.skippedLines, self.headerLines, self.encoding) = (skippedLines, headerLines, encoding)
    self.sheet = sheet
  }

  /// The moment that a number of a column of times says, in seconds since the beginning of 1970; the number itself where nothing
  /// is said about it, nil where it says none.
  public func seconds(of number: Double) -> Double? {
    switch timeUnit {
    case nil, .steps?: return number
    case .date?: return abs(number) < 1e15 ? DateColumn(digits: ()).written("\(Int(number))")?.wall : nil
    case .week?:
      return abs(number) < 1e15 ? DateColumn(digits: (), areWeeks: true).written("\(Int(number))")?.wall : nil
    case .excel?: return TableFormat.seconds(excel: number)
    case let unit?: return number / unit.perSecond
    }
  }

  /// The moment of days since the end of 1899, in seconds since the beginning of 1970, without what is less than a second.
  static func seconds(excel days: Double) -> Double { ((days - 25_569) * 86_400).rounded() }

  /// This one, and for what it leaves open another one; nil where both leave all open.
  public func filled(from other: TableFormat?) -> TableFormat? {
    let result = TableFormat(
      dateOrder: dateOrder ?? other?.dateOrder, decimal: decimal ?? other?.decimal,
      timeUnit: timeUnit ?? other?.timeUnit,
      hasDaylightSaving: hasDaylightSaving ?? other?.hasDaylightSaving, missing: missing ?? other?.missing,
      delimiter: delimiter ?? other?.delimiter, skippedLines: skippedLines ?? other?.skippedLines,
      headerLines: headerLines ?? other?.headerLines, encoding: encoding ?? other?.encoding,
      sheet: sheet ?? other?.sheet)
    return result == TableFormat() ? nil : result
  }
}
