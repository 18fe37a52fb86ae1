/// Cuts series by time into a part to train on, one to choose and calibrate by, and one to evaluate by.
public enum ForecastSplit: Sendable, Equatable, Codable {
  /// Shares of the time from the first step of all series to the last; what is left is the last part.
  case shares(training: Double, validation: Double)
  /// So many steps of each series from its beginning; what is behind them is left out.
  case steps(training: Int, validation: Int, test: Int)

  /// As the setting takes it: `0.6,0.2,0.2`, or `8640,2880,2880`.
  public var text: String {
    switch self {
    case .shares(let training, let validation):
      // 1 - 0.6 - 0.2 is not 0.2 to the last bit
      "\(training),\(validation),\(((1 - training - validation) * 1e9).rounded() / 1e9)"
    case .steps(let training, let validation, let test): "\(training),\(validation),\(test)"
    }
  }

  /// The parts of a series.
  public struct Parts: Sendable, Equatable {
    /// To train on.
    public var training: Range<Int>
    /// To choose and calibrate by.
    public var validation: Range<Int>
    /// To evaluate by.
    public var test: Range<Int>
  }

  /// The parts of each of many series.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where shares or steps are impossible, or no series has room
  ///   for a horizon in each part.
  public func parts(of series: [TimeSeries], horizon: Int) throws(DataError) -> [Parts] {
    let all = try rawParts(of: series)
    func room(_ part: KeyPath<Parts, Range<Int>>) -> Int { all.map { $0[keyPath: part].count }.max() ?? 0 }
    let (training, validation, test) = (room(\.training), room(\.validation), room(\.test))
    // one step at least is looked back over
    let least = Swift.min(training - 1, validation, test)
    guard horizon >= 1, horizon <= least else {
      throw .invalidSetting(
        name: "horizon",
        expected: least < 1
          ? "shorter data cannot be split: there must be at least 2 steps to train on and 1 in each other part"
          : "from 1 to \(least), for the longest parts have \(training), \(validation) and \(test) steps",
        found: "\(horizon)")
    }
    return all
  }

  private func rawParts(of series: [TimeSeries]) throws(DataError) -> [Parts] {
    switch self {
    case .steps(let training, let validation, let test):
      guard training >= 1, validation >= 1, test >= 1 else {
        throw .invalidSetting(
          name: "split", expected: "numbers of steps of at least 1",
          found: "\(training), \(validation), \(test)")
      }
      return series.map { one in
        let borders = [training, training + validation, training + validation + test].map {
          Swift.min($0, one.stepCount)
        }
        return Parts(
          training: 0..<borders[0], validation: borders[0]..<borders[1], test: borders[1]..<borders[2])
      }
    case .shares(let training, let validation):
      guard training > 0, validation > 0, training + validation < 1 else {
        throw .invalidSetting(
          name: "split", expected: "two shares above 0 that leave something to evaluate by",
          found: "\(training), \(validation)")
      }
      let start = series.map(\.start).min() ?? 0
      let end = series.map { $0.time(of: $0.stepCount) }.max() ?? 0
      return series.map { one in
        // the first step at or behind a time
        func place(_ share: Double) -> Int {
          let time = start + (end - start) * share
          var (low, high) = (0, one.stepCount)
          while low < high {
            let middle = (low + high) / 2
            // numbers that are steps fall between by rounding
            if one.time(of: middle) < time - 1e-9 * (end - start) { low = middle + 1 } else { high = middle }
          }
          return low
        }
        let (first, second) = (place(training), place(training + validation))
        return Parts(training: 0..<first, validation: first..<second, test: second..<one.stepCount)
      }
    }
  }
}

/// The windows of prepared series in each part.
public struct ForecastWindows: Sendable {
  /// To train on: places at regular distances, each with the slack to the next one.
  public private(set) var training: [ForecastWindow] = []
  /// To choose and calibrate by.
  public private(set) var validation: [ForecastWindow] = []
  /// To evaluate by.
  public private(set) var test: [ForecastWindow] = []

  /// The windows of series.
  ///
  /// A window belongs to the part in which all of its horizon lies; its look-back may reach into the part before.
  ///
  /// - Parameters:
  ///   - series: prepared.
  ///   - parts: of each series.
  ///   - lookBack: steps that are looked back over.
  ///   - horizon: steps that are predicted.
  ///   - trainingLimit: windows of an epoch at most.
  ///   - validationLimit: windows to choose by at most.
  public init(
    _ series: [ForecastSeries], parts: [ForecastSplit.Parts], lookBack: Int, horizon: Int,
    trainingLimit: Int, validationLimit: Int
  ) {
    func origins(_ part: Range<Int>) -> Range<Int> {
      part.lowerBound..<max(part.lowerBound, part.upperBound - horizon + 1)
    }
    func hasTruth(_ one: ForecastSeries, _ origin: Int) -> Bool {
      let width = one.targetCount
      func isSeen(_ steps: Range<Int>) -> Bool {
        one.values[steps.lowerBound * width..<steps.upperBound * width].contains(where: \.isFinite)
      }
      return isSeen(max(0, origin - lookBack)..<origin) && isSeen(origin..<origin + horizon)
    }
    func spread(_ limit: Int, _ places: [Range<Int>]) -> Int {
      let total = places.reduce(0) { $0 + $1.count }
      return max(1, (total + limit - 1) / max(limit, 1))
    }
    // whole look-backs where the series is long enough, at least half of the part otherwise
    let trainingPlaces = parts.map { part in
      let first = min(lookBack, max(1, (part.training.count - horizon) / 2))
      return first..<max(first, part.training.upperBound - horizon + 1)
    }
    let stride = spread(trainingLimit, trainingPlaces)
    for (one, places) in zip(series, trainingPlaces) {
      for origin in Swift.stride(from: places.lowerBound, to: places.upperBound, by: stride) {
        let slack = min(stride - 1, places.upperBound - 1 - origin)
        if hasTruth(one, origin) {
          training.append(ForecastWindow(series: one, origin: origin, slack: slack))
        }
      }
    }
    let validationPlaces = parts.map { origins($0.validation) }
    let validationStride = spread(validationLimit, validationPlaces)
    for (one, places) in zip(series, validationPlaces) {
      for origin in Swift.stride(from: places.lowerBound, to: places.upperBound, by: validationStride)
      where hasTruth(one, origin) { validation.append(ForecastWindow(series: one, origin: origin)) }
    }
    for (one, part) in zip(series, parts) {
      let places = origins(part.test)
      for origin in places where hasTruth(one, origin) {
        test.append(ForecastWindow(series: one, origin: origin))
      }
    }
  }
}
