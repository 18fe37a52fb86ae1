/// Numbers that were measured at regular times: what is to be predicted, and what is known about each step.
public struct TimeSeries: Sendable, Equatable {
  /// Its name among several; empty where it is alone.
  public var id: String
  /// When the first step was: seconds since the beginning of 1970, or a number.
  public var start: Double
  /// How far the steps are apart.
  public var frequency: SeriesFrequency
  /// Names of the targets, C.
  public var targets: [String]
  /// Step by step all targets `[T, C]`; NaN where one is missing.
  public var values: [Double]
  /// Names of what is known ahead, V.
  public var known: [String]
  /// Step by step what is known ahead `[T + K, V]`, for K steps beyond the last target; NaN where it is missing.
  public var knownValues: [Double]
  /// Names of what is known of the past alone, P.
  public var past: [String]
  /// Step by step what is known of the past alone `[T, P]`; NaN where it is missing.
  public var pastValues: [Double]
  /// What is always the same in the series, by column: words or numbers.
  public var statics: [String: String]
  /// How its times are printed.
  public var timeForm = TimeForm()

  /// A series. Traps when the numbers are no whole number of steps.
  public init(
    id: String = "", start: Double = 0, frequency: SeriesFrequency = .steps(1), targets: [String],
    values: [Double], known: [String] = [], knownValues: [Double] = [], past: [String] = [],
    pastValues: [Double] = [], statics: [String: String] = [:]
  ) {
    trapUnless(
      !targets.isEmpty && values.count % targets.count == 0,
      "TimeSeries: \(values.count) values are no whole number of steps of \(targets.count) targets")
    trapUnless(
      knownValues.count % max(known.count, 1) == 0 && (known.isEmpty == knownValues.isEmpty),
      "TimeSeries: \(knownValues.count) values are no whole number of steps of \(known.count) known columns")
    trapUnless(
      pastValues.count == values.count / targets.count * past.count,
      "TimeSeries: \(pastValues.count) values are not \(past.count) columns of the past at "
        + "\(values.count / targets.count) steps")
    self.id = id
    self.start = start
    self.frequency = frequency
    self.targets = targets
    self.values = values
    self.known = known
    self.knownValues = knownValues
    self.past = past
    self.pastValues = pastValues
    self.statics = statics
  }

  /// T.
  public var stepCount: Int { values.count / targets.count }
  /// K: steps beyond the last target whose known columns are given.
  public var futureCount: Int { known.isEmpty ? 0 : max(0, knownValues.count / known.count - stepCount) }

  /// When a step is, also one beyond the end.
  public func time(of step: Int) -> Double { frequency.time(start, advancedBy: step) }

  /// When a step is, in words.
  public func timeText(of step: Int) -> String {
    let time = time(of: step)
    if frequency.isCalendar { return timeForm.text(time) }
    return time == time.rounded() && abs(time) < 1e15 ? "\(Int(time))" : "\(time)"
  }

  /// All values of a target.
  public func column(_ target: Int) -> [Double] {
    stride(from: target, to: values.count, by: targets.count).map { values[$0] }
  }
}

/// Which columns of a table of series say what; nil and empty where the names and values of the columns are to tell.
public struct SeriesColumns: Sendable, Equatable, Codable {
  /// When a row was, or the number of its step.
  public var time: String?
  /// What is to be predicted.
  public var targets: [String]
  /// Which series a row belongs to.
  public var id: String?
  /// What is known ahead: prices that are set, holidays, weather forecasts.
  public var known: [String]
  /// What is known of the past alone: measurements beside the targets.
  public var past: [String]
  /// What is the same throughout a series.
  public var statics: [String]
  /// Columns of numbers that are not to be predicted.
  public var ignored: [String]
  /// What rows of one step are together; nil where each row is a step.
  public var resampling: Resampling?
  /// What a row is; nil where the names of the columns are to tell.
  public var rows: Rows?

  /// What a row of a table of series is.
  public enum Rows: String, Sendable, Codable, CaseIterable {
    /// A step, with a column for each of its numbers.
    case steps
    /// A whole series, with a column for each of its steps.
    case series
    /// A period, with a column for each of its parts: the months of a year, the days of a month, the hours of a day.
    case periods
  }
  /// How dates and numbers are written; nil where the rows are to tell.
  public var format: TableFormat?
  /// How those of the training data were written, for what the rows of other data leave open.
  public var knownFormat: TableFormat?

  /// The names of columns; nil or empty where the names and values of the table are to tell.
  public init(
    time: String? = nil, targets: [String] = [], id: String? = nil, known: [String] = [],
    past: [String] = [], statics: [String] = [], ignored: [String] = [], resampling: Resampling? = nil,
    rows: Rows? = nil, format: TableFormat? = nil
  ) {
    self.resampling = resampling
    self.rows = rows
    self.format = format
    self.time = time
    self.targets = targets
    self.id = id
    self.known = known
    self.past = past
    self.statics = statics
    self.ignored = ignored
  }

  /// Reads what `encode(to:)` writes, also without columns of the past.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    time = try values.decodeIfPresent(String.self, forKey: .time)
    targets = try values.decode([String].self, forKey: .targets)
    id = try values.decodeIfPresent(String.self, forKey: .id)
    known = try values.decode([String].self, forKey: .known)
    past = try values.decodeIfPresent([String].self, forKey: .past) ?? []
    statics = try values.decode([String].self, forKey: .statics)
    ignored = try values.decode([String].self, forKey: .ignored)
    resampling = try values.decodeIfPresent(Resampling.self, forKey: .resampling)
    rows = try values.decodeIfPresent(Rows.self, forKey: .rows)
    format = try values.decodeIfPresent(TableFormat.self, forKey: .format)
    knownFormat = try values.decodeIfPresent(TableFormat.self, forKey: .knownFormat)
  }

  /// Names that usually mean a time.
  static let timeNames = [
    "time", "date", "datetime", "timestamp", "ds", "day", "month", "t", "step", "index",
  ]
  /// Whether a name means a time even where its numbers begin anew, as they do with every series of a table.
  static func isCertainlyTime(_ name: String) -> Bool { !["day", "month", "t"].contains(name) }
  /// Names that usually tell series apart.
  static let idNames = [
    "id", "series", "unique_id", "item_id", "symbol", "ticker", "store", "item", "station", "sensor",
  ]
}
