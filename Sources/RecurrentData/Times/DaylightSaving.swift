/// The clock of times in which an hour of autumn stands twice: made one that goes on evenly, that of the last row.
struct DaylightSaving {
  /// The times by the clock of the last row.
  let times: [Double]
  /// The hours that stand twice.
  let doubled: [Double]

  private static let hour = 3600.0

  /// Looks at the times of a series in the order of its rows.
  ///
  /// - Returns: nil where no hour stands twice, or what stands twice is not that of daylight saving.
  init?(_ rows: [Double]) {
    var first: [Double: Int] = [:]
    var second: Set<Int> = []
    for (row, time) in rows.enumerated() {
      if first[time] == nil {
        first[time] = row
      } else if !second.insert(row).inserted {
        return nil
      }
    }
    guard !second.isEmpty, rows.count >= 48 else { return nil }
    let twice = Set(second.map { rows[$0] })
    // a time that stands three times is no such hour
    guard twice.count == second.count else { return nil }
    var hours: [Double] = []
    for time in twice.sorted() where hours.last.map({ time >= $0 + DaylightSaving.hour }) ?? true {
      hours.append(time)
    }
    guard hours.allSatisfy(DaylightSaving.mayBeAutumn) else { return nil }
    // all that is within such an hour stands twice
    let isWhole = first.keys.allSatisfy { time in
      twice.contains(time) || !hours.contains { (0..<DaylightSaving.hour).contains(time - $0) }
    }
    guard isWhole else { return nil }
    let springs = DaylightSaving.springs(first.keys.sorted())
    guard let summers = DaylightSaving.summers(autumns: hours, springs: springs) else { return nil }
    func isSummer(_ row: Int) -> Bool {
      let time = rows[row]
      if let hour = hours.first(where: { (0..<DaylightSaving.hour).contains(time - $0) }) {
        return !second.contains(row) && time >= hour
      }
      return summers.contains { $0.contains(time) }
    }
    let even = rows.indices.map { rows[$0] - (isSummer($0) ? DaylightSaving.hour : 0) }
    let last = even.indices.max { even[$0] < even[$1] } ?? 0
    let shift = rows[last] - even[last]
    times = even.map { $0 + shift }
    doubled = hours
  }

  /// Whether a time is in the night to a Sunday, in a month in which clocks go back in the north or the south.
  private static func mayBeAutumn(_ time: Double) -> Bool {
    let moment = CalendarTime(seconds: time)
    let isNight =
      moment.weekday == 6 && moment.hourOfDay <= 3 || moment.weekday == 5 && moment.hourOfDay >= 23
    return isNight && [3, 4, 9, 10, 11].contains(moment.month)
  }

  /// The hours that are missing on a Sunday in the night: times behind a gap of an hour more than a step.
  private static func springs(_ times: [Double]) -> [Double] {
    let distances = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
    let step = distances[distances.count / 2]
    return zip(times, times.dropFirst()).compactMap { before, next in
      let moment = CalendarTime(seconds: next)
      let isGap = abs(next - before - step - hour) < 1
      return isGap && moment.weekday == 6 && moment.hourOfDay >= 1 && moment.hourOfDay <= 4
        && [3, 4, 8, 9, 10].contains(moment.month) ? next : nil
    }
  }

  /// When clocks are an hour ahead; nil where a summer between two autumns has no beginning.
  private static func summers(autumns: [Double], springs: [Double]) -> [Range<Double>]? {
    var summers: [Range<Double>] = []
    var end = -Double.infinity
    for autumn in autumns {
      let begin = springs.last { $0 > end && $0 < autumn }
      guard begin != nil || end == -.infinity else { return nil }
      summers.append((begin ?? -.infinity)..<autumn)
      end = autumn
    }
    if let begin = springs.first(where: { $0 > end }) { summers.append(begin..<Double.infinity) }
    return summers
  }
}
