/// When strokes are drawn that appear one after the other.
struct StrokeClock {
  let isRunning: Bool
  private var now = 0.0

  init(isRunning: Bool) { self.isRunning = isRunning }

  /// Pixels in a second, and the pause between strokes in seconds.
  private static let (speed, pause) = (180.0, 0.12)

  /// Attributes by which a line appears at its time; none where nothing moves. The next one comes after a pause, or at once.
  mutating func motion(of points: [DrawingSheet.Point], pauses: Bool = true) -> String {
    guard isRunning else { return "" }
    let length = zip(points, points.dropFirst()).reduce(0) { sum, pair in
      let (dx, dy) = (pair.1.x - pair.0.x, pair.1.y - pair.0.y)
      return sum + (dx * dx + dy * dy).squareRoot()
    }
    let seconds = max(length / StrokeClock.speed, 0.02)
    defer { now += seconds + (pauses ? StrokeClock.pause : 0) }
    return
      " pathLength=\"1\" style=\"animation-duration:\(rounded(seconds, 2))s;"
      + "animation-delay:\(rounded(now, 2))s\""
  }

  /// The rules of lines that move; readers who want no motion see them at once.
  static let styleSheet =
    "@media not (prefers-reduced-motion:reduce){.stroke{stroke-dasharray:1;stroke-dashoffset:1;"
    + "animation:stroke linear forwards}}@keyframes stroke{to{stroke-dashoffset:0}}"
}
