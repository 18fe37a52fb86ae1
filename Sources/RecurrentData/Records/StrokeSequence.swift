import RecurrentFormats

/// Strokes of a pen, each from where it is put down to where it is lifted, in units of the device.
public struct StrokeSequence: Sendable, Equatable {
  /// A place on the paper.
  public struct Point: Sendable, Equatable {
    /// To the right.
    public var x: Float
    /// Up or down; see ``StrokeSequence/isUpward``.
    public var y: Float

    /// A place.
    public init(_ x: Float, _ y: Float) { (self.x, self.y) = (x, y) }
  }

  /// The points of each stroke, at least one.
  public var strokes: [[Point]]
  /// Whether y grows upward on the paper, as on digitisers; it grows downward on screens.
  public var isUpward: Bool

  /// Strokes in the order in which they are written.
  public init(_ strokes: [[Point]], isUpward: Bool = true) {
    self.strokes = strokes
    self.isUpward = isUpward
  }

  /// All points.
  public var pointCount: Int { strokes.reduce(0) { $0 + $1.count } }
}

extension StrokeSequence {
  /// Beyond these a number is damaged.
  static let coordinates: ClosedRange<Double> = -1e9...1e9

  /// Whether an object of JSON has strokes.
  static func recognizes(_ members: [String: JSONValue]) -> Bool {
    ["strokes", "drawing"].contains { if case .list? = members[$0] { true } else { false } }
  }

  /// The strokes of an object of JSON: `strokes` as lists of points `[x, y]` or `[x, y, time]`, with y upward; or `drawing`,
  /// as Quick, Draw! has it, a list of x and a list of y for each stroke, with y downward.
  ///
  /// - Throws: what `malformed` makes of what was expected and found.
  init(
    _ members: [String: JSONValue], malformed: (_ expected: String, _ found: String) -> DataError
  ) throws(DataError) {
    let own: [[Point]]
    let isUpward: Bool
    if case .list(let values)? = members["strokes"] {
      (own, isUpward) = (try StrokeSequence.strokes(values, areColumns: false, malformed), true)
    } else if case .list(let values)? = members["drawing"] {
      (own, isUpward) = (try StrokeSequence.strokes(values, areColumns: true, malformed), false)
    } else {
      throw malformed("a list \"strokes\" or \"drawing\"", "neither")
    }
    guard !own.isEmpty else { throw malformed("at least one stroke", "none") }
    self.init(own, isUpward: isUpward)
  }

  private static func strokes(
    _ values: [JSONValue], areColumns: Bool, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> [[Point]] {
    var strokes: [[Point]] = []
    for (index, value) in values.enumerated() {
      let stroke = areColumns ? try columns(value, malformed) : try points(value, malformed)
      guard !stroke.isEmpty else {
        throw malformed("strokes of at least one point", "none in stroke \(index + 1)")
      }
      strokes.append(stroke)
    }
    return strokes
  }

  /// A stroke of points.
  private static func points(
    _ value: JSONValue, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> [Point] {
    guard case .list(let values) = value else {
      throw malformed("a stroke, a list of points", "another value")
    }
    var points: [Point] = []
    points.reserveCapacity(values.count)
    for value in values { points.append(try point(value, malformed)) }
    return points
  }

  /// A point `[x, y]`; what stands behind these is not read.
  package static func point(
    _ value: JSONValue, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> Point {
    guard case .list(let numbers) = value, numbers.count >= 2 else {
      throw malformed("a point [x, y]", "another value")
    }
    return Point(try coordinate(numbers[0], malformed), try coordinate(numbers[1], malformed))
  }

  /// A stroke of a list of x and a list of y.
  private static func columns(
    _ value: JSONValue, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> [Point] {
    guard case .list(let columns) = value, columns.count >= 2, case .list(let x) = columns[0],
      case .list(let y) = columns[1], x.count == y.count
    else { throw malformed("a stroke of a list of x and one of as many y", "another value") }
    var points: [Point] = []
    for (x, y) in zip(x, y) {
      points.append(Point(try coordinate(x, malformed), try coordinate(y, malformed)))
    }
    return points
  }

  private static func coordinate(
    _ value: JSONValue, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> Float {
    guard case .number(let number) = value, coordinates.contains(number) else {
      throw malformed(
        "a coordinate, a number within \(coordinates.upperBound)", value.field ?? "a list or an object")
    }
    return Float(number)
  }
}
