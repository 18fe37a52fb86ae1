/// Settings that several tasks have, each with one name and one meaning.
extension TaskFlag {
  static let ignoredColumns = TaskFlag(
    "ignore-columns", .texts, value: "a,b", help: "Columns that are not read.")
  static let inputColumn = TaskFlag(
    "input-column", .text, value: "name", help: "The column with the text, or the path of a file.")
  static let splitColumn = TaskFlag(
    "split-column", .text, value: "name", help: "The column that says train, valid or test.")
  static let time = TaskFlag(
    "time", .text, value: "name", help: "The column with the time or the number of a step.")
  static let dateOrder = TaskFlag(
    "date-order", .choice(CalendarTime.PartOrder.allCases.map(\.rawValue)), value: "order",
    help: "The order of year, month and day in dates; asked for where the rows do not tell.")
  static let decimal = TaskFlag(
    "decimal", .choice(TableFormat.DecimalMark.allCases.map(\.rawValue)), value: "mark",
    help: "What stands before decimals; asked for where the rows do not tell.")
  static let cell = TaskFlag(
    "cell", .choice(CellCatalog.allCases.map(\.rawValue)), value: "name",
    help: "The recurrent cell (default: gru).")
  static let layers = TaskFlag("layers", .integer(1...64), value: "n", help: "Recurrent layers (default: 1).")
  static let causal = TaskFlag("causal", .truth, help: "Look back alone: what streaming needs.")
  static let dropout = TaskFlag(
    "dropout", .number(0...0.95), value: "p", help: "Between layers and before the output.")
  static let scaling = TaskFlag(
    "scaling", .choice(ChannelScaler.Method.allCases.map(\.rawValue)), value: "name",
    help: "How channels are scaled (default: \(FeatureSettings().scaling.rawValue)).")
  static let ranges = TaskFlag(
    "ranges", .integer(1...256), value: "n",
    help: "Tell the values of a channel apart by so many ranges: makes thresholds easy to learn.")
  static let bands = TaskFlag(
    "bands", .integer(4...512), value: "n",
    help: "Mel bands of sound (default: \(FeatureSettings().bandCount)).")
  static let embedding = TaskFlag(
    "embedding", .integer(1...1 << 16), value: "n", help: "Width of the token vectors.")
  static let noise = TaskFlag("noise", .number(0...10), value: "x", help: "Noise on the features.")
  static let scale = TaskFlag("scale", .number(0...0.9), value: "x", help: "Loudness, up to this share.")
  static let shift = TaskFlag(
    "shift", .integer(0...1000), value: "n", help: "Move pictures by up to so many pixels.")
}
