/// Reads rows of a series, each an object of JSON: the targets, what is known ahead, and the time where the calendar matters.
public struct ForecastStepReader: TaskStepReader {
  private let task: ForecastingTask
  private var lastTime: Double?
  /// The last time that a line said, and the lines behind it that said none: steps are counted from there, so that neither
  /// rounding nor short months add up.
  private var anchor: (time: Double, count: Int)?

  init(_ task: ForecastingTask) { self.task = task }

  /// The row of a line.
  ///
  /// - Throws: ``DataError``.
  public mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [ForecastStep] {
    func malformed(_ expected: String, _ found: String) -> DataError {
      .malformed(path: "<stream>", place: .line(line), expected: expected, found: found)
    }
    guard case .object(let object) = value else {
      throw malformed("an object with the targets", "another value")
    }
    func number(_ name: String) throws(DataError) -> Double {
      switch object[name] {
      case .number(let number)?: return number
      case .null?: return .nan
      default: throw malformed("a number, or null, for \"\(name)\"", "none")
      }
    }
    let featurizer = task.featurizer
    let time = try moment(object, malformed)
    var values: [Double] = []
    for name in featurizer.targets { values.append(try number(name)) }
    // what is known ahead of the horizon is not in the stream: its last values stand for it
    var known: [Double] = []
    for name in featurizer.known { known.append(try number(name)) }
    let ahead = (0...task.horizon).flatMap { _ in known }
    var statics: [String: String] = [:]
    for column in featurizer.statics { statics[column.name] = object[column.name]?.field ?? "" }
    let source = TimeSeries(
      start: time, frequency: featurizer.frequency, targets: featurizer.targets, values: values,
      known: featurizer.known, knownValues: ahead, statics: statics)
    let series = try featurizer(source, ahead: task.horizon)
    return [ForecastStep(values: series.values, covariates: series.covariates, statics: series.statics)]
  }

  /// The last time, and the anchor of steps that say none.
  public var stored: [Int64] {
    StoredNumbers.stored(lastTime) + StoredNumbers.stored(anchor?.time) + [Int64(anchor?.count ?? 0)]
  }

  /// Takes over what was kept.
  public mutating func restore(_ stored: [Int64]) -> Bool {
    var numbers = StoredNumbers(stored)
    lastTime = numbers.optionalDouble()
    let (time, count) = (numbers.optionalDouble(), numbers.integer(in: 0...1 << 30))
    anchor = time.map { ($0, count) }
    return numbers.areWhole && [lastTime, time].allSatisfy { abs($0 ?? 0) < 1e12 }
  }

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

  private mutating func moment(
    _ object: [String: JSONValue], _ malformed: (String, String) -> DataError
  ) throws(DataError) -> Double {
    let frequency = task.featurizer.frequency
    let next = anchor.map { frequency.time($0.time, advancedBy: $0.count + 1) }
    var isSaid = true
    var time: Double
    switch object[task.columns.time ?? "time"] {
    case .number(let number)?: time = number
    case .text(let text)?:
      time = try moment(text, malformed).seconds
    default:
      guard next != nil || !frequency.isCalendar else {
        throw malformed("the time \"\(task.columns.time ?? "time")\" in the first line", "none")
      }
      time = next ?? 0
      isSaid = false
    }
    if let last = lastTime, time <= last {
      throw malformed("a time behind that of the line before", "an earlier one")
    }
    lastTime = time
    if let last = anchor, !isSaid { anchor = (last.time, last.count + 1) } else { anchor = (time, 0) }
    return time
  }
}
