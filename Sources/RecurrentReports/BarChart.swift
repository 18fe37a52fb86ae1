/// Values with names as horizontal bars, where asked for with their intervals.
public struct BarChart: Chart {
  /// A value.
  public struct Bar: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// The value; nil where there is none.
    public var value: Double?
    /// What it lies within, drawn as a whisker; nil for no whisker.
    public var interval: ClosedRange<Double>?
    /// Whether it is what the others are compared with, drawn as an outline.
    public var isReference: Bool

    /// A value.
    public init(
      name: String, value: Double?, interval: ClosedRange<Double>? = nil, isReference: Bool = false
    ) {
      (self.name, self.value, self.interval, self.isReference) = (name, value, interval, isReference)
    }
  }

  /// What stands above.
  public var title: String
  /// The name of the axis.
  public var valueLabel: String
  /// The bars from above.
  public var bars: [Bar]
  /// The ends of the axis; nil to fit them to zero and the values.
  public var range: ClosedRange<Double>?

  /// A chart.
  public init(title: String, valueLabel: String, bars: [Bar], range: ClosedRange<Double>? = nil) {
    (self.title, self.valueLabel, self.bars, self.range) = (title, valueLabel, bars, range)
  }

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double { 720 }

  private static let rowHeight = 24.0

  /// The drawing.
  public var svg: String {
    let values = bars.flatMap { [$0.value, $0.interval?.lowerBound, $0.interval?.upperBound] }.compactMap {
      $0
    }
    let ticks = range.map(AxisTicks.init(within:)) ?? AxisTicks(covering: [0] + values)
    let labels = bars.map { shortened($0.name, to: 190) }
    let left = max(40, (labels.map { estimatedWidth($0) }.max() ?? 0) + 28)
    let plot = PlotArea(
      left: left, right: width - 76, top: 44, bottom: 44 + 8 + BarChart.rowHeight * Double(bars.count),
      xTicks: ticks, yTicks: AxisTicks(low: 0, high: 1, marks: []))
    var drawing = Drawing(width: width, height: plot.bottom + 56, title: title, titleX: 16)
    plot.draw(in: &drawing, xLabel: valueLabel, yLabel: "", hasVerticals: true)
    let n = Drawing.number
    let zero = min(max(plot.x(0), plot.left), plot.right)
    for (index, bar) in bars.enumerated() {
      let middle = plot.top + 4 + (Double(index) + 0.5) * BarChart.rowHeight
      drawing.text(labels[index], left - 8, middle + 4, .end)
      guard let value = bar.value, AxisTicks.isDrawable(value) else {
        drawing.text("–", width - 12, middle + 4, .end, ink: .dim)
        continue
      }
      let end = min(max(plot.x(value), plot.left), plot.right)
      let (x, length) = (min(zero, end), abs(end - zero))
      if bar.isReference {
        drawing.frame(x, middle - 7, length, 14, .series(0))
      } else {
        drawing.box(x, middle - 7, length, 14, .series(0), opacity: 0.75)
      }
      if let interval = bar.interval, AxisTicks.isDrawable(interval.lowerBound),
        AxisTicks.isDrawable(interval.upperBound)
      {
        let low = min(max(plot.x(interval.lowerBound), plot.left), plot.right)
        let high = min(max(plot.x(interval.upperBound), plot.left), plot.right)
        drawing.line(
          "M\(n(low)) \(n(middle - 4))v8M\(n(low)) \(n(middle))H\(n(high))M\(n(high)) \(n(middle - 4))v8",
          .text, width: 1.4)
      }
      drawing.text(significant(value), width - 12, middle + 4, .end, ink: .dim)
    }
    drawing.line("M\(n(zero)) \(n(plot.top))V\(n(plot.bottom))", .axis)
    return drawing.svg
  }
}
