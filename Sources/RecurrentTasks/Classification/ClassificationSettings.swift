/// What somebody may say about a classification; nil where the data decide.
public struct ClassificationSettings: Sendable, Equatable, Codable {
  // data
  var inputColumn, labelColumn, splitColumn, groupColumn, idColumn, time: String?
  var ignoreColumns: [String]?
  var pixels: Bool?
  var split: [String]?
  var folds: Int?
  var leaveOneOut: Bool?
  // features
  var unit: TextUnit?
  var lengthLimit: Int?
  var evidence: Bool?
  var scaling: ChannelScaler.Method?
  var ranges: Int?
  var bands, coefficients, deltas: Int?
  // model
  var cell: CellCatalog?
  var hidden, layers, embedding: Int?
  var convolutions, pictureConvolutions: [String]?
  var pooling: [String]?
  var poolInputs, causal: Bool?
  var dropout, inputDropout: Double?
  // training
  var balance: Bool?
  var focal, labelSmoothing: Double?
  var noise, stretch, scale, crop, wordDropout: Double?
  var timeMasks, featureMasks, shift: Int?
  var flips: Bool?

  var dateOrder: CalendarTime.PartOrder?
  var decimal: TableFormat.DecimalMark?

  /// Nothing said.
  public init() {}

  var format: TableFormat? { TableFormat(dateOrder: dateOrder, decimal: decimal).filled(from: nil) }

  var columns: RecordColumns {
    RecordColumns(
      input: inputColumn, label: labelColumn, split: splitColumn, group: groupColumn, id: idColumn,
      time: time, ignored: ignoreColumns ?? [], format: format)
  }

  /// Shares for training, validation and test.
  static let standardSplit = ["0.8", "0.1", "0.1"]
  /// How features are made.
  private static let standard = FeatureSettings()

  static let flags: [(title: String, flags: [TaskFlag])] = [
    (
      "Data",
      [
        .inputColumn,
        TaskFlag("label-column", .text, value: "name", help: "The column with the class."),
        .splitColumn,
        TaskFlag(
          "group-column", .text, value: "name",
          help: "The column with what a sequence comes from; a group is never in two parts."),
        TaskFlag(
          "id-column", .text, value: "name",
          help: "The column that numbers sequences, where a row is one step."),
        .time,
        .ignoredColumns,
        .dateOrder,
        .decimal,
        TaskFlag(
          "pixels", .truth, help: "Read pictures of MNIST's kind pixel by pixel instead of row by row."),
        TaskFlag(
          "split", .texts, value: "a,b,c",
          help: "Shares for training, validation and test, where the data do not say "
            + "(default: \(standardSplit.joined(separator: ",")))."),
        TaskFlag(
          "folds", .integer(2...1000), value: "n", help: "First judge by cross-validation with so many parts."
        ),
        TaskFlag("leave-one-out", .truth, help: "First judge by leaving out one group after the other."),
      ]
    ),
    (
      "Features",
      [
        TaskFlag(
          "unit", .choice(TextUnit.allCases.map(\.rawValue)), value: "name",
          help: "What a token of a text stands for (default: \(standard.unit.rawValue))."),
        TaskFlag(
          "length-limit", .integer(1...1 << 20), value: "n",
          help: "The most tokens of a text (default: \(standard.lengthLimit))."),
        TaskFlag(
          "evidence", .truth,
          help: "Tell the network how much each word speaks for each class "
            + "(default: \(standard.usesEvidence ? "on" : "off"))."),
        .scaling,
        .ranges,
        .bands,
        TaskFlag(
          "coefficients", .integer(2...128), value: "n", help: "Cepstral coefficients instead of the bands."),
        TaskFlag(
          "deltas", .integer(0...2), value: "n",
          help: "Differences of spectra beside them (default: \(standard.deltaOrder))."),
      ]
    ),
    (
      "Model",
      [
        .cell,
        TaskFlag("hidden", .integer(1...1 << 16), value: "n", help: "Units in a recurrent layer."),
        .layers,
        .embedding,
        TaskFlag(
          "convolutions", .texts, value: "64x5/2,...",
          help: "Convolutions over time: features x steps / stride; none for none."),
        TaskFlag(
          "picture-convolutions", .texts, value: "8,16,...",
          help: "Features of the convolutions over a picture."),
        TaskFlag(
          "pooling", .texts, value: "mean,max",
          help: "How the outputs become one vector: mean, max, last, attention; several stand side by side."),
        TaskFlag("pool-inputs", .truth, help: "Put the mean of what the layers read beside them (LSTM-FCN)."),
        .causal,
        .dropout,
        TaskFlag("input-dropout", .number(0...0.95), value: "p", help: "On the inputs."),
      ]
    ),
    (
      "Losses and variations",
      [
        TaskFlag("balance", .truth, help: ClassWeights.help("classes")),
        TaskFlag(
          "focal", .number(0...10), value: "x", help: "Care less for what is right already (default: 0)."),
        TaskFlag(
          "label-smoothing", .number(0...0.9), value: "x",
          help: "Probability that is spread over all classes."),
        .noise,
        TaskFlag("stretch", .number(0...0.9), value: "x", help: "Stretch in time, up to this share."),
        .scale,
        TaskFlag("crop", .number(0...0.9), value: "x", help: "Cut off the ends, up to this share."),
        TaskFlag("time-masks", .integer(0...100), value: "n", help: "Spans of time that are masked."),
        TaskFlag("feature-masks", .integer(0...100), value: "n", help: "Bands of features that are masked."),
        .shift,
        TaskFlag("flips", .truth, help: "Mirror pictures."),
        TaskFlag("word-dropout", .number(0...0.9), value: "p", help: "Replace words by the unknown one."),
      ]
    ),
  ]
}

extension ConvolutionConfiguration {
  /// `64x5/2`: features, steps, stride; nil for anything else.
  init?(word: String) {
    let parts = word.split(separator: "/", omittingEmptySubsequences: false)
    let sizes = parts[0].split(separator: "x", omittingEmptySubsequences: false).compactMap { Int($0) }
    guard parts.count <= 2, sizes.count == 2, sizes.allSatisfy({ (1...4096).contains($0) }) else {
      return nil
    }
    let stride = parts.count == 2 ? Int(parts[1]) : 1
    guard let stride, (1...1024).contains(stride) else { return nil }
    self.init(size: sizes[0], width: sizes[1], stride: stride)
  }
}
