/// A stroke with columns of numbers beside its points; of a drawing without a brush there is none.
struct StrokeLine {
  typealias Point = StrokeSequence.Point

  /// The points, at least one.
  var points: [Point]
  /// Columns of as many numbers.
  var columns: [[Float]]

  /// The most points of a stroke that is resampled: of a longer one they stand farther apart.
  private static let mostPoints: Float = 10_000

  /// Points at each `spacing` of length along the stroke, its ends among them; what stands beside them is between that of the points
  /// on both sides.
  func resampled(every spacing: Float = 1) -> StrokeLine {
    var own = StrokeLine(points: [points[0]], columns: columns.map { [$0[0]] })
    let length = zip(points, points.dropFirst()).reduce(0) { $0 + StrokeLine.distance($1.0, $1.1) }
    let step = max(spacing, length / StrokeLine.mostPoints)
    var left = step
    for index in points.indices.dropLast() {
      let (from, to) = (points[index], points[index + 1])
      let length = StrokeLine.distance(from, to)
      var place: Float = 0
      while length - place > left {
        place += left
        own.points.append(
          Point(from.x + (to.x - from.x) * place / length, from.y + (to.y - from.y) * place / length))
        for (number, column) in columns.enumerated() {
          own.columns[number].append(
            column[index] + (column[index + 1] - column[index]) * (place / length))
        }
        left = step
      }
      left -= length - place
    }
    let last = points.count - 1
    if own.points.last != points[last] {
      own.points.append(points[last])
      for number in columns.indices { own.columns[number].append(columns[number][last]) }
    }
    return own
  }

  /// The points that are needed to be nowhere farther off than `tolerance`, and no column farther than its own.
  func thinned(within tolerance: Float, _ columnTolerances: [Float]) -> StrokeLine {
    guard points.count > 2 else { return self }
    // the time may grow with the square of the points
    let line = points.count > 2 * Int(StrokeLine.mostPoints) ? resampled(every: 0) : self
    let last = line.points.count - 1
    var isKept = [Bool](repeating: false, count: line.points.count)
    (isKept[0], isKept[last]) = (true, true)
    // a list of ranges and no recursion, for a stroke may have any number of points
    var ranges = [(0, last)]
    while let (first, last) = ranges.popLast() {
      guard last - first > 1 else { continue }
      var (farthest, place): (Float, Int) = (-1, first)
      for index in first + 1..<last {
        var own = StrokeLine.distance(
          line.points[index], toLineFrom: line.points[first], to: line.points[last])
        for (column, most) in zip(line.columns, columnTolerances) where most > 0 {
          let share = Float(index - first) / Float(last - first)
          let between = column[first] + (column[last] - column[first]) * share
          own = max(own, abs(column[index] - between) / most * tolerance)
        }
        if own > farthest { (farthest, place) = (own, index) }
      }
      guard farthest > tolerance else { continue }
      isKept[place] = true
      ranges += [(first, place), (place, last)]
    }
    func kept<Value>(_ values: [Value]) -> [Value] { values.indices.filter { isKept[$0] }.map { values[$0] } }
    return StrokeLine(points: kept(line.points), columns: line.columns.map(kept))
  }

  private static func distance(_ a: Point, _ b: Point) -> Float {
    ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
  }

  /// How far a point is from a piece of a line.
  private static func distance(_ p: Point, toLineFrom a: Point, to b: Point) -> Float {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let square = dx * dx + dy * dy
    guard square > 0 else { return distance(p, a) }
    let t = min(max(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0), 1)
    return distance(p, Point(a.x + t * dx, a.y + t * dy))
  }
}
