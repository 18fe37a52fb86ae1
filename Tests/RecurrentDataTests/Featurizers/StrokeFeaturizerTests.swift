import RecurrentData
import RecurrentTestSupport
import Testing

@Suite struct StrokeFeaturizerTests {
  /// Letters of a hand: strokes of some height and a dot now and then.
  private static func line(_ seed: UInt64, scale: Float = 1, isUpward: Bool = true) -> StrokeSequence {
    let draws = RandomKey(seed: seed).uniforms(4000)
    var (place, x) = (0, Float(0))
    func next() -> Float {
      place += 1
      return draws[place - 1]
    }
    let strokes = (0..<8).map { _ -> [StrokeSequence.Point] in
      let count = next() < 0.2 ? 1 : 3 + Int(next() * 60)
      return (0..<count).map { _ in
        x += next() * 4
        return StrokeSequence.Point(scale * x, scale * (isUpward ? 1 : -1) * (next() * 30 + 100))
      }
    }
    return StrokeSequence(strokes, isUpward: isUpward)
  }

  private static func fitted(_ settings: StrokeSettings) throws -> StrokeFeaturizer {
    let records = (0..<6).map { Record(.strokes(line($0))) }
    return try StrokeFeaturizer.fit(
      RecordSource(records), labels: nil, classCount: 0, settings: FeatureSettings(strokes: settings)
    ) { _ in }.featurizer
  }

  private static let settings = [
    StrokeSettings(), StrokeSettings(spacing: 0.2), StrokeSettings(scale: .running),
    StrokeSettings(scale: .running, spacing: 0.15),
  ]

  /// A hand that leans is a linear map of the offsets, whatever their scale; heights and lifted pens stay.
  @Test func slantedOffsets() throws {
    let featurizer = try StrokeFeaturizerTests.fitted(StrokeSettings())
    let steps = try featurizer(Record(.strokes(StrokeFeaturizerTests.line(9))))
    var maps = Set<[Float]>()
    for child in 0..<10 {
      let found = featurizer.varied(steps, slant: 0.3, key: RandomKey(seed: 3).child(child))
      func raw(_ sequence: FeatureSequence, _ step: Int, _ channel: Int) -> Float {
        featurizer.scaler.restored(sequence.values[step * 4 + channel], channel: channel)
      }
      // of two steps the map, which holds for all others
      let (x, y) = (1, 2)
      let determinant = raw(steps, x, 0) * raw(steps, y, 1) - raw(steps, y, 0) * raw(steps, x, 1)
      let width =
        (raw(found, x, 0) * raw(steps, y, 1) - raw(found, y, 0) * raw(steps, x, 1)) / determinant
      let lean =
        (raw(steps, x, 0) * raw(found, y, 0) - raw(steps, y, 0) * raw(found, x, 0)) / determinant
      #expect((0.699...1.301).contains(width) && (-0.301...0.301).contains(lean))
      for step in 0..<steps.stepCount {
        let expected = width * raw(steps, step, 0) + lean * raw(steps, step, 1)
        #expect(abs(raw(found, step, 0) - expected) < 1e-3 * max(1, abs(expected)))
        #expect((1..<4).allSatisfy { found.values[step * 4 + $0] == steps.values[step * 4 + $0] })
      }
      maps.insert([width, lean])
    }
    #expect(maps.count == 10)
    #expect(featurizer.varied(steps, slant: 0, key: RandomKey(seed: 3)) == steps)
  }

  @Test func valuesByHand() throws {
    // one stroke 4 high along 4 + 2, one of height 0 along 3: the mean of heights is 4 * 6 / 9
    let strokes = StrokeSequence([[.init(0, 0), .init(0, 4), .init(2, 4)], [.init(4, 2), .init(7, 2)]])
    var featurizer = StrokeFeaturizer.plain
    let height: Float = 4 * 6 / 9
    let middle: Float = 12.0 / 5
    let expected: [[Float]] = [
      [0, 0, 1, -middle], [0, 4, 0, 4 - middle], [2, 0, 0, 4 - middle], [2, -2, 1, 2 - middle],
      [3, 0, 0, 2 - middle],
    ]
    func check(_ record: StrokeSequence) throws {
      let values = try featurizer(Record(.strokes(record))).values
      #expect(values.count == 20)
      for (place, value) in values.enumerated() {
        let own = expected[place / 4][place % 4]
        #expect(abs(value - (place % 4 == 2 ? own : own / height)) < 1e-6)
      }
    }
    try check(strokes)
    // the same on a screen, and in other units
    try check(StrokeSequence(strokes.strokes.map { $0.map { .init(3 * $0.x, -3 * $0.y) } }, isUpward: false))
    featurizer.settings.spacing = 0.375
    let spaced = try featurizer(Record(.strokes(strokes))).values
    // a step of length 1: 1 + 6 and 1 + 3
    #expect(spaced.count == 4 * 11)
    for step in 1..<7 {
      let length = (spaced[4 * step] * spaced[4 * step] + spaced[4 * step + 1] * spaced[4 * step + 1])
        .squareRoot()
      #expect(abs(length - 0.375) < 1e-5)
    }
  }

  @Test(arguments: settings) func unitsDoNotMatter(_ settings: StrokeSettings) throws {
    let featurizer = try StrokeFeaturizerTests.fitted(settings)
    let own = try featurizer(Record(.strokes(StrokeFeaturizerTests.line(9))))
    for other in [StrokeFeaturizerTests.line(9, scale: 64), StrokeFeaturizerTests.line(9, isUpward: false)] {
      let values = try featurizer(Record(.strokes(other))).values
      #expect(values.count == own.values.count)
      #expect(zip(values, own.values).allSatisfy { abs($0 - $1) < 1e-3 })
    }
    #expect(own.values.allSatisfy(\.isFinite) && own.featureCount == 4)
  }

  @Test(arguments: settings.filter { $0.scale == .running }, 0..<6 as Range<UInt64>)
  func cutAnywhereIsTheWhole(_ settings: StrokeSettings, _ seed: UInt64) throws {
    let featurizer = try StrokeFeaturizerTests.fitted(settings)
    let strokes = StrokeFeaturizerTests.line(seed + 20)
    let whole = try featurizer(Record(.strokes(strokes)))
    var points: [JSONValue] = []
    for stroke in strokes.strokes {
      for (place, point) in stroke.enumerated() {
        let lifted: JSONValue =
          place + 1 == stroke.count ? (seed % 2 == 0 ? .number(1) : .bool(true)) : .number(0)
        points.append(.list([.number(Double(point.x)), .number(Double(point.y)), lifted]))
      }
    }
    for size in [1, 2, 7, 40, points.count] {
      var stream = try #require(featurizer.stream(readsTimes: true))
      var values: [Float] = []
      for start in stride(from: 0, to: points.count, by: size) {
        let part = Array(points[start..<min(start + size, points.count)])
        values += try stream.push(size == 1 ? part[0] : .list(part), line: 1).flatMap(\.values)
        // a state that was kept goes on in the same way
        var other = try #require(featurizer.stream(readsTimes: true))
        let isRestored = other.restore(stream.stored)
        #expect(isRestored)
        stream = other
      }
      values += stream.finish().flatMap(\.values)
      #expect(values == whole.values)
    }
  }

  @Test func stepsComeAsThePenMoves() throws {
    let featurizer = try StrokeFeaturizerTests.fitted(StrokeSettings(scale: .running))
    var stream = try #require(featurizer.stream(readsTimes: true))
    var counts: [Int] = []
    for place in 0..<40 {
      counts.append(
        try stream.push(.list([.number(Double(place)), .number(Double(place % 9))]), line: 1).count)
    }
    #expect(counts == [Int](repeating: 0, count: 31) + [32] + [Int](repeating: 1, count: 8))
    #expect(try stream.push(.null, line: 1).isEmpty)
    #expect(try stream.push(.list([.number(3), .number(4), .number(1)]), line: 1).count == 1)
    #expect(try StrokeFeaturizerTests.fitted(StrokeSettings()).stream(readsTimes: true) == nil)
    for value in [
      JSONValue.text("x"), .list([.number(1)]), .list([.number(1), .number(2), .number(3)]), .number(1),
    ] {
      #expect(throws: DataError.self) { try stream.push(value, line: 3) }
    }
  }

  @Test func damagedStatesAreNoticed() throws {
    let featurizer = try StrokeFeaturizerTests.fitted(StrokeSettings(scale: .running))
    var stream = try #require(featurizer.stream(readsTimes: true))
    _ = try stream.push(.list([.number(3), .number(4)]), line: 1)
    let stored = stream.stored
    for cut in 0..<stored.count {
      var other = try #require(featurizer.stream(readsTimes: true))
      let isRestored = other.restore(Array(stored.prefix(cut)))
      #expect(!isRestored)
    }
  }

  @Test(arguments: [Double.nan, .infinity, 0, -1]) func damagedScalesAreNoticed(_ scale: Double) throws {
    let featurizer = try StrokeFeaturizerTests.fitted(StrokeSettings(scale: .running, spacing: 0.15))
    var stream = try #require(featurizer.stream(readsTimes: true))
    for place in 0..<40 {
      _ = try stream.push(.list([.number(Double(place)), .number(Double(place % 9))]), line: 1)
    }
    var stored = stream.stored
    // no point waits, and the scale is known
    #expect(stored[2] == 0 && stored[3] == 1)
    stored[4] = Int64(bitPattern: scale.bitPattern)
    var other = try #require(featurizer.stream(readsTimes: true))
    let isRestored = other.restore(stored)
    #expect(!isRestored)
  }

  /// A long stroke of hardly any height would have more steps than an integer counts.
  @Test(arguments: StrokeSettings.Scale.allCases) func hardlyAnyHeight(_ scale: StrokeSettings.Scale) throws {
    var featurizer = StrokeFeaturizer.plain
    featurizer.settings = StrokeSettings(scale: scale, spacing: 0.2)
    let features = try featurizer(Record(.strokes(StrokeSequence([[.init(0, 0), .init(100_000, 1e-30)]]))))
    // the box around it is as wide as it is long
    #expect(features.stepCount == (scale == .box ? 6 : 1025) && features.values.allSatisfy(\.isFinite))
  }

  @Test func flatStrokes() throws {
    // dots and lines have no height: the usual one stands for it
    let flat = StrokeSequence([[.init(5, 5)], [.init(5, 5), .init(5, 5), .init(9, 5)]])
    for settings in StrokeFeaturizerTests.settings {
      let featurizer = try StrokeFeaturizerTests.fitted(settings)
      let features = try featurizer(Record(.strokes(flat)))
      #expect(features.stepCount >= 3 && features.values.allSatisfy(\.isFinite))
    }
    let (alone, notes) = try StrokeFeaturizer.fit(
      RecordSource([Record(.strokes(flat))]), labels: nil, classCount: 0, settings: FeatureSettings()
    ) { _ in }
    #expect(alone.height == 1 && notes.contains { $0.kind == .warning } && alone.issue == nil)
  }

  @Test func impossibleValues() throws {
    var featurizer = StrokeFeaturizer.plain
    #expect(featurizer.issue == nil)
    featurizer.height = .nan
    #expect(featurizer.issue?.contains("height") == true)
    featurizer = .plain
    featurizer.settings.spacing = 0
    #expect(featurizer.issue?.contains("settings.spacing") == true)
    featurizer = .plain
    featurizer.scaler.scales = [1]
    #expect(featurizer.issue?.contains("scaler") == true)
    #expect(throws: DataError.self) {
      try StrokeFeaturizer.fit(
        RecordSource([Record(.strokes(StrokeFeaturizerTests.line(1)))]), labels: nil, classCount: 0,
        settings: FeatureSettings(strokes: StrokeSettings(spacing: 0))
      ) { _ in }
    }
    #expect(throws: DataError.self) { try StrokeFeaturizer.plain(Record(.text("x"))) }
  }

  @Test func theModalityIsKnown() throws {
    let records = (0..<3).map { Record(.strokes(StrokeFeaturizerTests.line($0))) }
    let (featurizer, _) = try SequenceFeaturizer.fit(RecordSource(records), labels: nil, classCount: 0)
    #expect(featurizer.modality == .strokes && featurizer.featureCount == 4 && featurizer.issue == nil)
    #expect(try featurizer.stepCount(records[0]) == featurizer(records[0]).stepCount)
  }
}

extension StrokeFeaturizer {
  /// Lengths as they are, in heights of a stroke.
  fileprivate static var plain: StrokeFeaturizer {
    let scaler = ChannelScaler(method: .none, fitting: [[Float]](repeating: [0, 1], count: 4))
    return StrokeFeaturizer(settings: StrokeSettings(), height: 1, isUpward: true, scaler: scaler)
  }
}
