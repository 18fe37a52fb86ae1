/// Drawings of a pen side by side, in rows: samples, reconstructions, what lies between two, the order of strokes, the density of the
/// next point. All are drawn to one scale.
public struct DrawingSheet: Chart {
  /// A place on the paper.
  public typealias Point = (x: Double, y: Double)

  /// A part of the paper that is shaded.
  public struct Shade: Sendable {
    /// Its left upper corner and its sides, in units of the drawing.
    public var x, y, width, height: Double
    /// How much, 0 to 1.
    public var opacity: Double

    /// A rectangle.
    public init(x: Double, y: Double, width: Double, height: Double, opacity: Double) {
      (self.x, self.y, self.width, self.height, self.opacity) = (x, y, width, height, opacity)
    }
  }

  /// A drawing.
  public struct Cell: Sendable {
    /// The points of each stroke, with y downward, in any unit.
    public var strokes: [[Point]]
    /// How each stroke looks; empty for lines of one ink and width. Of a drawing with colours the paper is white on dark pages too.
    public var brushes: [PenBrush]
    /// How many of the points, from the first, were given and stand out.
    public var begunPoints: Int
    /// Whether each stroke has another colour, by its order.
    public var isOrdered: Bool
    /// What is shaded below the strokes.
    public var shades: [Shade]
    /// What stands below; empty for nothing.
    public var caption: String

    /// A drawing.
    public init(
      _ strokes: [[Point]], brushes: [PenBrush] = [], begunPoints: Int = 0, isOrdered: Bool = false,
      shades: [Shade] = [], caption: String = ""
    ) {
      (self.strokes, self.brushes) = (strokes, brushes)
      (self.begunPoints, self.isOrdered) = (begunPoints, isOrdered)
      (self.shades, self.caption) = (shades, caption)
    }
  }

  /// What stands above, and is read out; empty for nothing.
  public var title: String
  /// The drawings from the left upper corner, row by row.
  public var cells: [Cell]
  /// How many stand in a row.
  public var columns: Int
  /// Whether strokes appear one after the other, as they were drawn.
  public var isAnimated: Bool

  /// A sheet; nearly square where no number of columns is given.
  public init(title: String = "", cells: [Cell], columns: Int? = nil, isAnimated: Bool = false) {
    (self.title, self.cells, self.isAnimated) = (title, cells, isAnimated)
    let square = (Double(cells.count).squareRoot()).rounded(.up)
    self.columns = max(1, columns ?? Int(square))
  }

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double { Double(min(columns, max(cells.count, 1))) * DrawingSheet.side }

  private static let side = 90.0
  private static let margin = 8.0
  private static let captionHeight = 16.0

  /// The drawing.
  public var svg: String {
    let top = title.isEmpty ? 0 : 36.0
    let hasCaptions = cells.contains { !$0.caption.isEmpty }
    let height = DrawingSheet.side + (hasCaptions ? DrawingSheet.captionHeight : 0)
    let rows = (cells.count + columns - 1) / columns
    var drawing = Drawing(
      width: width, height: top + Double(rows) * height, title: title, titleX: 8,
      hasMotion: isAnimated)
    let boxes = cells.map(DrawingSheet.bounds)
    let largest = boxes.map { max($0.high.x - $0.low.x, $0.high.y - $0.low.y) }.max() ?? 1
    let scale = (DrawingSheet.side - 2 * DrawingSheet.margin) / max(largest, 1e-9)
    for (index, cell) in cells.enumerated() {
      let (left, upper) = (
        Double(index % columns) * DrawingSheet.side, top + Double(index / columns) * height
      )
      let (low, high) = boxes[index]
      let middle: Point = ((low.x + high.x) / 2, (low.y + high.y) / 2)
      if cell.brushes.contains(where: { $0.colour != nil }) {
        drawing.box(left, upper, DrawingSheet.side, DrawingSheet.side, .onCell)
      }
      draw(cell, &drawing, scale: scale) { point in
        (
          left + DrawingSheet.side / 2 + (point.x - middle.x) * scale,
          upper + DrawingSheet.side / 2 + (point.y - middle.y) * scale
        )
      }
      if !cell.caption.isEmpty {
        drawing.text(
          shortened(cell.caption, to: DrawingSheet.side - 4), left + DrawingSheet.side / 2,
          upper + DrawingSheet.side + 8, .middle, ink: .dim)
      }
    }
    return drawing.svg
  }

  private static func bounds(_ cell: Cell) -> (low: Point, high: Point) {
    let points = cell.strokes.lazy.flatMap { $0 }.filter {
      AxisTicks.isDrawable($0.x) && AxisTicks.isDrawable($0.y)
    }
    guard let first = points.first else { return ((0, 0), (0, 0)) }
    return points.reduce((low: first, high: first)) { box, point in
      (
        (min(box.low.x, point.x), min(box.low.y, point.y)),
        (max(box.high.x, point.x), max(box.high.y, point.y))
      )
    }
  }

  private func draw(_ cell: Cell, _ drawing: inout Drawing, scale: Double, _ place: (Point) -> Point) {
    for shade in cell.shades {
      let (from, to) = (place((shade.x, shade.y)), place((shade.x + shade.width, shade.y + shade.height)))
      drawing.box(from.x, from.y, to.x - from.x, to.y - from.y, .series(1), opacity: shade.opacity)
    }
    var number = 0
    var clock = StrokeClock(isRunning: isAnimated)
    for (index, stroke) in cell.strokes.enumerated() {
      // a stroke that was given as a whole stands out; of one that was begun the brush does
      if index < cell.brushes.count, !cell.isOrdered, number + stroke.count > cell.begunPoints {
        number += stroke.count
        draw(stroke, cell.brushes[index], &drawing, &clock, scale: scale, place)
        continue
      }
      let points = stroke.filter { AxisTicks.isDrawable($0.x) && AxisTicks.isDrawable($0.y) }.map(place)
      let ink = cell.isOrdered ? ChartInk.series(index) : .text
      let given = min(max(cell.begunPoints - number, 0), points.count)
      number += stroke.count
      if points.count == 1 {
        drawing.dot(points[0].x, points[0].y, given > 0 ? .series(0) : ink, radius: 1.2)
      } else if given >= points.count {
        drawing.line(Drawing.path(points), .series(0), width: 1.8, motion: clock.motion(of: points))
      } else if !points.isEmpty {
        if given > 1 {
          let own = Array(points[..<given])
          drawing.line(Drawing.path(own), .series(0), width: 1.8, motion: clock.motion(of: own))
        }
        let rest = Array(points[max(given - 1, 0)...])
        drawing.line(Drawing.path(rest), ink, width: 1.4, motion: clock.motion(of: rest))
      }
    }
  }

  /// Draws a stroke as its brush says.
  private func draw(
    _ stroke: [Point], _ brush: PenBrush, _ drawing: inout Drawing, _ clock: inout StrokeClock, scale: Double,
    _ place: (Point) -> Point
  ) {
    guard stroke.allSatisfy({ AxisTicks.isDrawable($0.x) && AxisTicks.isDrawable($0.y) }) else { return }
    // what is thinner is not seen
    func width(_ value: Double?) -> Double { value.map { max($0 * scale, 0.3) } ?? 1.4 }
    let points = stroke.map(place)
    func line(_ own: [Point], _ width: Double, pauses: Bool) {
      let path = Drawing.path(own.count == 1 ? [own[0], own[0]] : own)
      drawing.brushLine(path, brush.colour, width: width, motion: clock.motion(of: own, pauses: pauses))
    }
    guard brush.changes(of: points.count) else {
      if !points.isEmpty { line(points, width(brush.width(ofAll: points.count)), pauses: true) }
      return
    }
    for index in points.indices.dropLast() {
      line(
        [points[index], points[index + 1]], width(brush.width(behind: index)),
        pauses: index + 2 == points.count)
    }
  }
}
