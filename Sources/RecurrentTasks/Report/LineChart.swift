/// Curves over a common axis, drawn as SVG: light, self-contained, readable in any browser.
public struct LineChart: Sendable {
  /// A named curve.
  public struct Curve: Sendable {
    /// Its name in the legend.
    public var name: String
    /// Its points, by rising x.
    public var points: [(x: Double, y: Double)]
    /// Whether points are marked.
    public var hasMarks: Bool

    /// A curve.
    public init(name: String, points: [(x: Double, y: Double)], hasMarks: Bool = false) {
      self.name = name
      self.points = points
      self.hasMarks = hasMarks
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

  /// A chart.
  public init(title: String, xLabel: String, yLabel: String, curves: [Curve]) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.curves = curves
  }

  /// Colours that people with colour blindness tell apart (Okabe and Ito 2008).
  private static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]

  /// The drawing.
  public var svg: String {
    let (width, height) = (720.0, 420.0)
    let (left, right, top, bottom) = (70.0, 20.0, 44.0, 56.0)
    let shown = curves.map { curve in
      Curve(name: curve.name, points: curve.points.filter(LineChart.isDrawable), hasMarks: curve.hasMarks)
    }
    let points = shown.flatMap(\.points)
    let xTicks = LineChart.ticks(from: points.map(\.x).min() ?? 0, to: points.map(\.x).max() ?? 1)
    let yTicks = LineChart.ticks(from: points.map(\.y).min() ?? 0, to: points.map(\.y).max() ?? 1)
    func x(_ value: Double) -> Double {
      left + (value - xTicks.low) / (xTicks.high - xTicks.low) * (width - left - right)
    }
    func y(_ value: Double) -> Double {
      height - bottom - (value - yTicks.low) / (yTicks.high - yTicks.low) * (height - top - bottom)
    }
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" "
        + "font-family=\"system-ui, sans-serif\" font-size=\"12\" role=\"img\">",
      "<title>\(LineChart.escaped(title))</title>",
      "<rect width=\"\(Int(width))\" height=\"\(Int(height))\" fill=\"#ffffff\"/>",
      "<text x=\"\(n(left))\" y=\"24\" font-size=\"15\" font-weight=\"600\">\(LineChart.escaped(title))</text>",
    ]
    for tick in yTicks.values {
      lines.append(
        "<path d=\"M\(n(left)) \(n(y(tick)))H\(n(width - right))\" stroke=\"#e4e4e4\"/>"
          + "<text x=\"\(n(left - 8))\" y=\"\(n(y(tick) + 4))\" text-anchor=\"end\" fill=\"#444\">\(yTicks.label(tick))</text>"
      )
    }
    for tick in xTicks.values {
      lines.append(
        "<path d=\"M\(n(x(tick))) \(n(height - bottom))v5\" stroke=\"#888\"/>"
          + "<text x=\"\(n(x(tick)))\" y=\"\(n(height - bottom + 19))\" text-anchor=\"middle\" fill=\"#444\">"
          + "\(xTicks.label(tick))</text>")
    }
    lines.append(
      "<path d=\"M\(n(left)) \(n(top))V\(n(height - bottom))H\(n(width - right))\" fill=\"none\" stroke=\"#888\"/>"
    )
    lines.append(
      "<text x=\"\(n((left + width - right) / 2))\" y=\"\(n(height - 14))\" text-anchor=\"middle\">"
        + "\(LineChart.escaped(xLabel))</text>")
    lines.append(
      "<text transform=\"translate(18 \(n((top + height - bottom) / 2))) rotate(-90)\" text-anchor=\"middle\">"
        + "\(LineChart.escaped(yLabel))</text>")
    for (index, curve) in shown.enumerated() {
      let colour = LineChart.colours[index % LineChart.colours.count]
      let path = curve.points.map { "\(n(x($0.x))) \(n(y($0.y)))" }.joined(separator: "L")
      if !path.isEmpty {
        lines.append(
          "<path d=\"M\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.8\" stroke-linejoin=\"round\"/>"
        )
      }
      if curve.hasMarks || curve.points.count == 1 {
        for point in curve.points {
          lines.append("<circle cx=\"\(n(x(point.x)))\" cy=\"\(n(y(point.y)))\" r=\"3\" fill=\"\(colour)\"/>")
        }
      }
      let row = top + 8 + Double(index) * 18
      lines.append(
        "<path d=\"M\(n(width - right - 150)) \(n(row))h22\" stroke=\"\(colour)\" stroke-width=\"2.5\"/>"
          + "<text x=\"\(n(width - right - 122))\" y=\"\(n(row + 4))\">\(LineChart.escaped(curve.name))</text>"
      )
    }
    return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  /// Whether a point can stand on an axis; infinities and what would overflow a range are left out.
  private static func isDrawable(_ point: (x: Double, y: Double)) -> Bool {
    abs(point.x) < 1e100 && abs(point.y) < 1e100
  }

  private func n(_ value: Double) -> String { rounded(value, 1) }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case let other where other.unicodeScalars.contains { $0.value < 32 }: result += " "
      default: result.append(character)
      }
    }
    return result
  }

  private struct Ticks {
    let low: Double
    let high: Double
    let values: [Double]
    let decimals: Int

    func label(_ value: Double) -> String { rounded(value, decimals) }
  }

  /// About six round numbers that span a range.
  private static func ticks(from low: Double, to high: Double) -> Ticks {
    let (low, high) = high > low ? (low, high) : (low - 0.5, low + 0.5)
    var step = 1.0
    var decimals = 0
    let target = (high - low) / 6
    while step * 10 <= target { step *= 10 }
    while step > target, decimals < 9 {
      step /= 10
      decimals += 1
    }
    for factor in [1.0, 2, 5, 10] where step * factor >= target {
      step *= factor
      if factor == 10 { decimals = max(0, decimals - 1) }
      break
    }
    let first = (low / step).rounded(.down)
    let last = (high / step).rounded(.up)
    let values = stride(from: first, through: last, by: 1).map { $0 * step }
    return Ticks(low: first * step, high: last * step, values: values, decimals: decimals)
  }
}
