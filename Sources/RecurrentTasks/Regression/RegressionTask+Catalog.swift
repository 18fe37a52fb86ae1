import RecurrentReports

extension RegressionTask {
  /// What the task learns, in the sentence that the help begins with.
  public static let summary =
    "Train a model that gives a sequence a number: a rating, a dose, hours left."

  /// Arguments of commands that the help shows as examples.
  public static let usages = ["runs.csv --id-column run --target-column hours --output wear.bundle"]

  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    [
      SettingsGroup(
        "Data",
        [
          Setting.inputColumn, Setting.targetColumn, Setting.splitColumn, Setting.groupColumn,
          Setting.idColumn,
          Setting.time, Setting.ignoredColumns, Setting.dateOrder, Setting.decimal, Setting.split,
        ]),
      .tables,
      SettingsGroup(
        "Features",
        [
          Setting.unit, Setting.k, Setting.softMask, Setting.lengthLimit, Setting.scaling, Setting.ranges,
          Setting.bands,
          Setting.coefficients,
          Setting.deltas, Setting.level,
          Setting.sampleRate, Setting.stack, Setting.stride,
        ]),
      SettingsGroup(
        "Model",
        [
          Setting.cell, Setting.hidden.describing(standard: standardHiddenSize), Setting.layers,
          Setting.embedding,
          Setting.convolutions, Setting.pictureConvolutions, Setting.causal, Setting.dropout,
        ]),
      .cell,
      SettingsGroup(
        "Augmentation",
        [
          Setting.noise, Setting.stretch, Setting.scale, Setting.shift, Setting.brightness,
          Setting.frameJitter,
          Setting.speeds, Setting.reverseComplement,
        ]),
    ]
  }

  /// Units in a recurrent layer.
  static let standardHiddenSize = 48

  static func value(_ label: String?, _ origin: String) throws(DataError) -> Double {
    guard let value = label.flatMap({ Double($0) }), value.isFinite else {
      throw .malformed(
        path: origin, place: .record, expected: "a number to predict", found: "\"\(label ?? "")\"")
    }
    return value
  }

  /// The sequences of data; of data that name parts those of the test part where targets are needed.
  ///
  /// - Throws: ``DataError`` or a format error, reading a sequence also where it needs a number and has none.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    let records = try RecordSource.labelled(
      data, settings.recordColumns(label: .targetColumn), known: columns, needsTargets: needsTargets)
    return ExampleSource(records, featurizer, in: ExampleMemory(bytes: 1 << 26)) {
      Example(
        features: $1, target: needsTargets ? try RegressionTask.value($0.label, $0.origin) : .nan)
    }
  }

  /// Whether it was one of the table of the training.
  public func reads(column: String) -> Bool { columns?.names.contains(column) ?? false }

  /// The number with its bounds.
  public func rows(_ prediction: Prediction, to example: Example, name: String) -> [[Field]] {
    [[Field("input", .text(name))] + fields(prediction)]
  }

  func fields(_ prediction: Prediction) -> [Field] {
    [
      Field("value", .number(prediction.value)), Field("low", .number(prediction.low)),
      Field("high", .number(prediction.high)),
    ]
  }
}
