/// A forecast with what it does not know: the history, the median, and bands that hold the truth with given
/// shares.
public struct FanChart: Chart {
  /// What the x axis measures.
  public enum Axis: Sendable, Equatable {
    /// Numbers, such as steps.
    case numbers
    /// Moments in seconds since the beginning of 1970, labelled with dates.
    case dates
  }

  /// A band that holds the truth with some share.
  public struct Band: Sendable {
    /// The share, in 0...1.
    public var share: Double
    /// Its edges, by rising x.
    public var points: [(x: Double, low: Double, high: Double)]

    /// A band.
    public init(share: Double, points: [(x: Double, low: Double, high: Double)]) {
      (self.share, self.points) = (share, points)
    }
  }

  /// What stands above.
  public var title: String
  /// The name of the x axis.
  public var xLabel: String
  /// The name of the y axis.
  public var yLabel: String
  /// What the x axis measures.
  public var axis: Axis
  /// What was known, by rising x; a gap where a value is not a number.
  public var history: [(x: Double, y: Double)]
  /// What came then, where it is known.
  public var truth: [(x: Double, y: Double)]
  /// The middle of the forecast.
  public var median: [(x: Double, y: Double)]
  /// The bands, in any order.
  public var bands: [Band]

  /// A chart.
  public init(
    title: String, xLabel: String, yLabel: String, axis: Axis = .numbers, history: [(x: Double, y: Double)],
    truth: [(x: Double, y: Double)] = [], median: [(x: Double, y: Double)], bands: [Band]
  ) {
    (self.title, self.xLabel, self.yLabel, self.axis) = (title, xLabel, yLabel, axis)
    (self.history, self.truth, self.median, self.bands) = (history, truth, median, bands)
  }

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double { 720 }

  /// How much of the colour one band adds to those around it.
  private static let shade = 0.22

  /// The drawing.
  public var svg: String {
    let edges = bands.flatMap { band in band.points.flatMap { [($0.x, $0.low), ($0.x, $0.high)] } }
    let points = (history + truth + median + edges).filter {
      AxisTicks.isDrawable($0.x) && AxisTicks.isDrawable($0.y)
    }
    let (first, last) = AxisTicks.range(of: points.map(\.x))
    let xTicks = axis == .dates ? AxisTicks(times: first...last) : AxisTicks(within: first...last)
    let yTicks = AxisTicks(covering: points.map(\.y))
    let left = PlotArea.leftMargin(yTicks)
    let legend = ChartLegend(legendEntries, width: width - left - 20)
    let top = 44 + legend.height
    let plot = PlotArea(
      left: left, right: width - 20, top: top, bottom: top + 300, xTicks: xTicks, yTicks: yTicks)
    let height = plot.bottom + PlotArea.bottomMargin(xTicks)
    var drawing = Drawing(width: width, height: height, title: title, titleX: left)
    plot.draw(in: &drawing, xLabel: xLabel, yLabel: yLabel)
    if !history.isEmpty, let start = median.first, let place = plot.place(start.x, yTicks.low) {
      let n = Drawing.number
      drawing.line("M\(n(place.x)) \(n(plot.top))V\(n(plot.bottom))", .axis, dash: "2 4")
    }
    for band in bands.sorted(by: { $0.share > $1.share }) { draw(band, plot, &drawing) }
    draw(history, plot, .dim, dash: nil, &drawing)
    draw(median, plot, .series(0), dash: nil, width: 2.2, &drawing)
    draw(truth, plot, .text, dash: "5 3", &drawing)
    legend.draw(in: &drawing, left, 38)
    return drawing.svg
  }

  private var legendEntries: [(sign: ChartLegend.Sign, name: String)] {
    var entries: [(sign: ChartLegend.Sign, name: String)] = []
    if !history.isEmpty { entries.append((.plainLine(.dim, dash: nil), "history")) }
    if !truth.isEmpty { entries.append((.plainLine(.text, dash: "5 3"), "truth")) }
    entries.append((.line(0, hasMarks: false), "median"))
    // a band lies on all that are wider, and shows their shades too
    for (index, band) in bands.sorted(by: { $0.share < $1.share }).enumerated() {
      let layers = bands.count - index
      let light = (0..<layers).reduce(1.0) { rest, _ in rest * (1 - FanChart.shade) }
      let share = band.share * 100
      let isWhole = abs(share - share.rounded()) < 1e-6
      entries.append((.shade(0, opacity: 1 - light), "\(rounded(share, isWhole ? 0 : 1)) %"))
    }
    return entries
  }

  private func draw(
    _ points: [(x: Double, y: Double)], _ plot: PlotArea, _ ink: ChartInk, dash: String?,
    width: Double = 1.5, _ drawing: inout Drawing
  ) {
    for piece in thinned(points, in: plot) {
      if piece.count == 1 {
        drawing.dot(piece[0].x, piece[0].y, ink, radius: 2)
      } else {
        drawing.line(Drawing.path(piece), ink, width: width, dash: dash)
      }
    }
  }

  private func draw(_ band: Band, _ plot: PlotArea, _ drawing: inout Drawing) {
    let places = band.points.compactMap { point -> (x: Double, low: Double, high: Double)? in
      guard let low = plot.place(point.x, point.low), let high = plot.place(point.x, point.high) else {
        return nil
      }
      return (low.x, low.y, high.y)
    }
    guard let first = places.first, let last = places.last else { return }
    // the band of a single step has no extent; it becomes as wide as a mark
    let edges =
      places.count > 1 ? places : [(first.x - 3, first.low, first.high), (last.x + 3, last.low, last.high)]
    let path = Drawing.path(edges.map { ($0.0, $0.2) } + edges.reversed().map { ($0.0, $0.1) }) + "Z"
    drawing.area(path, .series(0), opacity: FanChart.shade)
  }
}
