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
    let season = SeriesTraits.season(series, training)
    (seasonLength, foundSeason) = (season.length, season.isFound)
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

  /// After how many steps the training parts repeat; of many series some are looked at.
  private static func season(_ series: [TimeSeries], _ training: [Range<Int>]) -> SeriesSeason {
    let step = max(1, series.count / 8)
    let columns = stride(from: 0, to: series.count, by: step).flatMap { index in
      series[index].targets.indices.prefix(4).map { Array(series[index].column($0)[training[index]]) }
    }
    return SeriesSeason(columns, frequency: series.first?.frequency ?? .steps(1))
  }
}
