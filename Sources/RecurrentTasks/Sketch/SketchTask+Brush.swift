import RecurrentReports

extension SketchTask {
  /// The points of a drawing with what the model knows of their brush.
  func steps(of strokes: StrokeSequence) -> [PenStep] { strokes.penSteps.map { known($0) { $0.known($1) } } }

  /// Points to go on from, with the likeliest brush without memory where nobody tells it.
  func completed(_ steps: [PenStep]) -> [PenStep] { steps.map { known($0) { $0.completed($1) } } }

  private func known(_ step: PenStep, _ value: (SketchBrush, BrushValue) -> BrushValue) -> PenStep {
    PenStep(step.dx, step.dy, step.pen, brush: brush.map { value($0, step.brush) } ?? BrushValue())
  }

  /// What is assumed of the brush of points to go on from, which stand in a file; nil for nothing.
  public func brushNote(of begun: [PenStep], in name: String) -> DataNote? {
    let missing = brush?.missing(in: begun) ?? []
    return missing.isEmpty
      ? nil
      : DataNote(.assumed, "\(name) tells no \(missing.joined(separator: ", ")): the usual one is taken")
  }

  /// How the strokes of a drawing look: of each its widths, its colour, and the numbers that a file keeps of it. Lines without a width of their
  /// own are as wide as those of a drawing without a brush, and pressure makes a line up to 1.75 times as wide and down to
  /// a quarter. Empty of a model without a brush.
  public func penBrushes(of strokes: StrokeSequence) -> [PenBrush] {
    guard let brush, let own = strokes.brush else { return [] }
    return strokes.strokes.indices.map { index in
      let pressures = brush.pressure.flatMap { channel in
        own.pressures?[index].map { channel.share(Double($0)) }
      }
      let widths = brush.width == nil ? nil : own.widths?[index].map { Double($0) }
      var look = PenBrush()
      if pressures != nil || widths != nil {
        look.widths = strokes.strokes[index].indices.map { place in
          let factor =
            pressures.map { SketchTask.softest + (SketchTask.hardest - SketchTask.softest) * $0[place] } ?? 1
          return (widths?[place] ?? paperSide / PenDrawing.linesOfSide) * factor
        }
      }
      if brush.palette != nil { look.colour = own.colours?[index].hex }
      if brush.pressure != nil, let numbers = own.pressures?[index] {
        look.numbers.append((name: StrokeBrush.Channel.pressure.rawValue, values: numbers.map { Double($0) }))
      }
      let changes = look.widths.contains { $0 != look.widths[0] }
      if let widths, pressures != nil || changes {
        look.numbers.append((name: StrokeBrush.Channel.width.rawValue, values: widths))
      }
      return look
    }
  }

  /// The factors of the width of the least and of the largest pressure of the training part.
  private static let (softest, hardest) = (0.25, 1.75)

  /// A drawing on a sheet, with its brush.
  public func sheetCell(
    _ strokes: StrokeSequence, begunPoints: Int = 0, shades: [DrawingSheet.Shade] = [], caption: String = ""
  ) -> DrawingSheet.Cell {
    DrawingSheet.Cell(
      strokes.chartStrokes, brushes: penBrushes(of: strokes), begunPoints: begunPoints,
      shades: shades, caption: caption)
  }
}

extension SketchBrush.Channel {
  /// A value as a part of the range of the training part, 0 to 1.
  fileprivate func share(_ value: Double) -> Double {
    let range = Double(high) - Double(low)
    return range > 0 ? min(max((value - Double(low)) / range, 0), 1) : 0.5
  }
}
