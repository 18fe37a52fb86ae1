import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Characters of a pen by their shape.
@Suite struct StrokeShapeTests {
  private static let settings = StrokeSettings(scale: .box, features: .shape)

  private static func plain(_ settings: StrokeSettings = settings, pen: PenChannels? = nil)
    -> StrokeFeaturizer
  {
    let scaler = ChannelScaler(method: .none, fitting: [[Float]](repeating: [0, 1], count: 9))
    return StrokeFeaturizer(settings: settings, height: 1, isUpward: true, scaler: scaler, pen: pen)
  }

  private static func character(_ seed: UInt64) -> StrokeSequence {
    let draws = RandomKey(seed: seed).uniforms(60)
    var strokes: [[StrokeSequence.Point]] = []
    for stroke in 0..<3 {
      var points: [StrokeSequence.Point] = []
      for point in 0..<10 {
        let place = 20 * stroke + point
        points.append(StrokeSequence.Point(40 * draws[place], 70 * draws[place + 10]))
      }
      strokes.append(points)
    }
    return StrokeSequence(strokes)
  }

  /// A corner of sides 3 and 4, and a dot on the other side.
  @Test func valuesByHand() throws {
    let strokes = StrokeSequence([[.init(0, 0), .init(0, 4), .init(3, 4)], [.init(3, 0)]])
    let values = try Self.plain()(Record(.strokes(strokes))).values
    let (x, y): (Float, Float) = (1.5 / 4, 2.0 / 4)
    let expected: [[Float]] = [
      [0, 0, 1, -x, -y, 0, 0, 0, 0],
      [0, 1, 0, -x, 1 - y, 0, 1, 0, 0],
      // a right angle to the right: the cosine of the turn is 0, its sine -1
      [0.75, 0, 0, 0.75 - x, 1 - y, 1, 0, 0, -1],
      [0, -1, 1, 0.75 - x, -y, 0, -1, 0, -1],
    ]
    #expect(values.count == 36)
    for (place, value) in values.enumerated() {
      #expect(abs(value - expected[place / 9][place % 9]) < 1e-6, "step \(place / 9), number \(place % 9)")
    }
  }

  /// Where a character stands, how large it is and which way y grows do not matter; a dot has the usual size.
  @Test func placeAndUnitsDoNotMatter() throws {
    let featurizer = Self.plain(StrokeSettings(scale: .box, spacing: 0.1, features: .shape))
    let own = Self.character(4)
    let others = [
      StrokeSequence(own.strokes.map { $0.map { .init(8 * $0.x + 1000, 8 * $0.y - 300) } }),
      StrokeSequence(own.strokes.map { $0.map { .init($0.x, -$0.y) } }, isUpward: false),
    ]
    let values = try featurizer(Record(.strokes(own))).values
    for other in others {
      let found = try featurizer(Record(.strokes(other))).values
      #expect(found.count == values.count && zip(found, values).allSatisfy { abs($0 - $1) < 2e-3 })
    }
    let dot = try Self.plain()(Record(.strokes(StrokeSequence([[.init(7, 9)]])))).values
    #expect(dot == [0, 0, 1, 0, 0, 0, 0, 0, 0])
  }

  /// What a turned, leaning and widened character gives is what its features become by the same map.
  @Test func mapsOfFeaturesAreThoseOfPoints() throws {
    var featurizer = Self.plain(StrokeSettings(scale: .line, features: .shape))
    featurizer.scaler = ChannelScaler(
      method: .standard, fitting: (0..<9).map { RandomKey(seed: UInt64($0)).uniforms(20) })
    let map = StrokeShape.Map(width: 0.2, height: -0.1, lean: 0.3, angle: 0.4)
    let own = Self.character(8)
    let moved = StrokeSequence(
      own.strokes.map { stroke in
        stroke.map { point in
          let (x, y) = map(Double(point.x), Double(point.y))
          return .init(Float(x), Float(y))
        }
      })
    // one scale for both
    func features(_ strokes: StrokeSequence) -> FeatureSequence {
      var steps = StrokeSteps(featurizer.settings, height: 1, isUpward: true)
      steps.settle(StrokeSequence([[.init(0, 0), .init(0, 50)]]))
      var values: [Float] = []
      for stroke in strokes.strokes {
        for point in stroke { steps.push(point, to: &values) }
        steps.lift(to: &values)
      }
      let described = StrokeShape.described(
        stride(from: 0, to: values.count, by: 4).map {
          (dx: Double(values[$0]), dy: Double(values[$0 + 1]), lifted: values[$0 + 2])
        })
      return FeatureSequence(featureCount: 9, values: featurizer.scaled(described))
    }
    let (mapped, expected) = (featurizer.mapped(features(own), by: map), features(moved))
    #expect(mapped.values.count == expected.values.count)
    #expect(zip(mapped.values, expected.values).allSatisfy { abs($0 - $1) < 2e-3 })
    #expect(mapped != features(own))
  }

  /// Each key is another hand, within the bounds; nothing asked for is nothing changed.
  @Test func variationsAreBounded() throws {
    let featurizer = Self.plain()
    let own = try featurizer(Record(.strokes(Self.character(2))))
    #expect(featurizer.varied(own, slant: 0, rotation: 0, key: RandomKey(seed: 1)) == own)
    var angles: Set<Float> = []
    for child in 0..<40 {
      let found = featurizer.varied(own, slant: 0, rotation: 0.3, key: RandomKey(seed: 1).child(child))
      // a turn alone keeps lengths, and turns all directions by one angle
      let (before, after) = ((own.values[9], own.values[10]), (found.values[9], found.values[10]))
      let sine = before.0 * after.1 - before.1 * after.0
      let cosine = before.0 * after.0 + before.1 * after.1
      let square = before.0 * before.0 + before.1 * before.1
      #expect(abs(sine * sine + cosine * cosine - square * square) < 1e-4 * square * square)
      #expect(abs(sine) <= square * 0.2956)
      #expect(
        zip(own.values, found.values).enumerated().allSatisfy {
          $0.offset % 9 != 7 || abs($0.element.0 - $0.element.1) < 1e-4
        })
      angles.insert((sine / square * 1e4).rounded())
    }
    #expect(angles.count > 30)
  }

  @Test func shapesAreNoStreams() throws {
    #expect(Self.plain().stream(readsTimes: true) == nil)
    #expect(Self.plain(StrokeSettings(scale: .running, features: .shape)).stream(readsTimes: true) == nil)
  }

  // MARK: Channels that are the way of a pen

  @Test func channelsOfAPen() throws {
    let series = NumericSeries(
      channels: ["x", "y", "stroke"],
      values: [0, 0, 1, 0, 4, 1, .nan, 4, 1, 3, 4, 1, 3, 0, 2])
    let strokes = StrokeSequence([[.init(0, 0), .init(0, 4), .init(3, 4)], [.init(3, 0)]])
    let pen = try PenChannels(["x", "y", "stroke"], in: series.channels)
    #expect(pen.strokes(series) == strokes)
    let capitals = try PenChannels(["Pen_X", "Pen_Y"], in: ["Pen_Y", "Pen_X"])
    #expect(PenChannels(guessing: ["Pen_Y", "Pen_X"]) == capitals)
    #expect(PenChannels(guessing: series.channels) == pen)
    // more than a pen, or less
    for channels in [
      ["x", "y"], ["x", "y", "z"], ["x"], ["a", "b"], ["x", "y", "force"], ["pen_x", "pen_y", "a"],
    ] {
      #expect(PenChannels(guessing: channels) == nil)
    }
    for names in [["x"], ["x", "x"], ["x", "q"], ["x", "y", "stroke", "x"]] {
      #expect(throws: DataError.self) { try PenChannels(names, in: series.channels) }
    }
    let record = Record(.series(series))
    #expect(try Self.plain(pen: pen)(record) == Self.plain()(Record(.strokes(strokes))))
    let empty = Record(.series(NumericSeries(channels: series.channels, values: [.nan, 1, 1])))
    #expect(throws: DataError.self) { try Self.plain(pen: pen)(empty) }
  }

  /// What names say is said, and can be overruled; what may be a pen is named, and without characters to read names say nothing.
  @Test(
    arguments: [
      (["pen_x", "pen_y"], nil, true, Modality.strokes, DataNote.Kind.assumed),
      (["pen_x", "pen_y"], [], true, .series, nil), (["pen_x", "pen_y"], nil, false, .series, nil),
      (["x", "y"], nil, true, .series, .found), (["x", "y"], [], true, .series, nil),
      (["x", "y"], nil, false, .series, nil), (["x", "y"], ["y", "x"], false, .strokes, nil),
    ] as [([String], [String]?, Bool, Modality, DataNote.Kind?)])
  func guessesAreSaid(
    _ channels: [String], _ pen: [String]?, _ readsShape: Bool, _ modality: Modality, _ kind: DataNote.Kind?
  ) throws {
    var settings = FeatureSettings(strokes: readsShape ? Self.settings : nil)
    settings.pen = pen
    let records = (0..<4).map { index in
      Record(.series(NumericSeries(channels: channels, values: RandomKey(seed: UInt64(index)).uniforms(12))))
    }
    let (featurizer, notes) = try SequenceFeaturizer.fit(
      RecordSource(records), labels: nil, classCount: 0, settings: settings)
    #expect(featurizer.modality == modality && featurizer.issue == nil)
    #expect(notes.filter { $0.setting == "pen" }.map(\.kind) == [kind].compactMap { $0 })
  }

  @Test func impossiblePlacesAreIssues() throws {
    var pen = try PenChannels(["x", "y"], in: ["x", "y"])
    #expect(Self.plain(pen: pen).issue == nil)
    pen.y = 2
    #expect(Self.plain(pen: pen).issue != nil)
    pen.y = 0
    #expect(Self.plain(pen: pen).issue != nil)
  }
}
