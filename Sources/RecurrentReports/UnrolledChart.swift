import RecurrentCore

/// A recurrent network as a loop, and beside it unrolled over the steps of a sequence: a column for each step, a row for each
/// layer, the values of units within, the same colour for the same weights.
public struct UnrolledChart: Chart {
  /// A layer, or one direction of it.
  public struct Layer: Sendable, Equatable {
    /// What it is, such as `layer 1, LSTM, 128 units`.
    public var name: String
    /// Its weights over what it reads, with their extents.
    public var inputWeights: String
    /// Its weights over its state, with their extents; empty where it has none.
    public var stateWeights: String
    /// Whether it reads from right to left.
    public var isReverse: Bool
    /// Numbers of the units that are shown.
    public var units: [Int]
    /// Their values from -1 to 1, `[step][unit]`.
    public var values: [[Float]]

    /// A layer.
    public init(
      name: String, inputWeights: String, stateWeights: String, isReverse: Bool = false, units: [Int],
      values: [[Float]]
    ) {
      (self.name, self.inputWeights, self.stateWeights) = (name, inputWeights, stateWeights)
      (self.isReverse, self.units, self.values) = (isReverse, units, values)
    }
  }

  /// What stands above.
  public var title: String
  /// What is read at each step.
  public var inputs: [String]
  /// What comes out at each step; empty texts for nothing.
  public var outputs: [String]
  /// The layers from below. One that reads from right to left above one that does not is the other direction of the same layer: both
  /// read what stands below the two, and what is above them reads both.
  public var layers: [Layer]

  /// A chart. Traps unless there is an output for each input and each layer has values for each step.
  public init(title: String, inputs: [String], outputs: [String], layers: [Layer]) {
    trapUnless(
      inputs.count == outputs.count && layers.allSatisfy { $0.values.count == inputs.count },
      "UnrolledChart: expected outputs and values of \(inputs.count) steps")
    (self.title, self.inputs, self.outputs, self.layers) = (title, inputs, outputs, layers)
  }

  private static let column = 38.0
  private static let cell = 7.0
  private static let gap = 46.0
  private static let loop = 250.0

  /// The width at which its letters have their proper size, in pixels.
  public var width: Double { UnrolledChart.loop + UnrolledChart.column * Double(inputs.count) + 24 }

  private func height(of layer: Layer) -> Double {
    max(28, UnrolledChart.cell * Double(layer.units.count)) + 6
  }

  /// The drawing.
  public var svg: String {
    let (column, gap, left) = (UnrolledChart.column, UnrolledChart.gap, UnrolledChart.loop)
    let (top, bottom) = (StepLabels(outputs, width: column), StepLabels(inputs, width: column))
    let body = layers.reduce(0) { $0 + height(of: $1) } + gap * Double(layers.count + 1)
    let above = 64 + top.height
    let full = above + body + bottom.height + 26
    var drawing = Drawing(width: width, height: full, title: title, titleX: 8)
    ShadeGrid.drawKey(in: &drawing, 8, 34)
    top.draw(in: &drawing, left, above, width: column)
    bottom.draw(in: &drawing, left, above + body + bottom.height + 4, width: column)
    drawing.text("output", 8, above - 4, ink: .dim)
    drawing.text("input", 8, above + body + 14, ink: .dim)
    var grid = ShadeGrid()
    var y = above + body - gap
    for (index, layer) in layers.enumerated() {
      y -= height(of: layer)
      drawLoop(layer, index, y, in: &drawing)
      drawSteps(layer, index, y, in: &drawing, grid: &grid)
      y -= gap
    }
    grid.draw(in: &drawing)
    let n = Drawing.number
    // out of the uppermost layer
    let end = y + gap
    var path = ""
    for step in inputs.indices {
      path += arrow(up: left + (Double(step) + 0.5) * column, from: end, to: above + 4)
    }
    drawing.line(path + arrow(up: 60, from: end, to: above + 4), .axis)
    drawing.line("M\(n(left - 12)) \(n(above))V\(n(above + body))", .grid)
    return drawing.svg
  }

  /// The height from the upper edge of the other direction of a layer to the lower edge of the first; nil of a layer by itself.
  private func pairHeight(_ index: Int) -> Double? {
    guard index > 0, layers[index].isReverse, !layers[index - 1].isReverse else { return nil }
    return height(of: layers[index]) + UnrolledChart.gap + height(of: layers[index - 1])
  }

  /// What goes into a box at `x` from below.
  ///
  /// - Parameters:
  ///   - index: of the layer, whose box begins at `y`.
  ///   - side: where the way into the other direction of a layer passes the first.
  private func way(into index: Int, at x: Double, _ y: Double, side: Double) -> String {
    let (bottom, gap, n) = (y + height(of: layers[index]), UnrolledChart.gap, Drawing.number)
    guard let pair = pairHeight(index) else { return arrow(up: x, from: bottom + gap - 4, to: bottom + 2) }
    return "M\(n(x)) \(n(y + pair + gap - 4))H\(n(side))V\(n(bottom + 16))H\(n(x))"
      + "V\(n(bottom + 2))m-3 4l3 -4l3 4"
  }

  /// The way out of the first direction of a layer, past the other.
  private func way(past index: Int, at x: Double, _ y: Double, side: Double) -> String {
    let (first, n) = (y + height(of: layers[index]) + UnrolledChart.gap, Drawing.number)
    return "M\(n(x)) \(n(first - 2))V\(n(first - 14))H\(n(side))V\(n(y - 4))H\(n(x))"
  }

  private func drawLoop(_ layer: Layer, _ index: Int, _ y: Double, in drawing: inout Drawing) {
    let (height, n) = (height(of: layer), Drawing.number)
    let middle = y + height / 2
    drawing.frame(20, y, 80, height, .text)
    drawing.text("h", 60, middle + 4, .middle)
    drawing.text(shortened(layer.name, to: 168, size: 11), 68, y - 6, size: 11)
    drawing.line(way(into: index, at: 60, y, side: 10), .series(2 * index + 2))
    if pairHeight(index) != nil { drawing.line(way(past: index, at: 60, y, side: 14), .axis) }
    drawing.text(
      shortened(layer.inputWeights, to: 150, size: 11), 68, y + height + 20, ink: .series(2 * index + 2),
      size: 11)
    guard !layer.stateWeights.isEmpty else { return }
    // out on the right, round and in again
    drawing.line(
      "M100 \(n(middle + 6))h14v-\(n(12))h-12m4 -3l-4 3l4 3", .series(2 * index + 3), width: 1.6)
    drawing.text(
      shortened(layer.stateWeights, to: 122, size: 11), 119, middle + 4, ink: .series(2 * index + 3), size: 11
    )
  }

  private func drawSteps(
    _ layer: Layer, _ index: Int, _ y: Double, in drawing: inout Drawing, grid: inout ShadeGrid
  ) {
    let (column, height, left, n) = (
      UnrolledChart.column, height(of: layer), UnrolledChart.loop, Drawing.number
    )
    var (up, past, along, frames) = ("", "", "", "")
    for step in inputs.indices {
      let x = left + Double(step) * column
      frames += "M\(n(x + 8)) \(n(y))h\(n(column - 16))v\(n(height))h\(n(16 - column))z"
      up += way(into: index, at: x + column / 2, y, side: x + 3)
      if pairHeight(index) != nil { past += way(past: index, at: x + column / 2, y, side: x + column - 4) }
      let isLast = layer.isReverse ? step == 0 : step == inputs.count - 1
      if !layer.stateWeights.isEmpty, !isLast {
        let middle = y + height / 2
        along +=
          layer.isReverse
          ? "M\(n(x + 8)) \(n(middle))h-15m4 -3l-4 3l4 3"
          : "M\(n(x + column - 8)) \(n(middle))h15m-4 -3l4 3l-4 3"
      }
      for (unit, value) in layer.values[step].enumerated() {
        grid.add(value, x + 9, y + 3 + Double(unit) * UnrolledChart.cell, column - 18, UnrolledChart.cell)
      }
    }
    drawing.line(up, .series(2 * index + 2))
    if !past.isEmpty { drawing.line(past, .axis) }
    drawing.line(along, .series(2 * index + 3), width: 1.6)
    drawing.line(frames, .axis)
  }

  private func arrow(up x: Double, from: Double, to: Double) -> String {
    let n = Drawing.number
    return "M\(n(x)) \(n(from))V\(n(to))m-3 4l3 -4l3 4"
  }
}
