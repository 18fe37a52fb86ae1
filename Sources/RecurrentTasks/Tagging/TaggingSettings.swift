/// What somebody may say about a tagging; nil where the data decide.
public struct TaggingSettings: Sendable, Equatable, Codable {
  // data
  var labelColumn, idColumn, time: String?
  var ignoreColumns: [String]?
  var events, eventFile, eventLabel, eventStart, eventEnd, singleLabel: String?
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

  /// Nothing said.
  public init() {}

  var columns: TaggedRecordings.Columns {
    var columns = TaggedRecordings.Columns()
    columns.records = RecordColumns(
      label: labelColumn, id: idColumn, time: time, ignored: ignoreColumns ?? [])
    columns.eventFile = eventFile
    columns.eventLabel = eventLabel
    columns.eventStart = eventStart
    columns.eventEnd = eventEnd
    columns.singleLabel = singleLabel
    return columns
  }

  static let flags: [(title: String, flags: [TaskFlag])] = [
    (
      "Data",
      [
        TaskFlag("label-column", .text, value: "name", help: "The column with the label of each step."),
        TaskFlag("id-column", .text, value: "name", help: "The column that numbers recordings."),
        TaskFlag("time", .text, value: "name", help: "The column with the time or the number of a step."),
        TaskFlag("ignore-columns", .texts, value: "a,b", help: "Columns that are not read."),
        TaskFlag(
          "events", .text, value: "file", help: "A table of events: what happens when, and in which file."),
        TaskFlag("event-file", .text, value: "name", help: "Its column with the file."),
        TaskFlag("event-label", .text, value: "name", help: "Its column with the kind of event."),
        TaskFlag("event-start", .text, value: "name", help: "Its column with the beginning."),
        TaskFlag("event-end", .text, value: "name", help: "Its column with the end."),
        TaskFlag("single-label", .text, value: "name", help: "Take all events as of this one kind."),
        TaskFlag(
          "split", .texts, value: "a,b,c",
          help: "Shares for training, validation and test; of one recording by time (default: 0.65,0.1,0.25)."
        ),
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
        TaskFlag(
          "scaling", .choice(ChannelScaler.Method.allCases.map(\.rawValue)), value: "name",
          help: "How channels are scaled (default: standard)."),
        TaskFlag(
          "ranges", .integer(1...256), value: "n",
          help: "Tell the values of a channel apart by so many ranges: makes thresholds easy to learn."),
        TaskFlag("bands", .integer(4...512), value: "n", help: "Mel bands of sound (default: 40)."),
        TaskFlag(
          "window-seconds", .number(0.001...1e6), value: "x",
          help: "How much of a long recording is read at once in training."),
        TaskFlag(
          "cell", .choice(CellCatalog.allCases.map(\.rawValue)), value: "name",
          help: "The recurrent cell (default: gru)."),
        TaskFlag(
          "hidden", .integer(1...1 << 16), value: "n", help: "Units in a recurrent layer (default: 48)."),
        TaskFlag("layers", .integer(1...64), value: "n", help: "Recurrent layers (default: 1)."),
        TaskFlag("embedding", .integer(1...1 << 16), value: "n", help: "Width of the token vectors."),
        TaskFlag(
          "convolutions", .texts, value: "32x7/2,...",
          help: "Convolutions over time: features x steps / stride; none for none."),
        TaskFlag("causal", .truth, help: "Look back alone: what streaming needs."),
        TaskFlag("crf", .truth, help: "Score labels that follow each other together."),
        TaskFlag("dropout", .number(0...0.95), value: "p", help: "Between layers and before the output."),
        TaskFlag("balance", .truth, help: "Let rare labels count as much as frequent ones."),
        TaskFlag("noise", .number(0...10), value: "x", help: "Noise on the features."),
        TaskFlag("scale", .number(0...0.9), value: "x", help: "Loudness, up to this share."),
        TaskFlag("shift", .integer(0...1000), value: "n", help: "Move pictures by up to so many pixels."),
      ]
    ),
  ]
}
