/// The windows of the parts of series. A window belongs to the part in which all of its horizon lies; its look-back may reach
/// into the part before.
public struct ForecastWindows: Sendable {
  /// To train on: places at regular distances, each with the slack to the next one.
  public let training: [ForecastWindow]
  /// To choose and calibrate by.
  public let validation: [ForecastWindow]
  /// To test with.
  public let test: [ForecastWindow]

  /// The windows of series.
  ///
  /// - Parameters:
  ///   - series: as the network reads them.
  ///   - parts: of each series.
  ///   - lookBack: steps that are looked back over.
  ///   - horizon: steps that are predicted.
  ///   - trainingLimit: windows of an epoch at most.
  ///   - validationLimit: windows to choose by at most.
  public init(
    _ series: [ForecastSeries], parts: [SeriesParts], lookBack: Int, horizon: Int,
    trainingLimit: Int, validationLimit: Int
  ) {
    func hasValues(_ one: ForecastSeries, _ origin: Int) -> Bool {
      let width = one.targetCount
      func isSeen(_ steps: Range<Int>) -> Bool {
        one.values[steps.lowerBound * width..<steps.upperBound * width].contains(where: \.isFinite)
      }
      return isSeen(max(0, origin - lookBack)..<origin) && isSeen(origin..<origin + horizon)
    }
    func windows(_ places: [Range<Int>], limit: Int?, movesOn: Bool = false) -> [ForecastWindow] {
      let total = places.reduce(0) { $0 + $1.count }
      let distance = limit.map { max(1, (total + $0 - 1) / max($0, 1)) } ?? 1
      return zip(series, places).flatMap { one, places in
        stride(from: places.lowerBound, to: places.upperBound, by: distance).compactMap { origin in
          guard hasValues(one, origin) else { return nil }
          let slack = movesOn ? min(distance - 1, places.upperBound - 1 - origin) : 0
          return ForecastWindow(series: one, origin: origin, slack: slack)
        }
      }
    }
    func origins(_ part: Range<Int>, from first: Int? = nil) -> Range<Int> {
      let first = first ?? part.lowerBound
      return first..<max(first, part.upperBound - horizon + 1)
    }
    // whole look-backs where the series is long enough, at least half of the part otherwise
    let trainingPlaces = parts.map {
      origins($0.training, from: min(lookBack, max(1, ($0.training.count - horizon) / 2)))
    }
    training = windows(trainingPlaces, limit: trainingLimit, movesOn: true)
    validation = windows(parts.map { origins($0.validation) }, limit: validationLimit)
    test = windows(parts.map { origins($0.test) }, limit: nil)
  }
}
