/// The names of what is drawn, in rows that are as wide as the drawing.
struct ChartLegend {
  /// How something looks.
  enum Sign: Equatable {
    /// A line with the colour and dashes of a series.
    case line(Int, hasMarks: Bool)
    /// A whole line.
    case plainLine(ChartInk, dash: String?)
    /// A shade of a series.
    case shade(Int, opacity: Double)
  }

  private static let rowHeight = 18.0
  private static let signWidth = 28.0
  private let rows: [[(sign: Sign, name: String, x: Double)]]

  /// Names, broken into rows.
  init(_ entries: [(sign: Sign, name: String)], width: Double) {
    var rows: [[(sign: Sign, name: String, x: Double)]] = []
    var x = Double.infinity
    for (sign, name) in entries {
      let name = shortened(name, to: min(220, width - ChartLegend.signWidth))
      let entryWidth = ChartLegend.signWidth + estimatedWidth(name) + 16
      if x + entryWidth - 16 > width {
        rows.append([])
        x = 0
      }
      rows[rows.count - 1].append((sign, name, x))
      x += entryWidth
    }
    self.rows = rows
  }

  /// What it takes.
  var height: Double { Double(rows.count) * ChartLegend.rowHeight }

  /// Draws it with its left upper corner at a point.
  func draw(in drawing: inout Drawing, _ left: Double, _ top: Double) {
    for (index, row) in rows.enumerated() {
      let middle = top + (Double(index) + 0.5) * ChartLegend.rowHeight
      for (sign, name, x) in row {
        drawing.group { drawing in
          ChartLegend.draw(sign, in: &drawing, left + x, middle)
          drawing.text(name, left + x + ChartLegend.signWidth, middle + 4)
        }
      }
    }
  }

  private static func draw(_ sign: Sign, in drawing: inout Drawing, _ x: Double, _ middle: Double) {
    let path = "M\(Drawing.number(x)) \(Drawing.number(middle))h22"
    switch sign {
    case .line(let series, let hasMarks):
      drawing.line(path, .series(series), width: 2.2, dash: ChartInk.dash(ofSeries: series))
      if hasMarks { drawing.mark(x + 11, middle, series) }
    case .plainLine(let ink, let dash): drawing.line(path, ink, width: 1.8, dash: dash)
    case .shade(let series, let opacity):
      drawing.box(x, middle - 6, 22, 12, .series(series), opacity: opacity)
    }
  }
}

extension Drawing {
  /// The point of a curve: filled for the first and every second one behind it, hollow for the others.
  mutating func mark(_ x: Double, _ y: Double, _ series: Int) {
    dot(x, y, .series(series), isHollow: series % 2 == 1)
  }
}
