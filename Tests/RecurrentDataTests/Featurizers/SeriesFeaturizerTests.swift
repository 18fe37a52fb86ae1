import RecurrentData
import RecurrentTestSupport
import Testing

@Suite struct SeriesFeaturizerTests {
  private func record(_ series: NumericSeries) -> Record { Record(.series(series), origin: "x") }

  private func fit(
    _ series: [NumericSeries], method: ChannelScaler.Method
  ) throws -> (featurizer: SeriesFeaturizer, notes: [DataNote]) {
    try SeriesFeaturizer.fit(
      RecordSource(series.map(record)), labels: nil, classCount: 0,
      settings: FeatureSettings(scaling: method)
    ) { _ in }
  }

  @Test func withoutGapsTheScaledNumbers() throws {
    let series = [
      NumericSeries(channels: ["a", "b"], values: [1, 10, 3, 10]),
      NumericSeries(channels: ["a", "b"], values: [5, 10]),
    ]
    let (featurizer, notes) = try fit(series, method: .standard)
    #expect(featurizer.featureCount == 2 && featurizer.channels == ["a", "b"])
    #expect(notes.map(\.kind) == [.warning] && notes[0].text.contains("\"b\""))
    let deviation = (8.0 / 3).squareRoot()
    let values = try featurizer(record(series[0])).values.map { Double($0) }
    try requireClose(values, [-2 / deviation, 0, 0, 0], relative: 1e-6, absolute: 0, "features")
  }

  @Test func gapsAreMarked() throws {
    let series = NumericSeries(channels: ["a"], values: [1, .nan, 3], times: [0, 4, 8])
    let (featurizer, notes) = try fit([series], method: .none)
    #expect(
      featurizer.missing == MissingValues(marksMissing: true, timeScale: 4) && featurizer.featureCount == 3)
    #expect(notes.map(\.text).joined().contains("33.3 % of the values are missing"))
    let values = try featurizer(record(series)).values
    #expect(values[..<4] == [1, 1, 0, 1] && values[4] == 0 && values[5] > 0 && values[6...] == [3, 1, 0])
  }

  @Test func otherChannelsAreRefused() throws {
    let (featurizer, _) = try fit([NumericSeries(channels: ["a"], values: [1, 2])], method: .standard)
    #expect(throws: DataError.self) {
      try featurizer(record(NumericSeries(channels: ["b", "c"], values: [1, 2])))
    }
    // those that it knows are found by their names
    let named = try featurizer(record(NumericSeries(channels: ["b", "a"], values: [9, 2])))
    #expect(try named == featurizer(record(NumericSeries(channels: ["a"], values: [2]))))
  }

  /// Where the names are others the places must do, which is said: in training and behind it.
  @Test func channelsInTheirPlacesAreNamed() throws {
    let known = NumericSeries(channels: ["pressure", "flow"], values: [1, 2, 3, 5])
    let turned = NumericSeries(channels: ["flow", "pressure"], values: [2, 1, 5, 3])
    let other = NumericSeries(channels: ["pressure", "x"], values: [1, 2, 3, 5])
    let (featurizer, notes) = try fit([known, turned], method: .none)
    #expect(notes.isEmpty)
    #expect(try SequenceFeaturizer.series(featurizer).notes(on: RecordSource([record(turned)])).isEmpty)
    let text =
      "x: there is no channel \"flow\"; pressure, x stand for pressure, flow, in this order"
    #expect(
      try SequenceFeaturizer.series(featurizer).notes(on: RecordSource([record(known), record(other)]))
        == [DataNote(.warning, text)])
    #expect(
      try fit([known, other, other], method: .none).notes
        == [DataNote(.warning, text + "; so in 2 sequences")])
  }

  /// The steps of a table are its rows, which are counted without their numbers.
  @Test func stepsOfFiles() throws {
    let folder = try ScratchFolder()
    defer { withExtendedLifetime(folder) {} }
    let path = try folder.file("a.csv", Array("a\n1\n2\n5\n".utf8))
    let record = Record(.file(DataSource(path)), origin: path)
    let (featurizer, _) = try fit([NumericSeries(channels: ["a"], values: [1, 2])], method: .standard)
    #expect(try featurizer.stepCount(record) == 3)
  }

  @Test func partsOfSeries() {
    let series = NumericSeries(channels: ["a", "b"], values: [1, 2, 3, 4, 5, 6], times: [7, 8, 9])
    #expect(series.stepCount == 3 && series.column(1) == [2, 4, 6])
    #expect(series.part(1..<3) == NumericSeries(channels: ["a", "b"], values: [3, 4, 5, 6], times: [8, 9]))
    #expect(NumericSeries(channels: [], values: []).stepCount == 0)
  }
}
