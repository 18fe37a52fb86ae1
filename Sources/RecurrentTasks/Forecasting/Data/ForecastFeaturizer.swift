/// From series to what a network reads, fitted on the training part.
public struct ForecastFeaturizer: Sendable, Equatable, Codable {
  /// A column that is the same throughout a series.
  public struct StaticColumn: Sendable, Equatable, Codable {
    /// Its name.
    public var name: String
    /// Its words, each a number that is 0 or 1; empty where the column holds numbers.
    public var words: [String]
    /// Of numbers, the mean and the deviation.
    public var center, scale: Double

    /// Numbers that it becomes.
    public var width: Int { max(words.count, 1) }
  }

  /// Columns that are known of the past alone.
  public struct PastColumns: Sendable, Equatable, Codable {
    /// Their names, P.
    public var names: [String]
    /// Their mean and deviation in the training part.
    public var scaler: ChannelScaler
  }

  /// The targets, in order.
  public var targets: [String]
  /// Columns that are known ahead.
  public var known: [String]
  /// What is known of the past alone; nil where nothing is.
  public var past: PastColumns?
  /// Columns that are the same throughout a series.
  public var statics: [StaticColumn]
  /// How far the steps are apart.
  public var frequency: SeriesFrequency
  /// What the calendar says.
  public var calendar: [CalendarFeature]
  /// What is done to the targets first.
  public var transform: ForecastTransform
  /// How a window is brought to a common scale.
  public var normalization: WindowNormalization
  /// Mean and deviation of each target in the training part, transformed.
  public var targetScaler: ChannelScaler
  /// Mean and deviation of what is known ahead in the training part.
  public var knownScaler: ChannelScaler
  /// Whether values were missing in the training part, so that the network reads which.
  public var marksMissing: Bool

  /// Numbers of a step that are known ahead.
  public var knownCount: Int { calendar.count * CalendarFeature.width + known.count }
  /// P: numbers of a step that are known of the past alone.
  public var pastCount: Int { past?.names.count ?? 0 }
  /// V: numbers that a step reads, those that are known ahead first, then those of the past at the step before it.
  public var covariateCount: Int { knownCount + pastCount }
  /// Numbers of a series.
  public var staticCount: Int { statics.reduce(0) { $0 + $1.width } }

  /// Fits scales and words.
  ///
  /// - Parameters:
  ///   - series: the series.
  ///   - training: for each its part to train on.
  ///   - calendar: what the calendar says.
  ///   - transform: what is done to the targets first.
  ///   - normalization: how windows are brought to a common scale.
  /// - Throws: ``DataError`` where a target is constant or missing throughout the training part.
  public static func fit(
    _ series: [TimeSeries], training: [Range<Int>], calendar: [CalendarFeature],
    transform: ForecastTransform, normalization: WindowNormalization
  ) throws(DataError) -> ForecastFeaturizer {
    guard let first = series.first else {
      throw .invalidSetting(name: "series", expected: "at least one", found: "none")
    }
    /// The training part of each of some columns.
    func columns(
      _ names: [String], _ values: KeyPath<TimeSeries, [Double]>, _ number: (Double) -> Double = { $0 }
    ) -> [[Float]] {
      names.indices.map { column in
        zip(series, training).flatMap { one, part in
          let values = one[keyPath: values]
          return part.map { Float(number(values[$0 * names.count + column])) }
        }
      }
    }
    let targets = columns(first.targets, \.values, transform.applied)
    let scaler = ChannelScaler(method: .standard, fitting: targets)
    if let place = scaler.constantChannels.first {
      let isMissing = targets[place].allSatisfy { !$0.isFinite }
      throw .invalidSetting(
        name: "target", expected: "columns whose values change in the training part",
        found: "\"\(first.targets[place])\", which is \(isMissing ? "missing" : "the same") throughout it"
          + (isMissing
            ? "" : ", so that its forecast is \(transform.undone(scaler.centers[place])) without a network"))
    }
    let statics = first.statics.keys.sorted().map { name in
      staticColumn(name, series.map { $0.statics[name] ?? "" })
    }
    let past =
      first.past.isEmpty
      ? nil
      : PastColumns(
        names: first.past,
        scaler: ChannelScaler(method: .standard, fitting: columns(first.past, \.pastValues)))
    return ForecastFeaturizer(
      targets: first.targets, known: first.known, past: past, statics: statics, frequency: first.frequency,
      calendar: calendar, transform: transform, normalization: normalization, targetScaler: scaler,
      knownScaler: ChannelScaler(method: .standard, fitting: columns(first.known, \.knownValues)),
      marksMissing: targets.contains { $0.contains { !$0.isFinite } })
  }

  private static func staticColumn(_ name: String, _ fields: [String]) -> StaticColumn {
    let numbers = fields.compactMap { Double($0) }.filter(\.isFinite)
    guard numbers.count == fields.count else {
      return StaticColumn(name: name, words: Set(fields).sorted(), center: 0, scale: 1)
    }
    let scaler = ChannelScaler(method: .standard, fitting: [numbers.map { Float($0) }])
    return StaticColumn(name: name, words: [], center: scaler.centers[0], scale: scaler.scales[0])
  }

  /// A series as a network reads it.
  ///
  /// - Parameters:
  ///   - series: of the same targets and frequency.
  ///   - ahead: steps beyond the last target for which the calendar is asked.
  /// - Throws: ``DataError`` where it has other columns, or too little is known ahead.
  public func callAsFunction(_ series: TimeSeries, ahead: Int) throws(DataError) -> ForecastSeries {
    guard series.targets == targets, series.known == known, series.past == past?.names ?? [] else {
      throw .invalidSetting(
        name: "the series",
        expected: "the columns \((targets + known + (past?.names ?? [])).joined(separator: ", "))",
        found: (series.targets + series.known + series.past).joined(separator: ", "))
    }
    if transform == .log, let place = series.values.firstIndex(where: { $0 <= 0 }) {
      throw .invalidSetting(
        name: "transform", expected: "none, for values at or below zero have no logarithm",
        found: "log, and \(series.values[place]) at \(series.timeText(of: place / targets.count))")
    }
    return ForecastSeries(
      source: series, values: transform == .none ? series.values : series.values.map(transform.applied),
      covariates: covariates(series, stepCount: series.stepCount + ahead), covariateCount: covariateCount,
      pastCount: pastCount,
      statics: statics.flatMap { column -> [Float] in
        let field = series.statics[column.name] ?? ""
        if column.words.isEmpty {
          return [Float(((Double(field) ?? column.center) - column.center) / column.scale)]
        }
        return column.words.map { $0 == field ? 1 : 0 }
      })
  }

  private func covariates(_ series: TimeSeries, stepCount: Int) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(stepCount * covariateCount)
    // what is missing is taken to be what it was before, or the mean
    var last = [Float](repeating: 0, count: known.count)
    var lastPast = [Float](repeating: 0, count: pastCount)
    for step in 0..<stepCount where covariateCount > 0 {
      if !calendar.isEmpty {
        let time = series.time(of: step)
        for feature in calendar { values += feature.values(at: time) }
      }
      for column in known.indices {
        let place = step * known.count + column
        if place < series.knownValues.count, series.knownValues[place].isFinite {
          last[column] = knownScaler.scaled(Float(series.knownValues[place]), channel: column)
        }
        values.append(last[column])
      }
      guard let past else { continue }
      for column in 0..<pastCount {
        let place = (step - 1) * pastCount + column
        if step > 0, place < series.pastValues.count, series.pastValues[place].isFinite {
          lastPast[column] = past.scaler.scaled(Float(series.pastValues[place]), channel: column)
        }
      }
      values += lastPast
    }
    return values
  }
}
