import RecurrentFormats

extension StrokeSequence {
  /// The keys of strokes.
  static let keys = ["strokes", "drawing"]

  /// Whether an object of JSON has strokes.
  static func recognizes(_ members: [String: JSONValue]) -> Bool {
    keys.contains { if case .list? = members[$0] { true } else { false } }
  }

  /// The strokes of an object of JSON: `strokes` as lists of points `[x, y]` or `[x, y, time]`, with y upward; or `drawing`,
  /// as Quick, Draw! has it, a list of x and a list of y for each stroke, with y downward.
  ///
  /// Points, or strokes of columns, have further numbers where `channels` names all of them: `["x", "y", "time", "pressure", "width"]`. The
  /// channels `pressure` and `width` are read, and so are `colors`, a colour of CSS for each stroke.
  ///
  /// - Throws: what `malformed` makes of what was expected and found.
  init(
    _ members: [String: JSONValue], malformed: (_ expected: String, _ found: String) -> DataError
  ) throws(DataError) {
    var gaps = BrushGaps()
    try self.init(members, gaps: &gaps, malformed: malformed)
  }

  /// The same, with what is assumed of the brush.
  init(
    _ members: [String: JSONValue], gaps: inout BrushGaps,
    malformed: (_ expected: String, _ found: String) -> DataError
  ) throws(DataError) {
    let channels = try StrokeChannels(members, malformed)
    let own: [Stroke]
    let isUpward: Bool
    if case .list(let values)? = members["strokes"] {
      (own, isUpward) = (try StrokeSequence.strokes(values, channels, areColumns: false, malformed), true)
    } else if case .list(let values)? = members["drawing"] {
      (own, isUpward) = (try StrokeSequence.strokes(values, channels, areColumns: true, malformed), false)
    } else {
      throw malformed("a list \"strokes\" or \"drawing\"", "neither")
    }
    guard !own.isEmpty else { throw malformed("at least one stroke", "none") }
    self.init(
      own.map(\.points), isUpward: isUpward,
      brush: StrokeBrush(
        pressures: channels.pressure == nil ? nil : own.map(\.pressures),
        widths: channels.width == nil ? nil : own.map(\.widths),
        colours: try StrokeSequence.colours(members, count: own.count, &gaps, malformed)))
  }

  /// A stroke with what stands beside its points.
  private struct Stroke {
    var points: [Point] = []
    var pressures: [Float] = []
    var widths: [Float] = []
  }

  private static func strokes(
    _ values: [JSONValue], _ channels: StrokeChannels, areColumns: Bool,
    _ malformed: (String, String) -> DataError
  ) throws(DataError) -> [Stroke] {
    var strokes: [Stroke] = []
    for (index, value) in values.enumerated() {
      let stroke =
        areColumns ? try columns(value, channels, malformed) : try points(value, channels, malformed)
      guard !stroke.points.isEmpty else {
        throw malformed("strokes of at least one point", "none in stroke \(index + 1)")
      }
      strokes.append(stroke)
    }
    return strokes
  }

  /// A stroke of points.
  private static func points(
    _ value: JSONValue, _ channels: StrokeChannels, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> Stroke {
    guard case .list(let values) = value else {
      throw malformed("a stroke, a list of points", "another value")
    }
    var stroke = Stroke()
    stroke.points.reserveCapacity(values.count)
    for value in values {
      guard case .list(let numbers) = value, numbers.count >= 2 else {
        throw malformed("a point [x, y]", "another value")
      }
      try channels.check(numbers.count, of: "a point", malformed)
      stroke.points.append(try point(numbers[channels.x], numbers[channels.y], malformed))
      if let place = channels.pressure {
        stroke.pressures.append(try number(numbers[place], "a pressure, a number", malformed))
      }
      if let place = channels.width {
        stroke.widths.append(try number(numbers[place], "a width, a number", malformed))
      }
    }
    return stroke
  }

  /// A point `[x, y]`; what stands behind these is not read.
  package static func point(
    _ value: JSONValue, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> Point {
    guard case .list(let numbers) = value, numbers.count >= 2 else {
      throw malformed("a point [x, y]", "another value")
    }
    return try point(numbers[0], numbers[1], malformed)
  }

  private static func point(
    _ x: JSONValue, _ y: JSONValue, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> Point {
    Point(
      try number(x, "a coordinate, a number", malformed), try number(y, "a coordinate, a number", malformed))
  }

  /// A stroke of a list of x and a list of y.
  private static func columns(
    _ value: JSONValue, _ channels: StrokeChannels, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> Stroke {
    let expected = "a stroke of a list of x and one of as many y"
    guard case .list(let columns) = value, columns.count >= 2 else {
      throw malformed(expected, "another value")
    }
    try channels.check(columns.count, of: "a stroke", malformed)
    guard case .list(let x) = columns[channels.x], case .list(let y) = columns[channels.y],
      x.count == y.count
    else { throw malformed(expected, "another value") }
    func numbers(_ place: Int?, _ expected: String) throws(DataError) -> [Float] {
      guard let place else { return [] }
      guard case .list(let values) = columns[place], values.count == x.count else {
        throw malformed("a list of \(x.count) numbers for \"\(channels.names[place])\"", "another value")
      }
      var numbers: [Float] = []
      for value in values { numbers.append(try number(value, expected, malformed)) }
      return numbers
    }
    var stroke = Stroke()
    for (x, y) in zip(x, y) { stroke.points.append(try point(x, y, malformed)) }
    stroke.pressures = try numbers(channels.pressure, "a pressure, a number")
    stroke.widths = try numbers(channels.width, "a width, a number")
    return stroke
  }

  /// A number of a point.
  package static func number(
    _ value: JSONValue, _ expected: String, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> Float {
    guard case .number(let number) = value, coordinates.contains(number) else {
      throw malformed(
        "\(expected) within \(coordinates.upperBound)", value.field ?? "a list or an object")
    }
    return Float(number)
  }

  private static func colours(
    _ members: [String: JSONValue], count: Int, _ gaps: inout BrushGaps,
    _ malformed: (String, String) -> DataError
  ) throws(DataError) -> [BrushColour]? {
    guard let value = members["colors"] ?? members["colours"], value != .null else { return nil }
    guard case .list(let values) = value, values.count == count else {
      throw malformed("a list \"colors\" of \(count) colours, one for each stroke", "another value")
    }
    var colours: [BrushColour] = []
    for value in values {
      guard case .text(let text) = value else {
        throw malformed("a colour, such as \"#ff0000\"", value.field ?? "a list or an object")
      }
      let colour = BrushColour(text)
      if colour == nil { gaps.add(.unknownColour, text) }
      colours.append(colour ?? .black)
    }
    return colours
  }
}

extension RecordTable {
  /// The strokes of a row of JSON; nil where it has none.
  ///
  /// - Throws: ``DataError`` for damaged ones.
  func strokes(row: Int) throws(DataError) -> StrokeSequence? {
    guard let members = try object(row), StrokeSequence.recognizes(members) else { return nil }
    return try StrokeSequence(members) {
      .malformed(path: path, place: .line(line(of: row)), expected: $0, found: $1)
    }
  }

  /// The column with the strokes of a pen in the first row, of those with their names; nil without.
  func columnOfStrokes() throws(DataError) -> Int? {
    guard let members = try object(0) else { return nil }
    return columns.indices.first { place in
      guard StrokeSequence.keys.contains(columns[place]), case .list? = members[columns[place]] else {
        return false
      }
      return true
    }
  }
}

/// Where the numbers of a point stand.
struct StrokeChannels: Equatable {
  /// What the data name them; empty where they name none, and then x, y and what is not read.
  let names: [String]
  let x, y: Int
  let pressure, width: Int?

  /// Whether the points have times.
  var hasTimes: Bool { names.contains("t") || names.contains("time") }

  /// The channels that the member `channels` names.
  ///
  /// - Throws: what `malformed` makes of what was expected and found.
  init(
    _ members: [String: JSONValue], _ malformed: (_ expected: String, _ found: String) -> DataError
  ) throws(DataError) {
    guard let value = members["channels"], value != .null else {
      (names, x, y, pressure, width) = ([], 0, 1, nil, nil)
      return
    }
    guard case .list(let values) = value else {
      throw malformed("a list \"channels\" of names", "another value")
    }
    var names: [String] = []
    for value in values {
      guard case .text(let name) = value else {
        throw malformed("a name of a channel", value.field ?? "a list or an object")
      }
      names.append(name.lowercased())
    }
    guard let x = names.firstIndex(of: "x"), let y = names.firstIndex(of: "y"),
      Set(names).count == names.count
    else {
      throw malformed(
        "\"channels\" with \"x\" and \"y\", each once",
        "\(names.prefix(8).joined(separator: ", ").prefix(60))")
    }
    func place(_ keys: [String]) -> Int? { names.firstIndex { keys.contains($0) } }
    (self.names, self.x, self.y) = (names, x, y)
    (pressure, width) = (place(["pressure", "force", "f"]), place(["width", "w"]))
  }

  /// Throws where there are not as many numbers as names.
  func check(
    _ count: Int, of what: String, _ malformed: (_ expected: String, _ found: String) -> DataError
  ) throws(DataError) {
    guard names.isEmpty || names.count == count else {
      throw malformed(
        "\(what) of \(names.count) channels, as \"channels\" names them: \(names.joined(separator: ", "))",
        "\(count)")
    }
  }
}
