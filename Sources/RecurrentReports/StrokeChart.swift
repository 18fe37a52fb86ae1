/// A line that was written with a pen, with the words of the reference above and those of the hypothesis below.
public struct StrokeChart: Chart {
  /// A place on the paper.
  public typealias Point = (x: Double, y: Double)
  /// A word of a text, and whether it is missing on the other side or another one there.
  public typealias Word = (text: String, isWrong: Bool)

  /// What stands above.
  public var title: String
  /// The points of each stroke, in any unit.
  public var strokes: [[Point]]
  /// Whether y grows upward on the paper.
  public var isUpward: Bool
  /// The words that are right, shown above.
  public var reference: [Word]
  /// The words that were decoded, shown below.
  public var hypothesis: [Word]

  /// A chart.
  public init(
    title: String, strokes: [[Point]], isUpward: Bool = true, reference: [Word] = [], hypothesis: [Word] = []
  ) {
    self.title = title
    self.strokes = strokes
    self.isUpward = isUpward
    self.reference = reference
    self.hypothesis = hypothesis
  }

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double { 720 }

  private static let margin = 16.0
  private static let heights = 40.0...360.0
  /// The nearest that two points of a stroke stand to each other, in pixels.
  private static let nearest = 0.6

  /// The drawing.
  public var svg: String {
    let points = strokes.lazy.flatMap { $0 }.filter {
      AxisTicks.isDrawable($0.x) && AxisTicks.isDrawable($0.y)
    }
    let (left, right) = AxisTicks.range(of: points.map(\.x))
    let (low, high) = AxisTicks.range(of: points.map(\.y))
    let room = width - 2 * StrokeChart.margin
    let scale = min(room / (right - left), StrokeChart.heights.upperBound / (high - low))
    let height = min(
      max((high - low) * scale, StrokeChart.heights.lowerBound), StrokeChart.heights.upperBound)
    let top = reference.isEmpty ? 40.0 : 66.0
    let bottom = top + height + 8
    var drawing = Drawing(
      width: width, height: bottom + (hypothesis.isEmpty ? 12 : 36), title: title, titleX: StrokeChart.margin)
    draw(reference, "reference", 52, &drawing)
    let middle = top + height / 2
    for stroke in strokes {
      var places: [Point] = []
      for point in stroke where AxisTicks.isDrawable(point.x) && AxisTicks.isDrawable(point.y) {
        let y = (point.y - (low + high) / 2) * scale
        let place = (x: StrokeChart.margin + (point.x - left) * scale, y: middle + (isUpward ? -y : y))
        if let last = places.last, abs(last.x - place.x) + abs(last.y - place.y) < StrokeChart.nearest {
          continue
        }
        places.append(place)
      }
      // a point alone is a dot of i
      if places.count == 1 {
        drawing.dot(places[0].x, places[0].y, .text, radius: 1.2)
      } else if !places.isEmpty {
        drawing.line(Drawing.path(places), .text, width: 1.5)
      }
    }
    draw(hypothesis, "hypothesis", bottom + 18, &drawing)
    return drawing.svg
  }

  private func draw(_ words: [Word], _ name: String, _ y: Double, _ drawing: inout Drawing) {
    guard !words.isEmpty else { return }
    drawing.text(name, StrokeChart.margin, y, ink: .dim)
    var x = StrokeChart.margin + estimatedWidth("hypothesis") + 8
    for word in words {
      let text = shortened(word.isWrong ? "✗ " + word.text : word.text, to: width - StrokeChart.margin - x)
      guard width - StrokeChart.margin - x > 24 else { break }
      let length = estimatedWidth(text)
      if word.isWrong { drawing.box(x - 2, y - 12, min(length + 4, width - x), 16, .series(1), opacity: 0.3) }
      drawing.text(text, x, y)
      x += length + 8
    }
  }
}
