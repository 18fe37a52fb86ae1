extension TableFormat.TimeUnit: NamedSetting {}
extension TableFormat.Encoding: NamedSetting {}
extension TableFormat.Delimiter: NamedSetting {}
extension Resampling: NamedSetting {}
extension SeriesColumns.Rows: NamedSetting {}

extension Setting where Value == TableFormat.TimeUnit {
  /// What numbers that are times count.
  public static var timeUnit: Setting {
    Setting("time-unit", of: "unit", help: "What numbers of a column of times count, since 1970, or steps.")
  }
}

extension Setting where Value == TableFormat.Encoding {
  /// How the bytes of a table are characters.
  public static var encoding: Setting {
    Setting("encoding", of: "name", help: "How the bytes of a table are characters.")
  }
}

extension Setting where Value == TableFormat.Delimiter {
  /// What stands between fields.
  public static var delimiter: Setting {
    Setting("delimiter", of: "name", help: "What stands between the fields of a table.")
  }
}

extension Setting where Value == Resampling {
  /// What rows of one step are together.
  public static var resampling: Setting {
    Setting(
      "resample", of: "way", help: "What several rows of a step are together, where times are not regular.")
  }
}

extension Setting where Value == SeriesColumns.Rows {
  /// What a row of a table of series is.
  public static var rowsAre: Setting {
    Setting(
      "rows-are",
      help:
        "What a row is: a step, a whole series with a column for each step, or a period with a column for each part, such as "
        + "a year of months (default: by the names of the columns).")
  }
}

extension Setting where Value == Bool {
  /// Whether an hour of autumn that stands twice is that of daylight saving.
  public static var daylightSaving: Setting {
    Setting(
      "daylight-saving", .bool,
      help:
        "Whether an hour of autumn that stands twice is that of daylight saving (default: where only such do)."
    )
  }
}

extension Setting where Value == String {
  /// The sheet of a workbook.
  public static var sheet: Setting {
    Setting("sheet", .text, "name", help: "The sheet of a workbook (default: the first).")
  }
}

extension Setting where Value == [String] {
  /// Words for values that are missing.
  public static var missing: Setting {
    Setting(
      "missing", .texts, "a,b", help: "What stands for a missing value, such as -999 (default: usual words).")
  }
}

extension Setting where Value == Int {
  /// Lines before the names of columns.
  public static var skippedLines: Setting {
    Setting(
      "skip-lines", .integer(0...1_000_000), "n", help: "Lines above the names of the columns of a table.")
  }
  /// Lines with names of columns.
  public static var headerLines: Setting {
    Setting("header-lines", .integer(0...100), "n", help: "Lines that name the columns of a table.")
  }
}

extension SettingsGroup {
  /// How tables are written, where that is not found out.
  public static var tables: SettingsGroup {
    SettingsGroup(
      "Tables",
      [
        Setting.delimiter, Setting.skippedLines, Setting.headerLines, Setting.missing, Setting.timeUnit,
        Setting.daylightSaving, Setting.encoding, Setting.sheet,
      ])
  }
}

extension Settings {
  /// How dates and numbers of tables are written; nil where the rows are to tell.
  var tableFormat: TableFormat? {
    TableFormat(
      dateOrder: self[.dateOrder], decimal: self[.decimal], timeUnit: self[.timeUnit],
      hasDaylightSaving: self[.daylightSaving], missing: self[.missing], delimiter: self[.delimiter],
      skippedLines: self[.skippedLines], headerLines: self[.headerLines], encoding: self[.encoding],
      sheet: self[.sheet]
    ).filled(from: nil)
  }
}
