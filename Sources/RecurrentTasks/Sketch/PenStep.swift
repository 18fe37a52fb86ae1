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

  /// A step.
  public init(_ dx: Float, _ dy: Float, _ pen: PenState) { (self.dx, self.dy, self.pen) = (dx, dy, pen) }
}

extension StrokeSequence {
  /// The points one after the other, each from the one before; where the drawing stands on the paper is lost.
  public var penSteps: [PenStep] {
    let own = downward
    var last = own.strokes.first?.first ?? Point(0, 0)
    return own.strokes.flatMap { stroke in
      stroke.indices.map { index in
        defer { last = stroke[index] }
        return PenStep(
          stroke[index].x - last.x, stroke[index].y - last.y, index == stroke.count - 1 ? .lifted : .down)
      }
    }
  }

  /// The strokes of steps, from the point (0, 0); an end, and what stands behind it, is no point. Without a lifted pen at the end the last
  /// stroke ends there all the same.
  public init(_ steps: some Sequence<PenStep>) {
    var (strokes, x, y, isDown): ([[Point]], Float, Float, Bool) = ([], 0, 0, false)
    for step in steps {
      if step.pen == .end { break }
      (x, y) = (x + step.dx, y + step.dy)
      if isDown { strokes[strokes.count - 1].append(Point(x, y)) } else { strokes.append([Point(x, y)]) }
      isDown = step.pen == .down
    }
    self.init(strokes, isUpward: false)
  }
}
