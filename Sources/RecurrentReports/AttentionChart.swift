import RecurrentCore

/// Where a translation looks: a row for each of its tokens, a column for each of the source, shaded by the weight.
public struct AttentionChart: Chart {
  /// What stands above.
  public var title: String
  /// The tokens of the source, from left to right.
  public var source: [String]
  /// The tokens of the translation, from top to bottom.
  public var target: [String]
  /// The weights, `[target][source]`, each row from 0 to 1.
  public var weights: [[Float]]

  /// A chart. Traps unless there is a row for each token of the translation and a column for each of the source.
  public init(title: String, source: [String], target: [String], weights: [[Float]]) {
    trapUnless(
      weights.count == target.count && weights.allSatisfy { $0.count == source.count },
      "AttentionChart: expected \(target.count) rows of \(source.count) weights, received \(weights.map(\.count))"
    )
    (self.title, self.source, self.target, self.weights) = (title, source, target, weights)
  }

  /// More tokens of a side could not be read; those behind are not drawn.
  private static let tokenLimit = 100
  private static let letters = 11.0
  private static let labelLimit = 110.0

  private var columns: [String] { AttentionChart.labels(source) }
  private var rows: [String] { AttentionChart.labels(target) }
  private var side: Double { max(13, min(26, 600 / Double(max(columns.count, 1)))) }
  private var left: Double { AttentionChart.extent(rows) + 40 }
  private var top: Double { AttentionChart.extent(columns) + 58 }

  private static func labels(_ tokens: [String]) -> [String] {
    tokens.prefix(tokenLimit).map { shortened($0 == " " ? "␣" : $0, to: labelLimit, size: letters) }
  }

  private static func extent(_ labels: [String]) -> Double {
    labels.map { estimatedWidth($0, size: letters) }.max() ?? 0
  }

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double { max(340, left + side * Double(columns.count) + 20) }

  /// The drawing.
  public var svg: String {
    let (columns, rows) = (columns, rows)
    let (across, down) = (side * Double(columns.count), side * Double(rows.count))
    var drawing = Drawing(width: width, height: top + down + 16, title: title, titleX: 16)
    drawing.text("source", left + across / 2, 42, .middle, ink: .dim)
    drawing.text("translation", 18, top + down / 2, .middle, ink: .dim, turn: -90)
    for (column, label) in columns.enumerated() {
      let x = left + (Double(column) + 0.5) * side
      drawing.text(label, x + AttentionChart.letters * 0.35, top - 6, size: AttentionChart.letters, turn: -90)
    }
    for (row, label) in rows.enumerated() {
      let y = top + Double(row) * side
      drawing.text(
        label, left - 6, y + side / 2 + AttentionChart.letters * 0.35, .end, size: AttentionChart.letters)
      for (column, weight) in weights[row].prefix(columns.count).enumerated() {
        let share = weight.isFinite ? min(max(Double(weight), 0), 1) : 0
        if share >= 0.02 { drawing.box(left + Double(column) * side, y, side, side, .cell, opacity: share) }
      }
    }
    drawing.frame(left, top, across, down, .axis)
    return drawing.svg
  }
}
