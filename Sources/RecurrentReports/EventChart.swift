/// A recording with what happens in it: a signal, above it the events that were found and below it those that
/// are known.
public struct EventChart: Chart {
  /// What happens from a time to another, which may be the same.
  public typealias Event = (label: String, start: Double, end: Double)

  /// What stands above.
  public var title: String
  /// The name of the signal.
  public var signalLabel: String
  /// The signal by rising time in seconds; a gap where a value is not a number.
  public var signal: [(time: Double, value: Double)]
  /// The events that are known, in seconds.
  public var known: [Event]
  /// The events that were found, in seconds.
  public var found: [Event]
  /// What times count, in the plural.
  public var timeUnit: String
  /// What is shown, in seconds; nil for all.
  public var range: ClosedRange<Double>?

  /// A chart.
  public init(
    title: String, signalLabel: String, signal: [(time: Double, value: Double)], known: [Event],
    found: [Event], timeUnit: String = "seconds", range: ClosedRange<Double>? = nil
  ) {
    (self.title, self.signalLabel, self.signal, self.known) = (title, signalLabel, signal, known)
    (self.found, self.timeUnit, self.range) = (found, timeUnit, range)
  }

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double { 720 }

  private static let laneHeight = 16.0
  /// More labels share the last lane.
  private static let laneLimit = 8

  /// The labels that have a lane of their own, the frequent ones first.
  private var lanes: [String] {
    var counts: [String: Int] = [:]
    for event in known + found { counts[event.label, default: 0] += 1 }
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    return sorted.count <= EventChart.laneLimit
      ? sorted : Array(sorted.prefix(EventChart.laneLimit - 1)) + ["others"]
  }

  /// The drawing.
  public var svg: String {
    let times = signal.map(\.time) + (known + found).flatMap { [$0.start, $0.end] }
    let (first, last) = range.map { ($0.lowerBound, $0.upperBound) } ?? AxisTicks.range(of: times)
    let xTicks = AxisTicks(within: first...last)
    let shown = signal.filter { $0.time >= xTicks.low && $0.time <= xTicks.high }
    let yTicks = AxisTicks(covering: shown.map(\.value))
    let lanes = lanes
    let labels = lanes.map { shortened($0.isEmpty ? "–" : $0, to: 110) }
    let left = max(PlotArea.leftMargin(yTicks), (labels.map { estimatedWidth($0) }.max() ?? 0) + 44)
    let band = Double(lanes.count) * EventChart.laneHeight + 8
    let top = 56 + band
    let plot = PlotArea(
      left: left, right: width - 20, top: top, bottom: top + 190, xTicks: xTicks, yTicks: yTicks)
    let below = plot.bottom + 14
    let axis = PlotArea(
      left: left, right: width - 20, top: below + band, bottom: below + band, xTicks: xTicks,
      yTicks: AxisTicks(low: 0, high: 1, marks: []))
    var drawing = Drawing(width: width, height: axis.bottom + 56, title: title, titleX: left)
    axis.draw(in: &drawing, xLabel: "time, \(timeUnit)", yLabel: "")
    plot.draw(in: &drawing, xLabel: nil, yLabel: signalLabel, hasVerticals: true)
    for piece in thinned(shown.map { ($0.time, $0.value) }, in: plot) where piece.count > 1 {
      drawing.line(Drawing.path(piece), .text, width: 1)
    }
    for (events, start, name, isFound) in [(found, 48.0, "found", true), (known, below, "known", false)] {
      drawing.text(name, 18, start + band / 2, .middle, ink: .dim, turn: -90)
      for (lane, label) in labels.enumerated() {
        drawing.text(
          label, left - 8, start + (Double(lane) + 0.5) * EventChart.laneHeight + 4, .end, size: 11)
      }
      for event in events {
        let lane = lanes.firstIndex(of: event.label) ?? lanes.count - 1
        draw(event, start + Double(lane) * EventChart.laneHeight, lane, isFound, plot, &drawing)
      }
    }
    return drawing.svg
  }

  private func draw(
    _ event: Event, _ top: Double, _ lane: Int, _ isFound: Bool, _ plot: PlotArea,
    _ drawing: inout Drawing
  ) {
    guard AxisTicks.isDrawable(event.start), AxisTicks.isDrawable(event.end),
      event.end >= plot.xTicks.low, event.start <= plot.xTicks.high
    else { return }
    let start = max(plot.left, plot.x(event.start))
    let end = min(plot.right, plot.x(max(event.start, event.end)))
    let n = Drawing.number
    // what has no extent is a triangle that points at the signal
    if end - start < 3 {
      let (middle, tip, base) = (
        (start + end) / 2, isFound ? top + 13 : top + 3, isFound ? top + 3 : top + 13
      )
      drawing.area("M\(n(middle)) \(n(tip))L\(n(middle - 4.5)) \(n(base))h9Z", .series(lane))
    } else if isFound {
      drawing.box(start, top + 3, end - start, 10, .series(lane), opacity: 0.8)
    } else {
      drawing.box(start, top + 3, end - start, 10, .series(lane), opacity: 0.25)
      drawing.frame(start, top + 3, end - start, 10, .series(lane))
    }
  }
}
