/// What somebody may say about a tagging; nil where the data decide.
public struct TaggingSettings: Sendable, Equatable, Codable {
  // data
  var labelColumn, idColumn, time: String?
  var ignoreColumns: [String]?
  var events, eventFile, eventLabel, eventStart, eventEnd, singleLabel: String?
  var eventUnit: RecordingColumns.EventUnit?
  var split: [String]?
  var tolerance, minimumDuration, minimumGap, delay: TaskDuration?
  var windowSeconds: Double?
  // features
  var scaling: ChannelScaler.Method?
  var ranges: Int?
  var bands: Int?
  // model
  var cell: CellCatalog?
  var hidden, layers, embedding: Int?
  var convolutions: [String]?
  var causal, crf: Bool?
  var dropout: Double?
  // training
  var balance: Bool?
  var noise, scale: Double?
  var shift: Int?

  var dateOrder: CalendarTime.PartOrder?
  var decimal: TableFormat.DecimalMark?

  /// Nothing said.
  public init() {}

  var format: TableFormat? { TableFormat(dateOrder: dateOrder, decimal: decimal).filled(from: nil) }

  var columns: RecordingColumns {
    var columns = RecordingColumns()
    columns.records = RecordColumns(
      label: labelColumn, id: idColumn, time: time, ignored: ignoreColumns ?? [], format: format)
    columns.eventFile = eventFile
    columns.eventLabel = eventLabel
    columns.eventStart = eventStart
    columns.eventEnd = eventEnd
    columns.eventUnit = eventUnit
    columns.singleLabel = singleLabel
    return columns
  }

  /// Shares for training, validation and test.
  static let standardSplit = ["0.65", "0.1", "0.25"]
  /// Units in a recurrent layer.
  static let standardHiddenSize = 48

  static let flags: [(title: String, flags: [TaskFlag])] = [
    (
      "Data",
      [
        TaskFlag("label-column", .text, value: "name", help: "The column with the label of each step."),
        TaskFlag("id-column", .text, value: "name", help: "The column that numbers recordings."),
        .time,
        .ignoredColumns,
        .dateOrder,
        .decimal,
        TaskFlag(
          "events", .text, value: "file", help: "A table of events: what happens when, and in which file."),
        TaskFlag("event-file", .text, value: "name", help: "Its column with the file."),
        TaskFlag("event-label", .text, value: "name", help: "Its column with the kind of event."),
        TaskFlag("event-start", .text, value: "name", help: "Its column with the beginning."),
        TaskFlag("event-end", .text, value: "name", help: "Its column with the end."),
        TaskFlag(
          "event-unit", .choice(RecordingColumns.EventUnit.allCases.map(\.rawValue)), value: "unit",
          help:
            "What its positions count: time, as the column of times does, or seconds; or steps (rows, frames, samples) from 0 (default: by the names of the columns)."
        ),
        TaskFlag("single-label", .text, value: "name", help: "Take all events as of this one kind."),
        TaskFlag(
          "split", .texts, value: "a,b,c",
          help: "Shares for training, validation and test; of one recording by time "
            + "(default: \(standardSplit.joined(separator: ",")))."),
      ]
    ),
    (
      "Events",
      [
        TaskFlag(
          "tolerance", .duration, value: "seconds",
          help:
            "How far a found event may be from a known one: 0.05, 50 ms, \"2 frames\" (default: 0.05, or two steps)."
        ),
        TaskFlag("minimum-duration", .duration, value: "seconds", help: "Leave out shorter events."),
        TaskFlag(
          "minimum-gap", .duration, value: "seconds", help: "Join events with less between them."),
        TaskFlag(
          "delay", .duration, value: "seconds",
          help: "How much later than it happens a causal network says so (default: the tolerance of events)."),
      ]
    ),
    (
      "Features and model",
      [
        .scaling,
        .ranges,
        .bands,
        TaskFlag(
          "window-seconds", .number(0.001...1e6), value: "x",
          help: "How much of a long recording is read at once in training."),
        .cell,
        TaskFlag(
          "hidden", .integer(1...1 << 16), value: "n",
          help: "Units in a recurrent layer (default: \(standardHiddenSize))."),
        .layers,
        .embedding,
        TaskFlag(
          "convolutions", .texts, value: "32x7/2,...",
          help: "Convolutions over time: features x steps / stride; none for none."),
        .causal,
        TaskFlag("crf", .truth, help: "Score labels that follow each other together."),
        .dropout,
        TaskFlag("balance", .truth, help: ClassWeights.help("labels")),
        .noise,
        .scale,
        .shift,
      ]
    ),
  ]
}
