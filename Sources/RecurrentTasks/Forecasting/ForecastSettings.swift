/// What somebody may say about a forecast; nil where the data decide.
public struct ForecastSettings: Sendable, Equatable, Codable {
  // data
  var time, idColumn: String?
  var target, known, statics, ignoreColumns: [String]?
  var split: [String]?
  // forecast
  var horizon: Int?
  var kind: ForecastOptions.Kind?
  var distribution: ForecastOutput?
  var quantiles: [String]?
  var season: Int?
  var transform: ForecastTransform?
  var normalization: WindowNormalization?
  // model
  var lookBack, segment: Int?
  var cell: CellCatalog?
  var hidden, layers: Int?
  var dropout: Double?

  var dateOrder: CalendarTime.PartOrder?
  var decimal: TableFormat.DecimalMark?

  /// Nothing said.
  public init() {}

  var format: TableFormat? { TableFormat(dateOrder: dateOrder, decimal: decimal).filled(from: nil) }

  var columns: SeriesColumns {
    SeriesColumns(
      time: time, targets: target ?? [], id: idColumn, known: known ?? [], statics: statics ?? [],
      ignored: ignoreColumns ?? [], format: format)
  }

  func options(seed: UInt64) throws(DataError) -> ForecastOptions {
    var options = ForecastOptions(seed: seed)
    (options.kind, options.output) = (kind, distribution)
    (options.lookBack, options.segment, options.seasonLength) = (lookBack, segment, season)
    (options.cell, options.hiddenSize, options.layerCount) = (cell, hidden, layers)
    options.dropoutRate = dropout.map { Float($0) }
    (options.transform, options.normalization) = (transform, normalization)
    if let quantiles {
      options.levels = quantiles.compactMap { Double($0) }
      guard options.levels.count == quantiles.count else {
        throw .invalidSetting(
          name: "--quantiles", expected: "numbers such as 0.1,0.5,0.9",
          found: quantiles.joined(separator: ","))
      }
    }
    return options
  }

  /// Two or three shares of the time, or three numbers of steps.
  func cut() throws(DataError) -> ForecastSplit {
    guard let split else { return ForecastPlan.standardSplit }
    switch try DataShares(split, example: [ForecastPlan.standardSplit.text]) {
    case .shares(let training, let validation, _): return .shares(training: training, validation: validation)
    case .counts(let training, let validation, let test):
      return .steps(training: training, validation: validation, test: test)
    }
  }

  static let flags: [(title: String, flags: [TaskFlag])] = [
    (
      "Data",
      [
        TaskFlag("time", .text, value: "name", help: "The column with the time of a row."),
        TaskFlag(
          "target", .texts, value: "a,b", help: "The columns that are foretold (default: all numbers)."),
        TaskFlag("id-column", .text, value: "name", help: "The column that tells series apart."),
        TaskFlag(
          "known", .texts, value: "a,b", help: "Columns that are known ahead, also beyond the last target."),
        TaskFlag("statics", .texts, value: "a,b", help: "Columns that are the same throughout a series."),
        .ignoredColumns,
        .dateOrder,
        .decimal,
        TaskFlag(
          "split", .texts, value: "a,b,c",
          help: "Shares of the time, or steps, for training, validation and test "
            + "(default: \(ForecastPlan.standardSplit.text))."),
      ]
    ),
    (
      "Forecast",
      [
        TaskFlag(
          "horizon", .integer(1...1 << 16), value: "n", help: "Steps that are foretold (default: one season)."
        ),
        TaskFlag(
          "kind", .choice(ForecastOptions.Kind.allCases.map(\.rawValue)), value: "name",
          help: "All steps at once from segments (SegRNN), or one after the other (DeepAR)."),
        TaskFlag(
          "distribution", .choice(ForecastOutput.allCases.map(\.rawValue)), value: "name",
          help: "What is said about a step (default: quantiles, for single steps student-t or for counts "
            + "negative-binomial)."),
        TaskFlag("quantiles", .texts, value: "0.1,0.5,0.9", help: "The levels of the quantiles."),
        TaskFlag("season", .integer(1...1 << 20), value: "n", help: "After how many steps things repeat."),
        TaskFlag(
          "transform", .choice(ForecastTransform.allCases.map(\.rawValue)), value: "name",
          help: "log for prices (default: found out)."),
        TaskFlag(
          "normalization", .choice(WindowNormalization.allCases.map(\.rawValue)), value: "name",
          help: "How windows are brought to a common scale."),
      ]
    ),
    (
      "Model",
      [
        TaskFlag("look-back", .integer(1...1 << 20), value: "n", help: "Steps that are looked back over."),
        TaskFlag("segment", .integer(1...1 << 16), value: "n", help: "Steps of a segment."),
        TaskFlag(
          "cell", .choice(CellCatalog.allCases.map(\.rawValue)), value: "name",
          help: "The recurrent cell (default: gru, for single steps lstm)."),
        TaskFlag("hidden", .integer(1...1 << 16), value: "n", help: "Units in a recurrent layer."),
        TaskFlag("layers", .integer(1...64), value: "n", help: "Recurrent layers."),
        TaskFlag("dropout", .number(0...0.95), value: "p", help: "Before the output."),
      ]
    ),
  ]
}
