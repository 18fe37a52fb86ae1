#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What a character looks like at each of its points, from the way of the pen alone: where the pen is, which way it goes, and how
/// it turns.
///
/// A step has the numbers
///
///     dx, dy           the offset from the point before
///     lifted           1 where a stroke begins
///     x, y             the place over the mean of all points
///     cos a, sin a     the direction of the offset; 0, 0 where there is none
///     cos b, sin b     the turn from the direction before: b = a - a'
///
/// so that a linear map of the offsets gives all others anew; see ``StrokeFeaturizer/varied(_:slant:rotation:key:)``.
enum StrokeShape {
  /// Numbers of a step.
  static let featureCount = 9
  /// Shorter offsets have no direction: numbers that were scaled and restored are no longer exactly 0.
  private static let leastLength = 1e-5

  /// A linear map of offsets: `(dx, dy)` becomes `(xx dx + xy dy, yx dx + yy dy)`.
  struct Map {
    var xx = 1.0, xy = 0.0, yx = 0.0, yy = 1.0

    /// Wider and higher by shares, leaning by a tangent, then turned by an angle in radians.
    init(width: Double, height: Double, lean: Double, angle: Double) {
      let (cosine, sine) = (cos(angle), sin(angle))
      let (wide, high) = (1 + width, 1 + height)
      (xx, xy) = (cosine * wide, cosine * lean - sine * high)
      (yx, yy) = (sine * wide, sine * lean + cosine * high)
    }

    func callAsFunction(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
      (xx * x + xy * y, yx * x + yy * y)
    }
  }

  /// The numbers of all steps, `[T * featureCount]`.
  ///
  /// - Parameter offsets: dx, dy and lifted of each step.
  static func described(_ offsets: [(dx: Double, dy: Double, lifted: Float)]) -> [Float] {
    guard !offsets.isEmpty else { return [] }
    var places: [(x: Double, y: Double)] = []
    var (x, y, sumX, sumY) = (0.0, 0.0, 0.0, 0.0)
    places.reserveCapacity(offsets.count)
    for offset in offsets {
      (x, y) = (x + offset.dx, y + offset.dy)
      (sumX, sumY) = (sumX + x, sumY + y)
      places.append((x, y))
    }
    let (meanX, meanY) = (sumX / Double(offsets.count), sumY / Double(offsets.count))
    var values: [Float] = []
    values.reserveCapacity(offsets.count * featureCount)
    var before = (x: 0.0, y: 0.0)
    for (offset, place) in zip(offsets, places) {
      let length = (offset.dx * offset.dx + offset.dy * offset.dy).squareRoot()
      let direction = length > leastLength ? (x: offset.dx / length, y: offset.dy / length) : (x: 0, y: 0)
      let turn = (
        cos: direction.x * before.x + direction.y * before.y,
        sin: before.x * direction.y - before.y * direction.x
      )
      values += [
        Float(offset.dx), Float(offset.dy), offset.lifted, Float(place.x - meanX), Float(place.y - meanY),
        Float(direction.x), Float(direction.y), Float(turn.cos), Float(turn.sin),
      ]
      before = direction
    }
    return values
  }
}
