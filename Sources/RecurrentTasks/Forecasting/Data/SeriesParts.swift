/// The parts of a series, one behind the other.
public struct SeriesParts: Sendable, Equatable {
  /// To train on.
  public var training: Range<Int>
  /// To choose and calibrate by.
  public var validation: Range<Int>
  /// To test with.
  public var test: Range<Int>

  /// The steps of the longest of many parts.
  static func longest(_ parts: [SeriesParts], _ part: KeyPath<SeriesParts, Range<Int>>) -> Int {
    parts.map { $0[keyPath: part].count }.max() ?? 0
  }
}

extension DataShares {
  /// The parts of each of many series, cut by time: shares are those of the time from the first step of all series to the
  /// last, counts are steps of each series from its beginning.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where a part is empty, or no series has room for a horizon
  ///   in each part.
  public func parts(of series: [TimeSeries], horizon: Int) throws(DataError) -> [SeriesParts] {
    let all: [SeriesParts]
    switch self {
    case .counts(let training, let validation, let test):
      guard min(training, validation, test) >= 1 else {
        throw .invalidSetting(
          name: "split", expected: "numbers of steps of at least 1",
          found: "\(training), \(validation), \(test)")
      }
      all = series.map { one in
        let ranges = ranges(of: one.stepCount)
        return SeriesParts(training: ranges.training, validation: ranges.validation, test: ranges.test)
      }
    case .shares(let training, let validation, let test):
      guard min(training, validation, test) > 0 else {
        throw .invalidSetting(
          name: "split", expected: "three shares above 0", found: "\(training), \(validation), \(test)")
      }
      let start = series.map(\.start).min() ?? 0
      let span = (series.map { $0.time(of: $0.stepCount) }.max() ?? 0) - start
      all = series.map { one in
        // numbers that are steps fall between by rounding
        func first(_ share: Double) -> Int { one.firstStep(notBefore: start + span * share - 1e-9 * span) }
        let borders = (first(training), first(training + validation))
        return SeriesParts(
          training: 0..<borders.0, validation: borders.0..<borders.1, test: borders.1..<one.stepCount)
      }
    }
    let sizes = [\SeriesParts.training, \.validation, \.test].map { SeriesParts.longest(all, $0) }
    // one step at least is looked back over
    let least = min(sizes[0] - 1, sizes[1], sizes[2])
    guard horizon >= 1, horizon <= least else {
      throw .invalidSetting(
        name: "horizon",
        expected: least < 1
          ? "shorter data cannot be split: there must be at least 2 steps to train on and 1 in each other part"
          : "from 1 to \(least), for the longest parts have \(sizes[0]), \(sizes[1]) and \(sizes[2]) steps",
        found: "\(horizon)")
    }
    return all
  }
}

extension TimeSeries {
  /// The first step that is not before a time.
  fileprivate func firstStep(notBefore time: Double) -> Int {
    var (low, high) = (0, stepCount)
    while low < high {
      let middle = (low + high) / 2
      if self.time(of: middle) < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
