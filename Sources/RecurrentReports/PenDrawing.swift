/// How a stroke of a pen looks.
public struct PenBrush: Sendable {
  /// The width of the line at each of its points, in units of these; empty for the usual one.
  public var widths: [Double]
  /// The colour, `#rrggbb`; nil for the ink of the page.
  public var colour: String?
  /// What a file keeps of the brush at each point beside what is seen, as attributes `data-brush-name`.
  public var numbers: [(name: String, values: [Double])]

  /// The look of a stroke.
  public init(widths: [Double] = [], colour: String? = nil, numbers: [(name: String, values: [Double])] = [])
  {
    (self.widths, self.colour, self.numbers) = (widths, colour, numbers)
  }

  /// Whether there is a width for each of so many points.
  private func fits(_ count: Int) -> Bool { widths.count == count && widths.allSatisfy(\.isFinite) }

  /// The width of the whole of so many points; nil where there is none, or more than one.
  func width(ofAll count: Int) -> Double? {
    guard let first = widths.first, fits(count) else { return nil }
    return widths.allSatisfy { abs($0 - first) <= 1e-3 * abs(first) } ? first : nil
  }

  /// Whether the width changes on the way of so many points.
  func changes(of count: Int) -> Bool { fits(count) && count > 1 && width(ofAll: count) == nil }

  /// The width of the line from a point to the next one.
  func width(behind point: Int) -> Double { (widths[point] + widths[point + 1]) / 2 }
}

/// One drawing of a pen as a file of SVG for other programs: a path for each stroke in the order in which it was drawn, and nothing else. A
/// stroke whose width changes is a group of the lines from point to point.
public struct PenDrawing: Sendable {
  /// The points of each stroke, with y downward, in any unit.
  public var strokes: [[DrawingSheet.Point]]
  /// How each stroke looks; empty for lines of one ink and width.
  public var brushes: [PenBrush]
  /// The side of the paper, in these units: the drawing stands in the middle of it; nil for what it needs.
  public var side: Double?
  /// Whether strokes appear one after the other, as they were drawn.
  public var isAnimated: Bool

  /// A drawing.
  public init(
    _ strokes: [[DrawingSheet.Point]], brushes: [PenBrush] = [], side: Double? = nil, isAnimated: Bool = false
  ) {
    (self.strokes, self.brushes, self.side, self.isAnimated) = (strokes, brushes, side, isAnimated)
  }

  /// The usual width of a line is the side of the paper divided by this.
  public static let linesOfSide = 90.0

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
    let lines = strokes.indices.filter { !strokes[$0].isEmpty }.map { index in
      let brush = index < brushes.count ? brushes[index] : PenBrush()
      let moved = strokes[index].map { (x: $0.x + left, y: $0.y + top) }
      return PenDrawing.stroke(moved, brush) { points, pauses in
        clock.motion(of: points.map { ($0.x * pixels, $0.y * pixels) }, pauses: pauses)
      }
    }
    let box = rounded(side, 2)
    // colours are those of a light paper
    let paper =
      brushes.contains { $0.colour != nil }
      ? "svg{background:#ffffff}"
      : "@media (prefers-color-scheme:dark){svg{background:#16181c;stroke:#e8e8e8}}"
    let style = paper + (isAnimated ? StrokeClock.styleSheet : "")
    let head =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(box) \(box)\" fill=\"none\" stroke=\"#1a1a1a\" "
      + "stroke-width=\"\(rounded(side / PenDrawing.linesOfSide, 2))\" stroke-linecap=\"round\" stroke-linejoin=\"round\">"
    return ([head, "<style>\(style)</style>"] + lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  /// The element of a stroke; `motion` gives the attributes by which a line appears.
  private static func stroke(
    _ points: [DrawingSheet.Point], _ brush: PenBrush,
    motion: (_ points: [DrawingSheet.Point], _ pauses: Bool) -> String
  ) -> String {
    func path(_ own: [DrawingSheet.Point], _ attributes: String, pauses: Bool) -> String {
      // a point alone is a dot: a line of no length with round ends
      let line = own.count == 1 ? [own[0], own[0]] : own
      let data = "M" + line.map { "\(rounded($0.x, 2)) \(rounded($0.y, 2))" }.joined(separator: "L")
      let motion = motion(line, pauses)
      return "<path d=\"\(data)\"\(attributes)\(motion.isEmpty ? "" : " class=\"stroke\"" + motion)/>"
    }
    func width(_ value: Double) -> String { " stroke-width=\"\(rounded(max(value, 0), 3))\"" }
    var attributes = brush.colour.map { " stroke=\"\(escapedMarkup($0))\"" } ?? ""
    for (name, values) in brush.numbers {
      // a dot has two points
      let own = points.count == 1 ? values + values : values
      attributes += " data-brush-\(name)=\"\(own.map { significant($0, 5) }.joined(separator: " "))\""
    }
    guard brush.changes(of: points.count) else {
      return path(points, attributes + (brush.width(ofAll: points.count).map(width) ?? ""), pauses: true)
    }
    let parts = points.indices.dropLast().map { place in
      path(
        [points[place], points[place + 1]], width(brush.width(behind: place)),
        pauses: place + 2 == points.count)
    }
    return "<g\(attributes)>\(parts.joined())</g>"
  }
}
