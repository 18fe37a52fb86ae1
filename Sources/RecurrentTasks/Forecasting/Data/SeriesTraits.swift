/// What series are like, as far as the choice of a network depends on it; of the training part alone.
struct SeriesTraits {
  /// Steps of the longest training part.
  let longest: Int
  /// Steps of all of them.
  let total: Int
  /// After how many steps things repeat.
  let seasonLength: Int
  /// Whether the season was found in the numbers and not in the calendar.
  let foundSeason: Bool
  /// Whether the targets are small counts.
  let areCounts: Bool
  /// Whether all targets are above zero and named like prices.
  let arePrices: Bool
  /// Whether series are of so different sizes that one scale does not suit them.
  let haveOwnSizes: Bool

  init(_ series: [TimeSeries], _ training: [Range<Int>]) {
    longest = training.map(\.count).max() ?? 0
    total = training.reduce(0) { $0 + $1.count }
    // one column at a time: tables are large
    let columns = zip(series, training).lazy.flatMap { one, part in
      one.targets.indices.lazy.map { one.column($0)[part] }
    }
    let byCalendar = series.first?.frequency.seasonLength ?? 1
    let isCalendar = series.first?.frequency.isCalendar ?? false
    let found = isCalendar ? nil : columns.compactMap(SeriesTraits.period).first
    seasonLength = found ?? byCalendar
    foundSeason = found != nil
    var (count, sum) = (0.0, 0.0)
    var (hasZero, areWhole, arePositive) = (false, true, true)
    for column in columns {
      for value in column where value.isFinite {
        count += 1
        sum += value
        hasZero = hasZero || value == 0
        areWhole = areWhole && value >= 0 && value == value.rounded()
        arePositive = arePositive && value > 0
      }
    }
    // whole numbers that are never zero are rather rounded measurements
    areCounts = hasZero && areWhole && sum < 30 * count
    let names = ["price", "close", "adj close", "adj_close", "open", "quote", "rate", "exchange_rate"]
    arePrices =
      count > 0 && arePositive
      && (series.first?.targets ?? []).allSatisfy { names.contains($0.lowercased()) }
    let sizes = zip(series, training).compactMap { one, part -> Double? in
      let own = one.column(0)[part].filter(\.isFinite)
      return own.isEmpty ? nil : own.reduce(0) { $0 + abs($1) } / Double(own.count)
    }.filter { $0 > 0 }
    haveOwnSizes = (sizes.max() ?? 1) > 3 * (sizes.min() ?? 1)
  }

  /// The lag from 2 on at which a series without its trend is most like itself, where it clearly is.
  private static func period(_ column: ArraySlice<Double>) -> Int? {
    let values = column.filter(\.isFinite).suffix(4000)
    guard values.count >= 24 else { return nil }
    // differences have no trend
    let changes = zip(values.dropFirst(), values).map { $0 - $1 }
    let square = changes.reduce(0) { $0 + $1 * $1 }
    guard square > 0 else { return nil }
    func likeness(_ lag: Int) -> Double {
      zip(changes.dropFirst(lag), changes).reduce(0) { $0 + $1.0 * $1.1 } / square
    }
    let lags = (2...min(400, values.count / 3)).map { ($0, likeness($0)) }
    guard let best = lags.max(by: { $0.1 < $1.1 }), best.1 > 0.3 else { return nil }
    // the shortest lag that is nearly as good: others are multiples of it
    return lags.first { $0.1 > 0.9 * best.1 }?.0
  }
}
