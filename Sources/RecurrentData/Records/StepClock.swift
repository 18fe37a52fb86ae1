/// When the steps of a recording are: at equal distances, or each at a time of its own.
public struct StepClock: Sendable, Equatable, Codable {
  /// What times are counted in.
  public enum Unit: Sendable, Equatable, Codable {
    /// Seconds since a moment that the recording chooses.
    case seconds
    /// Seconds since the beginning of 1970.
    case calendar
    /// What a column of this name counts: frames, steps.
    case counts(String)

    /// The unit behind an amount: `s`, or what is counted.
    public var symbol: String {
      if case .counts(let name) = self { name } else { "s" }
    }
  }

  /// The time of the first step.
  public var start: Double
  /// Steps in a unit of time.
  public var rate: Double
  /// What times are counted in.
  public var unit: Unit
  /// The time of each step, where their distances differ so much that `start` and `rate` would be wrong by half a step.
  public private(set) var times: [Double]?

  /// Steps at equal distances. A rate that is none counts as 1.
  public init(start: Double = 0, rate: Double, unit: Unit = .seconds) {
    (self.start, self.rate, self.unit, times) = (start, StepClock.possible(rate), unit, nil)
  }

  private static func possible(_ rate: Double) -> Double { rate > 0 && rate.isFinite ? rate : 1 }

  /// Steps at the given times, which must rise.
  public init(times: [Double], unit: Unit) {
    start = times.first ?? 0
    rate = StepClock.possible(StepClock.rate(times))
    self.unit = unit
    let (first, rate) = (start, rate)
    let isEven = times.enumerated().allSatisfy { abs(($0.element - first) * rate - Double($0.offset)) <= 0.5 }
    self.times = isEven ? nil : times
  }

  /// Steps in a unit of time, from half of the distances.
  private static func rate(_ times: [Double]) -> Double {
    let distances = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
    guard let middle = distances.isEmpty ? nil : distances[distances.count / 2], middle > 0 else { return 1 }
    // times are often rounded: the mean is better where steps are even
    guard let first = times.first, let last = times.last, distances[distances.count - 1] < 1.5 * middle else {
      return 1 / middle
    }
    return Double(times.count - 1) / (last - first)
  }

  /// The time at a place: 0 is the first step, 0.5 half way to the next one.
  public func time(at place: Double) -> Double {
    guard let times, let first = times.first, let last = times.last else { return start + place / rate }
    let end = Double(times.count - 1)
    if place <= 0 { return first + place / rate }
    if place >= end { return last + (place - end) / rate }
    let step = Int(place)
    return times[step] + (times[step + 1] - times[step]) * (place - Double(step))
  }

  /// The time at which the last step before a place has ended.
  public func end(at place: Double) -> Double {
    times == nil ? time(at: place) : time(at: place - 1) + 1 / rate
  }

  /// The place of a time, the inverse of ``time(at:)``.
  public func place(of time: Double) -> Double {
    guard let times, let first = times.first, let last = times.last else { return (time - start) * rate }
    let end = Double(times.count - 1)
    if time <= first { return (time - first) * rate }
    if time >= last { return end + (time - last) * rate }
    var (low, high) = (0, times.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if times[middle] <= time { low = middle } else { high = middle }
    }
    return Double(low) + (time - times[low]) / (times[high] - times[low])
  }

  /// The clock of some of the steps.
  public func part(_ steps: Range<Int>) -> StepClock {
    var copy = self
    copy.start = time(at: Double(steps.lowerBound))
    copy.times = times.map { Array($0[steps]) }
    return copy
  }

  /// A time as it is printed, with all its digits: a date, or a number.
  public func text(_ time: Double) -> String { StepClock.text(time, unit) }

  /// A time as it is printed, with all its digits: a date, or a number.
  public static func text(_ time: Double, _ unit: Unit) -> String {
    guard unit == .calendar, abs(time) < 1e11 else {
      return time == time.rounded() && abs(time) < 1e15 ? "\(Int(time))" : "\(time)"
    }
    // microseconds are what a number of seconds since 1970 can tell apart
    let units = (time * 1e6).rounded()
    let second = (units / 1e6).rounded(.down)
    let text = CalendarTime(seconds: second).text
    let fraction = Int(units - second * 1e6)
    guard fraction > 0 else { return text }
    let digits = String(1_000_000 + fraction).dropFirst()
    let shown = digits.prefix(
      (digits.lastIndex { $0 != "0" }.map { digits.distance(from: digits.startIndex, to: $0) } ?? 0) + 1)
    return (text.contains("T") ? text : text + "T00:00:00") + "." + shown
  }
}
