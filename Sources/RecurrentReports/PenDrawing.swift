/// One drawing of a pen as a file of SVG for other programs: a path for each stroke in the order in which it was drawn, and nothing else.
public struct PenDrawing: Sendable {
  /// The points of each stroke, with y downward, in any unit.
  public var strokes: [[DrawingSheet.Point]]
  /// The side of the paper, in these units: the drawing stands in the middle of it; nil for what it needs.
  public var side: Double?
  /// Whether strokes appear one after the other, as they were drawn.
  public var isAnimated: Bool

  /// A drawing.
  public init(_ strokes: [[DrawingSheet.Point]], side: Double? = nil, isAnimated: Bool = false) {
    (self.strokes, self.side, self.isAnimated) = (strokes, side, isAnimated)
  }

  /// The file.
  public var svg: String {
    let points = strokes.flatMap { $0 }
    let first = points.first ?? (0, 0)
    var (low, high) = (first, first)
    for point in points {
      (low.x, low.y) = (min(low.x, point.x), min(low.y, point.y))
      (high.x, high.y) = (max(high.x, point.x), max(high.y, point.y))
    }
    let needed = max(high.x - low.x, high.y - low.y)
    let side = max(side ?? needed * 1.1, needed, 1e-6)
    let (left, top) = ((side - (high.x - low.x)) / 2 - low.x, (side - (high.y - low.y)) / 2 - low.y)
    var clock = StrokeClock(isRunning: isAnimated)
    let pixels = 256 / side
    let lines = strokes.filter { !$0.isEmpty }.map { stroke in
      // a point alone is a dot: a line of no length with round ends
      let own = stroke.count == 1 ? [stroke[0], stroke[0]] : stroke
      let path =
        "M" + own.map { "\(rounded($0.x + left, 2)) \(rounded($0.y + top, 2))" }.joined(separator: "L")
      let motion = clock.motion(of: own.map { ($0.x * pixels, $0.y * pixels) })
      return "<path d=\"\(path)\"\(motion.isEmpty ? "" : " class=\"stroke\"" + motion)/>"
    }
    let box = rounded(side, 2)
    let style =
      "@media (prefers-color-scheme:dark){svg{background:#16181c;stroke:#e8e8e8}}"
      + (isAnimated ? StrokeClock.styleSheet : "")
    let head =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(box) \(box)\" fill=\"none\" stroke=\"#1a1a1a\" "
      + "stroke-width=\"\(rounded(side / 90, 2))\" stroke-linecap=\"round\" stroke-linejoin=\"round\">"
    return ([head, "<style>\(style)</style>"] + lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }
}
