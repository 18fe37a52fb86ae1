import RecurrentCore

/// Numbers over steps as strips of shades, one below the other: what units or gates do while a sequence is read.
public struct UnitStripsChart: Chart {
  /// A strip.
  public struct Strip: Sendable, Equatable {
    /// What stands before it.
    public var name: String
    /// A number for each step, from -1 to 1.
    public var values: [Float]

    /// A strip.
    public init(_ name: String, _ values: [Float]) { (self.name, self.values) = (name, values) }
  }

  /// What stands above.
  public var title: String
  /// A name for each step.
  public var steps: [String]
  /// The strips.
  public var strips: [Strip]

  /// A chart. Traps unless each strip has a number for each step.
  public init(title: String, steps: [String], strips: [Strip]) {
    for strip in strips {
      trapUnless(
        strip.values.count == steps.count,
        "UnitStripsChart: expected \(steps.count) numbers of a strip, received \(strip.values.count)")
    }
    (self.title, self.steps, self.strips) = (title, steps, strips)
  }

  private static let column = 14.0
  private static let row = 18.0

  private var left: Double { (strips.map { estimatedWidth(shortened($0.name, to: 220)) }.max() ?? 0) + 18 }

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double { max(340, left + UnitStripsChart.column * Double(steps.count) + 16) }

  /// The drawing.
  public var svg: String {
    let (column, row) = (UnitStripsChart.column, UnitStripsChart.row)
    let labels = StepLabels(steps, width: column)
    let top = 58 + labels.height
    let (across, down) = (column * Double(steps.count), row * Double(strips.count))
    var drawing = Drawing(width: width, height: top + down + 14, title: title, titleX: 8)
    ShadeGrid.drawKey(in: &drawing, 8, 34)
    labels.draw(in: &drawing, left, top, width: column)
    var grid = ShadeGrid()
    for (index, strip) in strips.enumerated() {
      let y = top + Double(index) * row
      drawing.text(shortened(strip.name, to: 220), left - 6, y + 13, .end)
      for (step, value) in strip.values.enumerated() {
        grid.add(value, left + Double(step) * column, y + 1, column, row - 2)
      }
    }
    grid.draw(in: &drawing)
    drawing.frame(left, top, across, down, .axis)
    return drawing.svg
  }
}
