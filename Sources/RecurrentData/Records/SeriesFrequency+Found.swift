extension SeriesFrequency {
  /// The frequency of rising times: the median of their distances, by the calendar where they are moments.
  ///
  /// - Parameters:
  ///   - series: for each series its times.
  ///   - isCalendar: whether they are moments.
  ///   - isRounded: whether steps are rounded up to usual ones, since several rows may be one.
  /// - Returns: nil where no series has two times.
  public static func found(
    in series: [[Double]], isCalendar: Bool, isRounded: Bool = false
  ) -> SeriesFrequency? {
    var distances: [Double] = []
    distances.reserveCapacity(series.reduce(0) { $0 + $1.count })
    for times in series {
      for (time, next) in zip(times, times.dropFirst()) where !isRounded || next > time {
        distances.append(next - time)
      }
    }
    guard !distances.isEmpty else { return nil }
    distances.sort()
    let median = distances[distances.count / 2]
    guard isCalendar else { return .steps(median) }
    if let months = months(series, median: median) { return .months(months) }
    if median == 86_400 {
      let moments = series.lazy.flatMap { $0 }
      // of ordinary days two of seven would be on a weekend
      let weekend = moments.first { CalendarTime(seconds: $0).weekday >= 5 }
      if weekend == nil, series.reduce(0, { $0 + $1.count }) >= 8 { return .businessDays }
    }
    return .seconds(isRounded ? rounded(median) : median)
  }

  /// So many months, where moments keep their day of the month or are the last ones; four weeks are no month.
  private static func months(_ series: [[Double]], median: Double) -> Int? {
    let days = median / 86_400
    guard days >= 27.9, days < 37_000 else { return nil }
    let moments = series.lazy.flatMap { $0 }.prefix(1000).map { CalendarTime(seconds: $0) }
    guard let first = moments.first else { return nil }
    let isMonthly = moments.allSatisfy {
      abs($0.day - first.day) <= 3 || min($0.day, first.day) >= 28
    }
    guard isMonthly else { return nil }
    var distances: [Int] = []
    for times in series {
      for (a, b) in zip(times, times.dropFirst()).prefix(1000) {
        let (a, b) = (CalendarTime(seconds: a), CalendarTime(seconds: b))
        distances.append((b.year - a.year) * 12 + b.month - a.month)
      }
    }
    distances.sort()
    let count = distances[distances.count / 2]
    // months have 28 to 31 days
    return count > 0 && abs(days - Double(count) * 30.44) <= 2.6 ? count : nil
  }

  /// The next usual length of a step: 1, 2, 5, 10, 15 or 30 seconds or minutes, 1, 2, 3, 4, 6 or 12 hours, days.
  private static func rounded(_ seconds: Double) -> Double {
    let usual: [Double] = [
      1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200, 86_400,
      604_800,
    ]
    return usual.first { $0 >= seconds } ?? seconds
  }

  /// When the step that contains a time begins, where steps are counted from the beginning of its day, or of 1970.
  func start(of time: Double) -> Double {
    switch self {
    case .steps: time
    case .seconds(let size): (time / size).rounded(.down) * size
    case .businessDays: (time / 86_400).rounded(.down) * 86_400
    case .months:
      CalendarTime(
        year: CalendarTime(seconds: time).year, month: CalendarTime(seconds: time).month, day: 1
      )?.seconds ?? time
    }
  }

  /// The step that contains a time, counted from the one that begins at another.
  func step(containing time: Double, from start: Double) -> Int {
    switch self {
    case .steps(let size), .seconds(let size):
      let step = ((time - start) / size).rounded(.down)
      return abs(step) < 1e9 ? Int(step) : .max
    case .months(let size):
      let (a, b) = (CalendarTime(seconds: start), CalendarTime(seconds: time))
      return ((b.year - a.year) * 12 + b.month - a.month) / size
    case .businessDays: return place(of: (time / 86_400).rounded(.down) * 86_400, from: start).step
    }
  }
}
