/// How well events were announced. A warning is right where an event of its kind begins after it and before it ends; an event counts
/// as announced when a right warning was given, and its lead time is that from the first of them. Warnings while an event lasts
/// are not counted.
public struct WarningMetrics: Sendable, Equatable, Codable {
  /// Events that were announced.
  public var announced: Int
  /// Events that were not.
  public var missed: Int
  /// Warnings that no event followed.
  public var falseAlarms: Int
  /// For each event that was announced how long before it that was, rising.
  public var leadTimes: [Double]
  /// The time that was watched: that of the recordings without that of events.
  public var watched: Double
  /// The time of it in which a warning stood.
  public var warned: Double

  /// Of the events the share that was announced; nil without events.
  public var sensitivity: Double? {
    announced + missed > 0 ? Double(announced) / Double(announced + missed) : nil
  }
  /// The lead time of the middle; nil where nothing was announced.
  public var medianLeadTime: Double? {
    guard !leadTimes.isEmpty else { return nil }
    let middle = leadTimes.count / 2
    return leadTimes.count % 2 == 1 ? leadTimes[middle] : (leadTimes[middle - 1] + leadTimes[middle]) / 2
  }
  /// Of the watched time the share in which a warning stood: the sensitivity of warnings at random.
  public var warnedShare: Double { watched > 0 ? min(1, warned / watched) : 0 }
  /// The harmonic mean of sensitivity and of the share of alarms that are right.
  public var f1: Double {
    let all = 2 * announced + missed + falseAlarms
    return all > 0 ? 2 * Double(announced) / Double(all) : 0
  }

  /// False alarms in a time of `span`, such as 3600 s.
  public func falseAlarms(in span: Double) -> Double {
    watched > 0 ? Double(falseAlarms) * span / watched : 0
  }

  /// Compares the warnings of one recording with its events.
  ///
  /// - Parameters:
  ///   - warnings: each from when it was given to when it ends.
  ///   - known: the events.
  ///   - ahead: how long a warning stands.
  ///   - from: when the recording begins.
  ///   - to: when it ends.
  ///   - step: the distance of steps: events that begin within the first one cannot be announced.
  public init(
    _ warnings: [LabelledEvent], known: [LabelledEvent], ahead: Double, from: Double, to: Double, step: Double
  ) {
    // times are quotients: a distance of just the time ahead may be off in the last digits
    let reach = ahead * (1 + 1e-6)
    let events = known.filter { $0.start > from + step / 2 && $0.start <= to + step }
    let covered = WarningMetrics.covered(known.map { ($0.start, max($0.end, $0.start + step)) }, from, to)
    watched = max(0, to - from - covered)
    let counted = warnings.filter { warning in
      !known.contains { $0.start <= warning.start && warning.start < max($0.end, $0.start + step) }
    }
    warned = WarningMetrics.covered(counted.map { ($0.start, $0.start + ahead) }, from, to)
    leadTimes = []
    var right: Set<Int> = []
    for event in events {
      var first: Double?
      for (index, warning) in counted.enumerated()
      where warning.label == event.label && warning.start < event.start
        && event.start - warning.start <= reach
      {
        right.insert(index)
        first = min(first ?? warning.start, warning.start)
      }
      if let first { leadTimes.append(event.start - first) }
    }
    leadTimes.sort()
    (announced, missed) = (leadTimes.count, events.count - leadTimes.count)
    falseAlarms = counted.count - right.count
  }

  /// The time that intervals cover together.
  private static func covered(_ intervals: [(Double, Double)], _ from: Double, _ to: Double) -> Double {
    var (sum, end) = (0.0, from)
    for (low, high) in intervals.sorted(by: { $0 < $1 }) {
      let own = (max(low, end), min(high, to))
      if own.1 > own.0 { (sum, end) = (sum + own.1 - own.0, own.1) }
    }
    return sum
  }

  /// All of several recordings together.
  public init(_ parts: some Sequence<WarningMetrics>) {
    (announced, missed, falseAlarms, leadTimes, watched, warned) = (0, 0, 0, [], 0, 0)
    for part in parts {
      (announced, missed) = (announced + part.announced, missed + part.missed)
      falseAlarms += part.falseAlarms
      leadTimes += part.leadTimes
      (watched, warned) = (watched + part.watched, warned + part.warned)
    }
    leadTimes.sort()
  }
}
