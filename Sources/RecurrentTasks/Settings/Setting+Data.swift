extension CalendarTime.PartOrder: NamedSetting {}
extension TableFormat.DecimalMark: NamedSetting {}

extension TaskDuration: WrittenSetting {
  /// Reads `0.05`, `50 ms`, `5 min`, `2 steps`.
  public init?(written text: String) { self.init(text) }
  /// As ``init(written:)`` reads it.
  public var written: String { text }
  /// What it reads, in words.
  public static var writtenForm: String { "seconds such as 0.05, or 50 ms, 5 min, 1 h, or 2 steps" }
}

extension MemorySize: WrittenSetting {
  /// Reads `512MB`, `2GiB`.
  public init?(written text: String) {
    guard let size = try? MemorySize(text) else { return nil }
    self = size
  }
  /// As ``init(written:)`` reads it.
  public var written: String { description }
  /// What it reads, in words.
  public static var writtenForm: String { "a number and a unit, such as 512MB, 2GB or 1GiB" }
}

extension Setting where Value == String {
  /// A setting that names a column of a table.
  static func column(_ name: String, help: String) -> Setting { Setting(name, .text, "name", help: help) }

  /// The column with the input.
  public static var inputColumn: Setting {
    .column("input-column", help: "The column with the text, or the path of a file.")
  }
  /// The column with the class or label.
  public static var labelColumn: Setting { .column("label-column", help: "The column with the class.") }
  /// The column with the number to predict.
  public static var targetColumn: Setting {
    .column("target-column", help: "The column with the number to predict.")
  }
  /// The column that says which part a row belongs to.
  public static var splitColumn: Setting {
    .column("split-column", help: "The column that says train, valid or test.")
  }
  /// The column with what a sequence comes from.
  public static var groupColumn: Setting {
    .column(
      "group-column", help: "The column with what a sequence comes from; a group is never in two parts.")
  }
  /// The column that numbers sequences.
  public static var idColumn: Setting {
    .column(
      "id-column",
      help:
        "The column that numbers sequences, where a row is one step; several that do so together with commas between."
    )
  }
  /// The column with the time.
  public static var time: Setting {
    .column("time", help: "The column with the time or the number of a step.")
  }
}

extension Setting where Value == [String] {
  /// Columns that are not read.
  public static var ignoredColumns: Setting {
    Setting("ignore-columns", .texts, "a,b", help: "Columns that are not read.")
  }
}

extension Setting where Value == [String] {
  /// Columns of words that are read as categories.
  public static var categories: Setting {
    Setting(
      "categories", .texts, "a,b",
      help: "Columns of words that are read as categories, a number that is 0 or 1 for each word.")
  }
}

extension Setting where Value == [Double] {
  /// The shares of the parts.
  public static var split: Setting {
    Setting(
      "split", .numbers(0...1e12, count: nil), "a,b,c", standard: [0.8, 0.1, 0.1],
      help: "Shares for training, validation and test, where the data do not say.")
  }
}

extension Setting where Value == CalendarTime.PartOrder {
  /// The order of year, month and day.
  public static var dateOrder: Setting {
    Setting(
      "date-order", of: "order",
      help: "The order of year, month and day in dates; asked for where the rows do not tell.")
  }
}

extension Setting where Value == TableFormat.DecimalMark {
  /// The mark before decimals.
  public static var decimal: Setting {
    Setting(
      "decimal", of: "mark", help: "What stands before decimals; asked for where the rows do not tell.")
  }
}

extension Settings {
  /// Which columns of a table hold what.
  ///
  /// - Parameter label: the setting that names the column to learn from.
  public func recordColumns(label: Setting<String> = .labelColumn) -> RecordColumns {
    RecordColumns(
      input: self[.inputColumn], label: self[label], split: self[.splitColumn], group: self[.groupColumn],
      id: self[.idColumn], time: self[.time], ignored: self[.ignoredColumns] ?? [],
      categories: self[.categories],
      labelKind: label.name == Setting<String>.targetColumn.name ? .number : nil, format: tableFormat)
  }
}
