/// Some moments of what happens, side by side in rows: a film to be looked at on paper.
public struct SceneStripChart: Chart {
  /// What stands above.
  public var title: String
  /// All pictures in their order; those at equal distances are shown.
  public var scenes: [Scene]

  /// A chart.
  public init(title: String, scenes: [Scene]) { (self.title, self.scenes) = (title, scenes) }

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double { 860 }

  private static let size = 96.0
  private static let left = 16.0
  private static let top = 40.0
  private static let columns = 8
  private static let most = 24

  /// The numbers of the pictures that are shown: the first, the last, and those between at equal distances.
  var shown: [Int] {
    let count = min(scenes.count, SceneStripChart.most)
    guard count > 1 else { return count == 1 ? [0] : [] }
    return (0..<count).map { $0 * (scenes.count - 1) / (count - 1) }
  }

  /// The drawing.
  public var svg: String {
    let shown = shown
    let rows = (shown.count + SceneStripChart.columns - 1) / SceneStripChart.columns
    let step = SceneStripChart.size + 8
    var drawing = Drawing(
      width: width, height: SceneStripChart.top + Double(max(rows, 1)) * (step + 14) + 8, title: title,
      titleX: SceneStripChart.left)
    for (place, number) in shown.enumerated() {
      let x = SceneStripChart.left + Double(place % SceneStripChart.columns) * step
      let y = SceneStripChart.top + Double(place / SceneStripChart.columns) * (step + 14)
      drawing.frame(x, y, SceneStripChart.size, SceneStripChart.size, .axis)
      draw(scenes[number], x, y, &drawing)
      drawing.text(
        "\(number)", x + SceneStripChart.size / 2, y + SceneStripChart.size + 13, .middle, ink: .dim, size: 10
      )
    }
    return drawing.svg
  }

  private func draw(_ scene: Scene, _ x: Double, _ y: Double, _ drawing: inout Drawing) {
    let half = SceneStripChart.size / 2
    func place(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
      // what leaves the picture stays at its border
      (
        x + half + half * 0.94 * min(max(point.x, -1.05), 1.05),
        y + half - half * 0.94 * min(max(point.y, -1.05), 1.05)
      )
    }
    for shape in scene.shapes {
      switch shape {
      case .line(let points, let isStrong):
        drawing.line(
          Drawing.path(points.map(place)), isStrong ? .series(0) : .dim, width: isStrong ? 2.4 : 1)
      case .circle(let center, let radius, let isStrong):
        let middle = place(center)
        drawing.dot(
          middle.x, middle.y, isStrong ? .series(0) : .dim, radius: radius * half * 0.94, isHollow: !isStrong)
      }
    }
  }
}
