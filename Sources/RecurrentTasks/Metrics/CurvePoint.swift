/// A point of a curve, `[x, y]` in JSON.
public struct CurvePoint: Sendable, Equatable, Codable {
  /// To the right and up.
  public var x, y: Double

  /// A point.
  public init(_ x: Double, _ y: Double) {
    (self.x, self.y) = (x, y)
  }

  /// Reads two numbers.
  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    x = try container.decode(Double.self)
    y = try container.decode(Double.self)
  }

  /// Writes two numbers.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(x)
    try container.encode(y)
  }

  /// At most `limit` of the points of a curve, evenly spread over its length, the first and the last among
  /// them, with four decimals.
  public static func thinned(_ points: [CurvePoint], limit: Int) -> [CurvePoint] {
    trapUnless(limit >= 2, "CurvePoint.thinned: expected a limit of 2 or more, received \(limit)")
    func short(_ point: CurvePoint) -> CurvePoint {
      CurvePoint((point.x * 10_000).rounded() / 10_000, (point.y * 10_000).rounded() / 10_000)
    }
    guard points.count > limit else { return points.map(short) }
    var lengths = [0.0]
    for (a, b) in zip(points, points.dropFirst()) {
      lengths.append(lengths[lengths.count - 1] + abs(b.x - a.x) + abs(b.y - a.y))
    }
    let total = lengths[lengths.count - 1]
    var kept = [short(points[0])]
    for index in 1..<points.count - 1 {
      // the first point behind each of the equal parts
      let part = lengths[index] / total * Double(limit - 1)
      let partBefore = lengths[index - 1] / total * Double(limit - 1)
      if kept.count < limit - 1, part.rounded(.down) > partBefore.rounded(.down) {
        kept.append(short(points[index]))
      }
    }
    return kept + [short(points[points.count - 1])]
  }
}
