/// Calibration of probabilities: the accuracy of predictions over their confidence, and below it how many predictions
/// have which confidence.
public struct ReliabilityChart: Chart {
  /// Ranges with what they belong to, such as the probabilities before the temperature.
  public struct Series: Sendable {
    /// A range of confidences: the mean confidence of its predictions, their accuracy (both 0 to 1), and how many.
    public typealias Bin = (confidence: Double, accuracy: Double, count: Int)

    /// Its name in the legend.
    public var name: String
    /// Its ranges by rising confidence; those without predictions may be left out.
    public var bins: [Bin]

    /// Ranges with a name.
    public init(name: String, bins: [Bin]) {
      (self.name, self.bins) = (name, bins)
    }
  }

  /// What stands above.
  public var title: String
  /// What is compared.
  public var series: [Series]
  /// How many ranges of equal width 0...1 was divided into.
  public var binCount: Int

  /// A chart.
  public init(title: String, series: [Series], binCount: Int = 15) {
    (self.title, self.series, self.binCount) = (title, series, binCount)
  }

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double { 460 }

  /// The drawing.
  public var svg: String {
    let counts = series.flatMap { $0.bins.map { Double($0.count) } }
    let shares = AxisTicks(within: 0...1)
    let countTicks = ReliabilityChart.everySecond(AxisTicks(covering: [0, max(1, counts.max() ?? 1)]))
    let left = max(PlotArea.leftMargin(shares), PlotArea.leftMargin(countTicks))
    let legend = ChartLegend(
      series.enumerated().map { (.line($0, hasMarks: true), $1.name) }
        + [(.plainLine(.axis, dash: "4 4"), "ideal")], width: width - left - 20)
    let top = 44 + legend.height
    let extent = width - 20 - left
    let upper = PlotArea(
      left: left, right: width - 20, top: top, bottom: top + extent, xTicks: shares, yTicks: shares)
    let lower = PlotArea(
      left: left, right: width - 20, top: top + extent + 18, bottom: top + extent + 108, xTicks: shares,
      yTicks: countTicks)
    var drawing = Drawing(width: width, height: lower.bottom + 56, title: title, titleX: left)
    upper.draw(in: &drawing, xLabel: nil, yLabel: "accuracy", hasVerticals: true)
    lower.draw(in: &drawing, xLabel: "confidence", yLabel: "predictions")
    drawing.diagonal(of: upper)
    for (index, own) in series.enumerated() {
      let places = own.bins.compactMap { upper.place($0.confidence, $0.accuracy) }
      drawing.line(
        Drawing.path(places), .series(index), width: 1.8, dash: ChartInk.dash(ofSeries: index))
      for place in places { drawing.mark(place.x, place.y, index) }
      drawBars(own, index, lower, &drawing)
    }
    legend.draw(in: &drawing, left, 38)
    return drawing.svg
  }

  private func drawBars(_ own: Series, _ index: Int, _ plot: PlotArea, _ drawing: inout Drawing) {
    let binWidth = (plot.right - plot.left) / Double(binCount)
    let barWidth = (binWidth - 3) / Double(series.count)
    for bin in own.bins where bin.count > 0 && (0...1).contains(bin.confidence) {
      let place = min(Int(bin.confidence * Double(binCount)), binCount - 1)
      let x = plot.left + Double(place) * binWidth + 1.5 + Double(index) * barWidth
      let y = plot.y(Double(bin.count))
      // the second of two is hollow, as its points are
      if index % 2 == 0 {
        drawing.box(x, y, barWidth, plot.bottom - y, .series(index), opacity: 0.8)
      } else {
        drawing.frame(x + 0.5, y, barWidth - 1, plot.bottom - y, .series(index))
      }
    }
  }

  /// Fewer marks for a low plot.
  private static func everySecond(_ ticks: AxisTicks) -> AxisTicks {
    AxisTicks(
      low: ticks.low, high: ticks.high,
      marks: ticks.marks.enumerated().filter { $0.offset % 2 == 0 }.map(\.element))
  }
}
