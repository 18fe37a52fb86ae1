extension StrokeSequence {
  /// The least and the largest of both coordinates.
  public var bounds: (low: Point, high: Point) {
    let first = strokes.first?.first ?? Point(0, 0)
    var (low, high) = (first, first)
    for stroke in strokes {
      for point in stroke {
        low = Point(Swift.min(low.x, point.x), Swift.min(low.y, point.y))
        high = Point(Swift.max(high.x, point.x), Swift.max(high.y, point.y))
      }
    }
    return (low, high)
  }

  /// The larger of width and height.
  public var side: Float {
    let (low, high) = bounds
    return Swift.max(high.x - low.x, high.y - low.y)
  }

  /// The same strokes with y downward, as on screens.
  public var downward: StrokeSequence {
    isUpward ? StrokeSequence(strokes.map { $0.map { Point($0.x, -$0.y) } }, isUpward: false) : self
  }

  /// The same strokes, each coordinate less `origin` and times `factor`.
  public func moved(from origin: Point, times factor: Float) -> StrokeSequence {
    StrokeSequence(
      strokes.map { $0.map { Point(($0.x - origin.x) * factor, ($0.y - origin.y) * factor) } },
      isUpward: isUpward)
  }

  /// As Quick, Draw! simplifies drawings: moved to the left and upper border, its larger side 255, a point at each unit of length, and
  /// of these those alone without which a line would be more than 2 units off (Ramer, Douglas and Peucker).
  public var simplified: StrokeSequence {
    let own = downward
    // no number for a drawing that is one point, or next to it
    let factor = 255 / own.side
    let moved = own.moved(from: own.bounds.low, times: factor.isFinite ? factor : 1)
    return StrokeSequence(
      moved.strokes.map { StrokeSequence.thinned(StrokeSequence.resampled($0), within: 2) }, isUpward: false)
  }

  /// The most points of a stroke that is resampled: of a longer one they stand farther apart.
  private static let mostPoints: Float = 10_000

  /// Points at each `spacing` of length along a stroke, its ends among them.
  private static func resampled(_ stroke: [Point], every spacing: Float = 1) -> [Point] {
    var points = [stroke[0]]
    let length = zip(stroke, stroke.dropFirst()).reduce(0) { $0 + distance($1.0, $1.1) }
    let step = Swift.max(spacing, length / mostPoints)
    var left = step
    for (from, to) in zip(stroke, stroke.dropFirst()) {
      let length = distance(from, to)
      var place: Float = 0
      while length - place > left {
        place += left
        points.append(
          Point(from.x + (to.x - from.x) * place / length, from.y + (to.y - from.y) * place / length))
        left = step
      }
      left -= length - place
    }
    if let last = stroke.last, points.last != last { points.append(last) }
    return points
  }

  /// The points of a stroke that are needed to be nowhere farther off than `tolerance`.
  static func thinned(_ stroke: [Point], within tolerance: Float) -> [Point] {
    guard stroke.count > 2 else { return stroke }
    // the time may grow with the square of the points
    let stroke = stroke.count > 2 * Int(mostPoints) ? resampled(stroke, every: 0) : stroke
    var isKept = [Bool](repeating: false, count: stroke.count)
    (isKept[0], isKept[stroke.count - 1]) = (true, true)
    // a list of ranges and no recursion, for a stroke may have any number of points
    var ranges = [(0, stroke.count - 1)]
    while let (first, last) = ranges.popLast() {
      guard last - first > 1 else { continue }
      var (farthest, place): (Float, Int) = (-1, first)
      for index in first + 1..<last {
        let own = distance(stroke[index], toLineFrom: stroke[first], to: stroke[last])
        if own > farthest { (farthest, place) = (own, index) }
      }
      guard farthest > tolerance else { continue }
      isKept[place] = true
      ranges += [(first, place), (place, last)]
    }
    return stroke.indices.filter { isKept[$0] }.map { stroke[$0] }
  }

  private static func distance(_ a: Point, _ b: Point) -> Float {
    ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
  }

  /// How far a point is from a piece of a line.
  private static func distance(_ p: Point, toLineFrom a: Point, to b: Point) -> Float {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let square = dx * dx + dy * dy
    guard square > 0 else { return distance(p, a) }
    let t = Swift.min(Swift.max(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0), 1)
    return distance(p, Point(a.x + t * dx, a.y + t * dy))
  }
}
