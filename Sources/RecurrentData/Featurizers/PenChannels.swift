/// Which channels of a series are the way of a pen: where it is, and which stroke it draws.
public struct PenChannels: Sendable, Equatable, Codable {
  /// The places of the channels with the coordinates, y upward.
  public var x, y: Int
  /// The place of the channel with the number of the stroke, which changes where another one begins; nil for one stroke.
  public var stroke: Int?
  /// Channels of the series.
  public var count: Int

  /// Channels by their names.
  ///
  /// - Parameters:
  ///   - names: of x, of y, and of the number of the stroke where there is one.
  ///   - channels: of the series.
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` for any other names.
  init(_ names: [String], in channels: [String]) throws(DataError) {
    let places = names.compactMap { name in channels.firstIndex { $0 == name } }
    guard names.count == 2 || names.count == 3, places.count == names.count, Set(places).count == places.count
    else {
      let shown = channels.prefix(12).map { "\"\($0)\"" }.joined(separator: ", ")
      throw .invalidSetting(
        name: "pen", expected: "x, y and perhaps the number of the stroke among the channels \(shown)",
        found: names.joined(separator: ","))
    }
    (x, y, stroke) = (places[0], places[1], places.count > 2 ? places[2] : nil)
    count = channels.count
  }

  /// Channels that say that they are those of a pen: x, y and the number of the stroke, or `pen_x` and `pen_y`, and nothing else; nil
  /// for any others. An x and a y alone may be anything.
  init?(guessing channels: [String]) {
    let names = channels.map { $0.lowercased() }
    func place(_ known: [String]) -> Int? { names.firstIndex { known.contains($0) } }
    let stroke = place(["stroke", "stroke_id", "stroke_number"])
    guard let x = place(stroke == nil ? ["pen_x", "pen x"] : ["x", "pen_x", "pen x"]),
      let y = place(stroke == nil ? ["pen_y", "pen y"] : ["y", "pen_y", "pen y"]),
      channels.count == (stroke == nil ? 2 : 3)
    else { return nil }
    (self.x, self.y, self.stroke, count) = (x, y, stroke, channels.count)
  }

  /// What is said about channels that may be those of a pen; nil for all others.
  static func note(_ channels: [String]) -> DataNote? {
    guard channels.map({ $0.lowercased() }) == ["x", "y"] else { return nil }
    return DataNote(
      .found, "x and y are read as any numbers; where they are the way of a pen, that can be said",
      setting: "pen")
  }

  /// The strokes of a series; points without both coordinates are left out.
  ///
  /// - Returns: nil where there is no point.
  func strokes(_ series: NumericSeries) -> StrokeSequence? {
    var strokes: [[StrokeSequence.Point]] = []
    var number: Float?
    for step in 0..<series.stepCount {
      let start = step * count
      let (x, y) = (series.values[start + x], series.values[start + y])
      guard x.isFinite, y.isFinite else { continue }
      let own = stroke.map { series.values[start + $0] } ?? 0
      if strokes.isEmpty || own != number { strokes.append([]) }
      number = own
      strokes[strokes.count - 1].append(StrokeSequence.Point(x, y))
    }
    return strokes.isEmpty ? nil : StrokeSequence(strokes)
  }

  /// Throws where the places are impossible.
  func check() throws(ValueIssue) {
    try ValueIssue.check("pen.count", count, in: 2...1 << 20)
    for place in [x, y, stroke ?? x] { try ValueIssue.check("the places of pen", place, in: 0...count - 1) }
    try ValueIssue.check(
      Set([x, y, stroke].compactMap { $0 }).count == (stroke == nil ? 2 : 3),
      "the places of pen are the same, expected different ones")
  }
}

extension StrokeFeaturizer {
  /// The strokes of a record: its own, or those that its channels are.
  func strokes(of record: Record) throws -> StrokeSequence {
    guard let pen else { return try record.strokes() }
    let content = try record.read()
    guard case .series(let series) = content, series.channelCount == pen.count else {
      throw DataError.malformed(
        path: record.place, place: .byte(0), expected: "steps of \(pen.count) channels",
        found: "another form of data, or other channels")
    }
    guard let strokes = pen.strokes(series) else {
      throw DataError.malformed(
        path: record.place, place: .byte(0), expected: "at least one point of a pen", found: "none")
    }
    return strokes
  }
}
