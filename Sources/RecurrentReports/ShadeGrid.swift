/// Cells of numbers from -1 to 1 as shades: those of one shade are one path, so that thousands of them are a small drawing.
struct ShadeGrid {
  /// Shades of a sign.
  static let levels = 8

  private var paths: [[String]] = [
    [String](repeating: "", count: levels + 1), [String](repeating: "", count: levels + 1),
  ]
  private var unknown = ""

  /// Adds a cell. Numbers beyond the ends have the strongest shade; what is no number is crossed out.
  mutating func add(_ value: Float, _ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    let n = Drawing.number
    guard !value.isNaN else {
      unknown += "M\(n(x)) \(n(y))l\(n(width)) \(n(height))m0 \(n(-height))l\(n(-width)) \(n(height))"
      return
    }
    let level = Int((Double(min(abs(value), 1)) * Double(ShadeGrid.levels)).rounded())
    guard level > 0 else { return }
    paths[value < 0 ? 1 : 0][level] += "M\(n(x)) \(n(y))h\(n(width))v\(n(height))h\(n(-width))z"
  }

  /// Draws all cells: positive numbers in the first colour of series, negative ones in the second.
  func draw(in drawing: inout Drawing) {
    for (sign, levels) in paths.enumerated() {
      for (level, path) in levels.enumerated() where !path.isEmpty {
        drawing.area(path, .series(sign), opacity: Double(level) / Double(ShadeGrid.levels))
      }
    }
    if !unknown.isEmpty { drawing.line(unknown, .series(1)) }
  }

  /// What the shades mean, with its left upper corner at a point.
  static func drawKey(in drawing: inout Drawing, _ left: Double, _ top: Double) {
    var (x, grid) = (left, ShadeGrid())
    drawing.text("-1", x, top + 10, ink: .dim)
    x += 18
    for level in stride(from: -levels, through: levels, by: 2) {
      grid.add(Float(level) / Float(levels), x, top, 12, 12)
      x += 12
    }
    grid.draw(in: &drawing)
    drawing.frame(left + 18, top, x - left - 18, 12, .axis)
    drawing.text("1", x + 6, top + 10, ink: .dim)
  }
}

/// The names of steps from left to right, above the columns of a drawing.
struct StepLabels {
  private static let letters = 11.0
  private static let limit = 84.0

  /// Shown, each in the space that it has.
  let texts: [String]
  private let isTurned: Bool

  /// - Parameters:
  ///   - texts: a name for each step.
  ///   - width: of a column.
  init(_ texts: [String], width: Double) {
    let visible = texts.map(StepLabels.visible)
    isTurned = visible.contains { estimatedWidth($0, size: StepLabels.letters) > width - 2 }
    self.texts = visible.map { shortened($0, to: StepLabels.limit, size: StepLabels.letters) }
  }

  /// The space above the columns.
  var height: Double {
    guard isTurned else { return texts.isEmpty ? 0 : 18 }
    return (texts.map { estimatedWidth($0, size: StepLabels.letters) }.max() ?? 0) + 8
  }

  /// Draws the names above columns that begin at a point.
  func draw(in drawing: inout Drawing, _ left: Double, _ bottom: Double, width: Double) {
    for (step, text) in texts.enumerated() where !text.isEmpty {
      let x = left + (Double(step) + 0.5) * width
      if isTurned {
        drawing.text(text, x + 4, bottom - 4, size: StepLabels.letters, turn: -90)
      } else {
        drawing.text(text, x, bottom - 5, .middle, size: StepLabels.letters)
      }
    }
  }

  /// A token with what cannot be seen written out.
  static func visible(_ text: String) -> String {
    switch text {
    case " ": "␣"
    case "\n", "\r\n": "⏎"
    case "\t": "⇥"
    default: text.replacing("\n", with: "⏎")
    }
  }
}
