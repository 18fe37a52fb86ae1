/// The times of the rows of a table of series, by one clock.
struct SeriesClock {
  /// Seconds since 1970 by that clock, or numbers.
  private(set) var times: [Double] = []
  /// How they are printed.
  private(set) var form = TimeForm()
  /// What was found.
  private(set) var notes: [DataNote] = []
  private var offsets: [Int32] = []
  private var hasOffsets = false

  /// Rows are steps one after the other.
  init(count: Int) { times = (0..<count).map(Double.init) }

  /// Times that are to come.
  init(_ columns: TimeColumns, count: Int) {
    form = columns.form
    times.reserveCapacity(count)
  }

  /// Adds the time of a row.
  mutating func append(_ moment: TimeColumns.Moment) {
    if let offset = moment.offset, !hasOffsets {
      hasOffsets = true
      offsets = [Int32](repeating: Int32(offset), count: times.count)
    }
    times.append(moment.wall)
    if hasOffsets { offsets.append(Int32(moment.offset ?? 0)) }
  }

  /// Puts all times on the clock of the last one. Where days and what is longer are counted, each keeps its own clock.
  mutating func finish() {
    guard hasOffsets, let first = offsets.first else { return }
    defer { offsets = [] }
    let last = times.indices.max { times[$0] - Double(offsets[$0]) < times[$1] - Double(offsets[$1]) } ?? 0
    let offset = offsets[last]
    form.zone = TimeForm.zone(Int(offset))
    guard offsets.contains(where: { $0 != first }) else { return }
    let isDaily = Set(times.map { $0.truncatingRemainder(dividingBy: 86_400) }).count == 1
    if !isDaily {
      for row in times.indices { times[row] += Double(offset - offsets[row]) }
      notes.append(
        DataNote(.found, "the offsets from UTC differ; times are by that of the last row, \(form.zone)"))
    }
  }

  /// Puts times in which an hour of autumn stands twice on one clock.
  ///
  /// - Parameter groups: the rows of each series.
  /// - Returns: whether there are such times.
  mutating func resolveDaylightSaving(_ groups: [[Int]]) -> Bool {
    var own = times
    var doubled: Set<Double> = []
    for rows in groups {
      guard let clock = DaylightSaving(rows.map { times[$0] }) else { continue }
      for (row, time) in zip(rows, clock.times) { own[row] = time }
      doubled.formUnion(clock.doubled)
    }
    guard let first = doubled.min() else { return false }
    times = own
    let more = doubled.count > 1 ? " and \(doubled.count - 1) other times" : ""
    notes.append(
      DataNote(
        .assumed,
        "the hour of \(CalendarTime(seconds: first).text)\(more) stands twice, as clocks go back then: times are by "
          + "the clock of the last row", setting: "daylight-saving"))
    return true
  }
}
