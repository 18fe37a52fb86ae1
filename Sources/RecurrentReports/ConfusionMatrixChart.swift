import RecurrentCore

/// Which classes are taken for which: a row for each known class, a column for each class that was given,
/// shaded by the share of the row.
public struct ConfusionMatrixChart: Chart {
  /// What stands above.
  public var title: String
  /// The names of the classes.
  public var names: [String]
  /// Items by their class (rows) and the class they were given.
  public var counts: [[Int]]

  /// A chart. Traps unless there is a row and a column for each name.
  public init(title: String, names: [String], counts: [[Int]]) {
    trapUnless(
      counts.count == names.count && counts.allSatisfy { $0.count == names.count },
      "ConfusionMatrixChart: expected \(names.count) rows and columns, received \(counts.map(\.count))")
    (self.title, self.names, self.counts) = (title, names, counts)
  }

  /// The length of the side of a cell.
  private var side: Double { max(2, min(64, 540 / Double(max(names.count, 1)))) }
  private var letters: Double { max(8, min(12, side * 0.8)) }
  /// Every so many classes have a label.
  private var labelDistance: Int { max(1, Int((9 / side).rounded(.up))) }
  /// Numbers would be too small to read in more cells.
  private var hasNumbers: Bool { names.count <= 30 }

  /// White letters are easier to read than black ones from this shade on.
  private static let darkShare = 0.8

  private var labels: [String] { names.map { shortened($0, to: 120, size: letters) } }
  private var labelWidth: Double { labels.map { estimatedWidth($0, size: letters) }.max() ?? 0 }
  private var left: Double { labelWidth + 46 }

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double {
    max(340, left + side * Double(names.count) + 24)
  }

  /// The drawing.
  public var svg: String {
    let extent = side * Double(names.count)
    let isTurned = labelWidth > side - 4
    let bottom = 44 + extent + (isTurned ? labelWidth : letters) + 12
    var drawing = Drawing(width: width, height: bottom + 64, title: title, titleX: 16)
    for row in names.indices {
      for column in names.indices { draw(row, column, &drawing) }
    }
    drawing.frame(left, 44, extent, extent, .axis)
    for (index, label) in labels.enumerated() where index % labelDistance == 0 {
      let middle = (Double(index) + 0.5) * side
      drawing.text(label, left - 6, 44 + middle + letters * 0.35, .end, size: letters)
      if isTurned {
        drawing.text(
          label, left + middle + letters * 0.35, 44 + extent + 8, .end, size: letters, turn: -90)
      } else {
        drawing.text(label, left + middle, 44 + extent + letters + 6, .middle, size: letters)
      }
    }
    drawing.text("known", 18, 44 + extent / 2, .middle, ink: .dim, turn: -90)
    drawing.text("given", left + extent / 2, bottom + 10, .middle, ink: .dim)
    drawScale(bottom + 28, &drawing)
    return drawing.svg
  }

  private func draw(_ row: Int, _ column: Int, _ drawing: inout Drawing) {
    let count = counts[row][column]
    let total = counts[row].reduce(0, +)
    let share = total > 0 ? Double(count) / Double(total) : 0
    let (x, y) = (left + Double(column) * side, 44 + Double(row) * side)
    if share >= 0.005 { drawing.box(x, y, side, side, .cell, opacity: share) }
    if row == column { drawing.frame(x, y, side, side, .axis) }
    // a zero in each cell would hide the other numbers
    guard hasNumbers, count > 0 || names.count <= 10 else { return }
    let text = count < 10_000 ? "\(count)" : count < 10_000_000 ? "\(count / 1000)k" : "\(count / 1_000_000)M"
    let size = min(13, side * 0.5, (side - 2) / (Double(text.count) * 0.62))
    drawing.text(
      text, x + side / 2, y + side / 2 + size * 0.35, .middle,
      ink: share > ConfusionMatrixChart.darkShare ? .onCell : count > 0 ? .text : .dim, size: size)
  }

  private func drawScale(_ y: Double, _ drawing: inout Drawing) {
    let text = "share of the row"
    drawing.text(text, 16, y + 11, ink: .dim)
    var x = 16 + estimatedWidth(text) + 8
    for (index, share) in [0, 0.25, 0.5, 0.75, 1].enumerated() {
      if share > 0 { drawing.box(x, y, 34, 16, .cell, opacity: share) }
      drawing.text(
        "\(25 * index) %", x + 17, y + 12, .middle,
        ink: share > ConfusionMatrixChart.darkShare ? .onCell : .text, size: 10)
      x += 34
    }
    drawing.frame(x - 170, y, 170, 16, .axis)
  }
}
