import RecurrentReports

extension ForecastingTask {
  /// Reads the table of a training, and decides what depends on how it is cut: the horizon, and columns that cannot be used.
  ///
  /// - Throws: ``DataError`` or a format error.
  static func table(
    _ source: DataSource, _ settings: Settings, _ split: DataShares
  ) throws -> (table: SeriesTable, horizon: Int, notes: [DataNote]) {
    var columns = settings.seriesColumns
    var table = try SeriesTable(source, columns: columns)
    var parts = try split.parts(of: table.series, horizon: 1)
    var notes: [DataNote] = []
    let constant = settings[.target] == nil ? constantTargets(table, parts.map(\.training)) : []
    if !constant.isEmpty, constant.count < table.columns.targets.count {
      columns.ignored += constant
      table = try SeriesTable(source, columns: columns)
      parts = try split.parts(of: table.series, horizon: 1)
      let names = constant.map { "\"\($0)\"" }.joined(separator: ", ")
      notes.append(
        DataNote(.found, "\(names): the same throughout the training part, and left out", setting: "target"))
    }
    let horizon: Int
    if let asked = settings[.horizon] {
      horizon = asked
    } else {
      let season = settings[.season] ?? SeriesTraits(table.series, parts.map(\.training)).seasonLength
      // without a season a turn of the calendar is what people ask for
      let usual = season > 1 ? season : min(table.frequency.seasonLength, 100)
      let (validation, test) = (SeriesParts.longest(parts, \.validation), SeriesParts.longest(parts, \.test))
      // what this does not fit into is predicted as far as it fits
      horizon = max(1, min(usual, SeriesParts.longest(parts, \.training) - 1, validation, test))
      notes.append(DataNote(.assumed, "the horizon is \(counted(horizon, "step"))", setting: "horizon"))
    }
    // a few rows without the target are rather its last values, which are missing, than the future of other columns
    let isGuessed = settings[.known] == nil && !table.columns.known.isEmpty
    if isGuessed, table.series.contains(where: { $0.futureCount < horizon }) {
      table = try SeriesTable(source, columns: columns, ahead: horizon)
    }
    return (table, horizon, notes)
  }

  /// The targets that have a single value in the training parts of all series, or none.
  private static func constantTargets(_ table: SeriesTable, _ training: [Range<Int>]) -> [String] {
    table.columns.targets.enumerated().filter { target, _ in
      var first: Double?
      for (one, part) in zip(table.series, training) {
        for value in one.column(target)[part] where value.isFinite {
          if let first, value != first { return false }
          first = value
        }
      }
      return true
    }.map(\.element)
  }
}
