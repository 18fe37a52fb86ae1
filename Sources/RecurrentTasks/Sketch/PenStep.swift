/// What a pen does at the end of a step.
public enum PenState: UInt8, Sendable, Equatable, CaseIterable {
  /// It goes on drawing.
  case down
  /// It is lifted: the next step draws nothing.
  case lifted
  /// The drawing is done; the step has no place.
  case end
}

/// A step of a drawing: from the point before to the next one, and what the pen does there.
public struct PenStep: Sendable, Equatable {
  /// To the right, in units of the data; 0 for the first point.
  public var dx: Float
  /// Down.
  public var dy: Float
  /// What the pen does at the point.
  public var pen: PenState
  /// What the brush does at the point.
  public var brush: BrushValue

  /// A step.
  public init(_ dx: Float, _ dy: Float, _ pen: PenState, brush: BrushValue = BrushValue()) {
    (self.dx, self.dy, self.pen, self.brush) = (dx, dy, pen, brush)
  }
}

extension PenStep {
  /// The step as integers, by the bits of its numbers; -1 for a channel of the brush that nobody tells.
  var stored: [Int64] {
    [Int64(dx.bitPattern), Int64(dy.bitPattern), Int64(pen.rawValue)]
      + StrokeBrush.Channel.allCases.map { name in brush[name].map { Int64($0.bitPattern) } ?? -1 }
      + [brush.colour.map { Int64($0.red) << 16 | Int64($0.green) << 8 | Int64($0.blue) } ?? -1]
  }

  /// The step of such integers; nil where they are none.
  init?(stored: [Int64]) {
    func number(_ bits: Int64) -> Float? {
      UInt32(exactly: bits).map { Float(bitPattern: $0) }.flatMap { $0.isFinite ? $0 : nil }
    }
    guard stored.count == 6, let dx = number(stored[0]), let dy = number(stored[1]),
      let pen = UInt8(exactly: stored[2]).flatMap({ PenState(rawValue: $0) }), stored[5] < 1 << 24
    else { return nil }
    var brush = BrushValue()
    for (place, name) in StrokeBrush.Channel.allCases.enumerated() where stored[3 + place] != -1 {
      guard let own = number(stored[3 + place]) else { return nil }
      brush[name] = own
    }
    if let digits = UInt32(exactly: stored[5]) {
      brush.colour = BrushColour(UInt8(digits >> 16), UInt8(digits >> 8 & 255), UInt8(digits & 255))
    }
    self.init(dx, dy, pen, brush: brush)
  }
}

extension [PenStep] {
  /// Whether a stroke begins at a step: at the first one, and behind each lifted pen.
  func beginsStroke(at index: Int) -> Bool { index == 0 || self[index - 1].pen == .lifted }
}

extension StrokeSequence {
  /// The points one after the other, each from the one before; where the drawing stands on the paper is lost.
  public var penSteps: [PenStep] {
    let own = downward
    var last = own.strokes.first?.first ?? Point(0, 0)
    return own.strokes.enumerated().flatMap { number, stroke in
      stroke.indices.map { index in
        defer { last = stroke[index] }
        return PenStep(
          stroke[index].x - last.x, stroke[index].y - last.y, index == stroke.count - 1 ? .lifted : .down,
          brush: own.brush?.value(stroke: number, point: index) ?? BrushValue())
      }
    }
  }

  /// The strokes of steps, from the point (0, 0); an end, and what stands behind it, is no point. Without a lifted pen at the end the last
  /// stroke ends there all the same. Of the brush those channels are kept that have a value at each point.
  public init(_ steps: some Sequence<PenStep>) {
    var (strokes, x, y, isDown): ([[Point]], Float, Float, Bool) = ([], 0, 0, false)
    var values: [BrushValue] = []
    for step in steps {
      if step.pen == .end { break }
      (x, y) = (x + step.dx, y + step.dy)
      if isDown { strokes[strokes.count - 1].append(Point(x, y)) } else { strokes.append([Point(x, y)]) }
      isDown = step.pen == .down
      values.append(step.brush)
    }
    self.init(strokes, isUpward: false, brush: StrokeBrush(values, counts: strokes.map(\.count)))
  }
}
