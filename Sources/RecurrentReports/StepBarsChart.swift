import RecurrentCore

/// Numbers over steps as rows of bars, each row on a scale of its own: losses, or what each step adds to a gradient.
public struct StepBarsChart: Chart {
  /// A row of bars.
  public struct Row: Sendable, Equatable {
    /// What stands before it.
    public var name: String
    /// What stands below the name; empty for nothing.
    public var remark: String
    /// A number for each step; none where it is not a number.
    public var values: [Double]

    /// A row.
    public init(_ name: String, remark: String = "", _ values: [Double]) {
      (self.name, self.remark, self.values) = (name, remark, values)
    }
  }

  /// What stands above.
  public var title: String
  /// A name for each step.
  public var steps: [String]
  /// The rows.
  public var rows: [Row]

  /// A chart. Traps unless each row has a number for each step.
  public init(title: String, steps: [String], rows: [Row]) {
    for row in rows {
      trapUnless(
        row.values.count == steps.count,
        "StepBarsChart: expected \(steps.count) numbers of a row, received \(row.values.count)")
    }
    (self.title, self.steps, self.rows) = (title, steps, rows)
  }

  private static let column = 14.0
  private static let height = 44.0

  private var left: Double {
    let texts = rows.flatMap { [$0.name, $0.remark] }
    return (texts.map { estimatedWidth(shortened($0, to: 230)) }.max() ?? 0) + 18
  }

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double { max(340, left + StepBarsChart.column * Double(steps.count) + 60) }

  /// The drawing.
  public var svg: String {
    let (column, height, n) = (StepBarsChart.column, StepBarsChart.height, Drawing.number)
    let labels = StepLabels(steps, width: column)
    let top = 40 + labels.height
    let right = left + column * Double(steps.count)
    var drawing = Drawing(
      width: width, height: top + (height + 8) * Double(rows.count) + 10, title: title, titleX: 8)
    labels.draw(in: &drawing, left, top, width: column)
    for (index, row) in rows.enumerated() {
      let y = top + Double(index) * (height + 8) + 4
      let known = row.values.filter(AxisTicks.isDrawable)
      let (low, high) = (min(known.min() ?? 0, 0), max(known.max() ?? 0, 0))
      let scale = high > low ? height / (high - low) : 0
      let zero = y + high * scale
      drawing.text(shortened(row.name, to: 230), left - 6, y + (row.remark.isEmpty ? 26 : 18), .end)
      drawing.text(shortened(row.remark, to: 230), left - 6, y + 34, .end, ink: .dim)
      var path = ""
      for (step, value) in row.values.enumerated() where AxisTicks.isDrawable(value) && value != 0 {
        path +=
          "M\(n(left + Double(step) * column + 1)) \(n(zero))h\(n(column - 2))v\(n(-value * scale))h\(n(2 - column))z"
      }
      if !path.isEmpty { drawing.area(path, .series(0)) }
      drawing.line("M\(n(left)) \(n(zero))H\(n(right))", .axis)
      drawing.text(significant(high, 2), right + 5, y + 9, ink: .dim, size: 10)
      if low < 0 { drawing.text(significant(low, 2), right + 5, y + height, ink: .dim, size: 10) }
    }
    return drawing.svg
  }
}
