/// Curves over a common axis, drawn as SVG: light, self-contained, readable in any browser.
public struct LineChart: Chart {
  /// A named curve.
  public struct Curve: Sendable {
    /// Its name in the legend.
    public var name: String
    /// Its points, by rising x.
    public var points: [(x: Double, y: Double)]
    /// Whether points are marked.
    public var hasMarks: Bool
    /// Whether the y of a point holds from the point before on, so that the curve has steps.
    public var isStepped: Bool

    /// A curve.
    public init(
      name: String, points: [(x: Double, y: Double)], hasMarks: Bool = false, isStepped: Bool = false
    ) {
      (self.name, self.points, self.hasMarks, self.isStepped) = (name, points, hasMarks, isStepped)
    }
  }

  /// What stands above.
  public var title: String
  /// The name of the x axis.
  public var xLabel: String
  /// The name of the y axis.
  public var yLabel: String
  /// The curves.
  public var curves: [Curve]
  /// The ends of the x axis; nil to fit them to the points.
  public var xRange: ClosedRange<Double>?
  /// The ends of the y axis; nil to fit them to the points.
  public var yRange: ClosedRange<Double>?
  /// Whether a line of reference goes from the left lower corner to the right upper one.
  public var hasDiagonal: Bool
  /// Whether both axes have the same length.
  public var isSquare: Bool

  /// A chart.
  public init(
    title: String, xLabel: String, yLabel: String, curves: [Curve], xRange: ClosedRange<Double>? = nil,
    yRange: ClosedRange<Double>? = nil, hasDiagonal: Bool = false, isSquare: Bool = false
  ) {
    (self.title, self.xLabel, self.yLabel, self.curves) = (title, xLabel, yLabel, curves)
    (self.xRange, self.yRange, self.hasDiagonal, self.isSquare) = (xRange, yRange, hasDiagonal, isSquare)
  }

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double { isSquare ? 460 : 720 }

  /// The drawing.
  public var svg: String {
    let points = curves.lazy.flatMap(\.points)
      .filter { AxisTicks.isDrawable($0.x) && AxisTicks.isDrawable($0.y) }
    let xTicks = xRange.map(AxisTicks.init(within:)) ?? AxisTicks(covering: points.map(\.x))
    let yTicks = yRange.map(AxisTicks.init(within:)) ?? AxisTicks(covering: points.map(\.y))
    let left = PlotArea.leftMargin(yTicks)
    let legend = ChartLegend(
      curves.enumerated().map { (.line($0, hasMarks: $1.hasMarks), $1.name) }, width: width - left - 20)
    let top = 44 + legend.height
    let plotHeight = isSquare ? width - 20 - left : 320 - min(legend.height, 18)
    let plot = PlotArea(
      left: left, right: width - 20, top: top, bottom: top + plotHeight, xTicks: xTicks, yTicks: yTicks)
    var drawing = Drawing(width: width, height: plot.bottom + 56, title: title, titleX: left)
    plot.draw(in: &drawing, xLabel: xLabel, yLabel: yLabel, hasVerticals: isSquare)
    if hasDiagonal { drawing.diagonal(of: plot) }
    for (index, curve) in curves.enumerated() { draw(curve, index, plot, &drawing) }
    legend.draw(in: &drawing, left, 38)
    return drawing.svg
  }

  private func draw(_ curve: Curve, _ index: Int, _ plot: PlotArea, _ drawing: inout Drawing) {
    let places = places(of: curve, in: plot)
    guard let first = places.first else { return }
    let n = Drawing.number
    let path =
      curve.isStepped
      ? "M\(n(first.x)) \(n(first.y))" + places.dropFirst().map { "V\(n($0.y))H\(n($0.x))" }.joined()
      : Drawing.path(places)
    drawing.line(path, .series(index), width: 1.8, dash: ChartInk.dash(ofSeries: index))
    if curve.hasMarks || places.count == 1 {
      for place in places { drawing.mark(place.x, place.y, index) }
    }
  }

  /// The points of a curve that are drawn: of a plain line no more than can be seen. What cannot be drawn is bridged.
  private func places(of curve: Curve, in plot: PlotArea) -> [(x: Double, y: Double)] {
    if curve.isStepped || curve.hasMarks { return curve.points.compactMap { plot.place($0.x, $0.y) } }
    return thinned(curve.points, in: plot).flatMap { $0 }
  }
}

extension Drawing {
  /// The line on which both axes say the same where their ends are the same.
  mutating func diagonal(of plot: PlotArea) {
    let n = Drawing.number
    line("M\(n(plot.left)) \(n(plot.bottom))L\(n(plot.right)) \(n(plot.top))", .axis, dash: "4 4")
  }
}
