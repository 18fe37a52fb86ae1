/// The two kinds of forecasting network.
public enum ForecastKind: String, NamedSetting, Codable {
  /// ``SegmentForecaster``: all of the horizon at once.
  case segments
  /// ``AutoregressiveForecaster``: step by step.
  case autoregressive
}

extension ForecastOutput: NamedSetting {}
extension ForecastTransform: NamedSetting {}
extension WindowNormalization: NamedSetting {}

extension Setting where Value == [String] {
  /// The columns to predict.
  public static var target: Setting {
    Setting("target", .texts, "a,b", help: "The columns to predict (default: all numbers).")
  }
  /// Columns that are known ahead, also beyond the last target.
  public static var known: Setting {
    Setting(
      "known", .texts, "a,b",
      help:
        "Columns that are known ahead, also beyond the last target; words as a number that is 0 or 1 for each."
    )
  }
  /// Columns that are known up to the last step alone.
  public static var past: Setting {
    Setting(
      "past", .texts, "a,b",
      help:
        "Columns that are measured beside the targets: read as far as they are known, never ahead; words as numbers, too."
    )
  }
  /// Columns that are the same throughout a series.
  public static var statics: Setting {
    Setting("statics", .texts, "a,b", help: "Columns that are the same throughout a series.")
  }
}

extension Setting where Value == [Double] {
  /// The levels of the quantiles.
  public static var quantiles: Setting {
    Setting(
      "quantiles", .numbers(0...1, count: nil), "0.1,0.5,0.9", standard: Forecast.standardLevels,
      help: "The levels of the quantiles.")
  }
}

extension Setting where Value == Int {
  /// Steps to predict.
  public static var horizon: Setting {
    Setting(
      "horizon", .integer(1...1 << 16), "n",
      help: "Steps to predict (default: one season, or a turn of the calendar).")
  }
  /// After how many steps things repeat.
  public static var season: Setting {
    Setting("season", .integer(1...1 << 20), "n", help: "After how many steps things repeat.")
  }
  /// Steps that are looked back over.
  public static var lookBack: Setting {
    Setting("look-back", .integer(1...1 << 20), "n", help: "Steps that are looked back over.")
  }
  /// Steps of a segment.
  public static var segment: Setting {
    Setting("segment", .integer(1...1 << 16), "n", help: "Steps of a segment.")
  }
}

extension Setting where Value == ForecastKind {
  /// Whether all steps come at once from segments (SegRNN), or one after the other (DeepAR).
  public static var kind: Setting {
    Setting("kind", help: "All steps at once from segments (SegRNN), or one after the other (DeepAR).")
  }
}

extension Setting where Value == ForecastOutput {
  /// What is predicted for a step.
  public static var distribution: Setting {
    Setting(
      "distribution",
      help: "What is predicted for a step (default: quantiles, for single steps student-t or for counts "
        + "negative-binomial).")
  }
}

extension Setting where Value == ForecastTransform {
  /// What the values are transformed by, such as the logarithm of prices.
  public static var transform: Setting {
    Setting("transform", help: "log for prices (default: by the data).")
  }
}

extension Setting where Value == WindowNormalization {
  /// How windows are brought to a common scale.
  public static var normalization: Setting {
    Setting("normalization", help: "How windows are brought to a common scale.")
  }
}

extension ForecastingTask {
  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    [
      SettingsGroup(
        "Data",
        [
          Setting.time, Setting.target,
          Setting.idColumn.describing(
            "The column that tells series apart; several that do so together with commas between."),
          Setting.known, Setting.past, Setting.statics, Setting.ignoredColumns, Setting.dateOrder,
          Setting.decimal,
          Setting.resampling, Setting.rowsAre,
          Setting.split.describing(
            "Shares of the time, or steps, for training, validation and test.",
            standard: ForecastPlan.standardShares),
        ]),
      .tables,
      SettingsGroup(
        "Forecast",
        [
          Setting.horizon, Setting.kind, Setting.distribution, Setting.quantiles, Setting.season,
          Setting.transform, Setting.normalization,
        ]),
      SettingsGroup(
        "Model",
        [
          Setting.lookBack, Setting.segment,
          Setting<CellCatalog>("cell", help: "The recurrent cell (default: gru, for single steps lstm)."),
          Setting.hidden, Setting<Int>("layers", .integer(1...64), "n", help: "Recurrent layers."),
          Setting.dropout.describing("Dropout before the output."),
        ]),
      .cell,
    ]
  }

  /// Quantiles rise, and the cell can do what is asked of it.
  public static func issue(of settings: Settings) -> String? {
    let levels = settings.value(.quantiles)
    guard levels.allSatisfy({ $0 > 0 && $0 < 1 }), zip(levels, levels.dropFirst()).allSatisfy(<) else {
      return "quantiles must be rising numbers between 0 and 1, found \(levels.fieldValue.text)"
    }
    return CellChoice(settings, standard: settings[.kind] == .autoregressive ? .lstm : .gru).issue
  }
}

extension Settings {
  /// Which columns of a table of series hold what.
  var seriesColumns: SeriesColumns {
    SeriesColumns(
      time: self[.time], targets: self[.target] ?? [], id: self[.idColumn], known: self[.known] ?? [],
      past: self[.past] ?? [], statics: self[.statics] ?? [], ignored: self[.ignoredColumns] ?? [],
      resampling: self[.resampling], rows: self[.rowsAre], format: tableFormat)
  }
}
