/// Reads rows of a series, each an object of JSON: the targets, what is known ahead or of the past alone, what is the same throughout
/// the series, and the time where the calendar matters. What is missing between the times of two lines is missing in the series, as it is
/// between two rows of a table.
public struct ForecastStepReader: TaskStepReader {
  private let task: ForecastingTask
  /// The time of the last line; nil before a line had one.
  private var lastTime: Double?
  /// The last time that stood in a line, and the lines behind it without one: steps are counted from there, so that neither
  /// rounding nor short months add up.
  private var anchor: (time: Double, count: Int)?
  /// What was known ahead in the last line, or before it where that lacks it; NaN for nothing so far.
  private var lastKnown: [Double]
  /// The same of what is known of the past alone.
  private var lastPast: [Double]

  init(_ task: ForecastingTask) {
    self.task = task
    lastKnown = task.featurizer.known.map { _ in Double.nan }
    lastPast = [Double](repeating: .nan, count: task.featurizer.pastCount)
  }

  /// The row of a line, behind rows without values for the steps that are missing before it: as many as are looked back over at
  /// most. A line that is refused leaves the reader as it is.
  ///
  /// - Throws: ``DataError``.
  public mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [ForecastStep] {
    var next = self
    let steps = try next.read(value) {
      .malformed(path: "<stream>", place: .line(line), expected: $0, found: $1)
    }
    self = next
    return steps
  }

  private mutating func read(
    _ value: JSONValue, _ malformed: (_ expected: String, _ found: String) -> DataError
  ) throws(DataError) -> [ForecastStep] {
    guard case .object(let object) = value else {
      throw malformed("an object with the targets", "another value")
    }
    func found(_ name: String) -> String { object[name] == nil ? "none" : "another value" }
    func number(_ name: String) throws(DataError) -> Double {
      switch CategoryIndicator.value(name, in: object) {
      case .number(let number)?: return number
      case .null?: return .nan
      default: throw malformed("a number, or null, for \"\(name)\"", found(name))
      }
    }
    let featurizer = task.featurizer
    let (time, gap) = try moment(object, malformed)
    // a row reads what the one before had of what is known of the past alone
    let before = gap + (featurizer.pastCount > 0 ? 1 : 0)
    var values = [Double](repeating: .nan, count: before * featurizer.targets.count)
    for name in featurizer.targets { values.append(try number(name)) }
    var (known, past) = ([Double](), [Double]())
    for _ in 0..<before {
      known += lastKnown
      past += lastPast
    }
    for (place, name) in (featurizer.past?.names ?? []).enumerated() {
      let own = try number(name)
      if own.isFinite { lastPast[place] = own }
    }
    past += lastPast
    for (place, name) in featurizer.known.enumerated() {
      let own = try number(name)
      if own.isFinite { lastKnown[place] = own }
    }
    // what is known ahead of the horizon is not in the stream: its last values stand for it
    for _ in 0...task.horizon { known += lastKnown }
    var statics: [String: String] = [:]
    for column in featurizer.statics {
      guard let field = object[column.name]?.field else {
        throw malformed("a text or a number for \"\(column.name)\"", found(column.name))
      }
      statics[column.name] = field
    }
    let source = TimeSeries(
      start: featurizer.frequency.time(time, advancedBy: -before), frequency: featurizer.frequency,
      targets: featurizer.targets, values: values, known: featurizer.known, knownValues: known,
      past: featurizer.past?.names ?? [], pastValues: past, statics: statics)
    let series = try featurizer(source, ahead: task.horizon)
    return Array(task.steps(of: ForecastWindow(series: series, origin: before + 1)).suffix(gap + 1))
  }

  /// The last time, the anchor of steps without one, and what was known last.
  public var stored: [Int64] {
    StoredNumbers.stored(lastTime) + StoredNumbers.stored(anchor?.time) + [Int64(anchor?.count ?? 0)]
      + (lastKnown + lastPast).map(\.stored)
  }

  /// Takes over what was kept.
  ///
  /// - Returns: false where that is no state of such a reader.
  public mutating func restore(_ stored: [Int64]) -> Bool {
    var numbers = StoredNumbers(stored)
    lastTime = numbers.optionalDouble()
    let (time, count) = (numbers.optionalDouble(), numbers.integer(in: 0...1 << 30))
    anchor = time.map { ($0, count) }
    // a state of version 0.1.0 ends here
    lastKnown = numbers.areWhole ? lastKnown.map { _ in Double.nan } : numbers.doubles(lastKnown.count)
    lastPast = numbers.doubles(lastPast.count)
    return numbers.areWhole && [lastTime, time].allSatisfy { abs($0 ?? 0) < 1e12 }
  }

  // MARK: Times

  private func moment(
    _ text: String, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> CalendarTime {
    let order = task.columns.knownFormat?.dateOrder
    guard let moment = CalendarTime.certain(text, order: order) else {
      throw malformed(
        "a time that can be read in one way alone, such as 2024-12-31 23:59", "\"\(text.prefix(40))\"")
    }
    return moment
  }

  /// The time of a line, and how many steps are missing before it, as many as are looked back over at most.
  private mutating func moment(
    _ object: [String: JSONValue], _ malformed: (String, String) -> DataError
  ) throws(DataError) -> (time: Double, gap: Int) {
    let (frequency, name) = (task.featurizer.frequency, task.columns.time ?? "time")
    let time: Double
    switch object[name] {
    case .number(let number)?:
      guard let own = (task.columns.knownFormat ?? TableFormat()).seconds(of: number) else {
        throw malformed("a time as in training", "\(number)")
      }
      time = own
    case .text(let text)?: time = try moment(text, malformed).seconds
    case nil, .null?:
      guard anchor != nil || !frequency.isCalendar else {
        throw malformed("the time \"\(name)\" in the first line", "none")
      }
      return (countedTime(frequency), 0)
    default: throw malformed("a number or a text for the time \"\(name)\"", "another value")
    }
    // years that the calendar can count
    guard abs(time) < 1e12 || !frequency.isCalendar else {
      throw malformed("a time in seconds since the beginning of 1970", "\(time)")
    }
    var gap = 0
    if let lastTime {
      let step = time > lastTime ? frequency.place(of: time, from: lastTime).step : 0
      guard step >= 1 else {
        throw malformed(
          "a time one step (\(frequency.text)) or more behind that of the line before",
          frequency.isCalendar ? CalendarTime(seconds: time).text : "\(time)")
      }
      gap = min(step - 1, task.lookBack)
    }
    lastTime = time
    anchor = (time, 0)
    return (time, gap)
  }

  /// The time of a line without one: a step behind the line before.
  private mutating func countedTime(_ frequency: SeriesFrequency) -> Double {
    let next = (time: anchor?.time ?? 0, count: anchor.map { $0.count + 1 } ?? 0)
    anchor = next
    let time = frequency.time(next.time, advancedBy: next.count)
    // what is counted from no time is none that others can be compared with
    if lastTime != nil { lastTime = time }
    return time
  }
}
