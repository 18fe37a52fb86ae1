/// The rectangle between two axes.
struct PlotArea {
  /// Its sides in the drawing.
  let left, right, top, bottom: Double
  /// The axes.
  let xTicks, yTicks: AxisTicks

  /// Space for the labels of the y axis and its name.
  static func leftMargin(_ ticks: AxisTicks) -> Double {
    max(70, (ticks.marks.map { estimatedWidth($0.label) }.max() ?? 0) + 44)
  }

  /// Where a number lies in the drawing.
  func x(_ value: Double) -> Double {
    left + (value - xTicks.low) / (xTicks.high - xTicks.low) * (right - left)
  }

  /// Where a number lies in the drawing.
  func y(_ value: Double) -> Double {
    bottom - (value - yTicks.low) / (yTicks.high - yTicks.low) * (bottom - top)
  }

  /// Where a point lies in the drawing; nil for one that does not lie between the ends of the axes.
  func place(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
    guard AxisTicks.isDrawable(x), AxisTicks.isDrawable(y) else { return nil }
    let place = (x: self.x(x), y: self.y(y))
    // a hair beyond them is the error of rounding
    guard (left - 0.1...right + 0.1).contains(place.x), (top - 0.1...bottom + 0.1).contains(place.y) else {
      return nil
    }
    return place
  }

  /// Draws the axes with their names, and lines across.
  func draw(in drawing: inout Drawing, xLabel: String?, yLabel: String, hasVerticals: Bool = false) {
    let n = Drawing.number
    for mark in yTicks.marks {
      drawing.line("M\(n(left)) \(n(y(mark.value)))H\(n(right))", .grid)
      drawing.text(mark.label, left - 8, y(mark.value) + 4, .end, ink: .dim)
    }
    if hasVerticals {
      for mark in xTicks.marks { drawing.line("M\(n(x(mark.value))) \(n(top))V\(n(bottom))", .grid) }
    }
    if let xLabel { drawXLabels(in: &drawing, xLabel) }
    drawing.line("M\(n(left)) \(n(top))V\(n(bottom))H\(n(right))", .axis)
    drawing.text(
      shortened(yLabel, to: bottom - top), 18, (top + bottom) / 2, .middle, turn: -90)
  }

  private func drawXLabels(in drawing: inout Drawing, _ xLabel: String) {
    let n = Drawing.number
    var contextEnd = -Double.infinity
    for mark in xTicks.marks {
      let place = x(mark.value)
      drawing.line("M\(n(place)) \(n(bottom))v5", .axis)
      // the last one would reach beyond the edge
      let middle = min(place, drawing.width - estimatedWidth(mark.label) / 2 - 2)
      drawing.text(mark.label, middle, bottom + 19, .middle, ink: .dim)
      if let context = mark.context, place - estimatedWidth(context) / 2 > contextEnd {
        drawing.text(context, place, bottom + 33, .middle, ink: .dim)
        contextEnd = place + estimatedWidth(context) / 2
      }
    }
    let hasContexts = xTicks.marks.contains { $0.context != nil }
    drawing.text(
      shortened(xLabel, to: right - left), (left + right) / 2, bottom + (hasContexts ? 51 : 42), .middle)
  }

  /// The space below the plot that labels, a second line of them and the name of the axis need.
  static func bottomMargin(_ ticks: AxisTicks) -> Double {
    ticks.marks.contains { $0.context != nil } ? 64 : 56
  }
}
