import RecurrentCore
import RecurrentFormats

/// Strokes of a pen, each from where it is put down to where it is lifted, in units of the device.
public struct StrokeSequence: Sendable, Equatable {
  /// A place on the paper.
  public struct Point: Sendable, Equatable {
    /// To the right.
    public var x: Float
    /// Up or down; see ``StrokeSequence/isUpward``.
    public var y: Float

    /// A place.
    public init(_ x: Float, _ y: Float) { (self.x, self.y) = (x, y) }
  }

  /// The points of each stroke, at least one.
  public var strokes: [[Point]]
  /// Whether y grows upward on the paper, as on digitisers; it grows downward on screens.
  public var isUpward: Bool
  /// What the pen does beside its way at these points; nil where the data do not tell.
  public var brush: StrokeBrush?

  /// Strokes in the order in which they are written. Traps where a channel of the brush has not a number for each point, or not a
  /// colour for each stroke.
  public init(_ strokes: [[Point]], isUpward: Bool = true, brush: StrokeBrush? = nil) {
    (self.strokes, self.isUpward, self.brush) = (strokes, isUpward, brush)
    trapUnless(
      brush?.fits(strokes.map(\.count)) ?? true,
      "StrokeSequence: expected numbers of a brush for strokes of \(strokes.map(\.count)) points, received others"
    )
  }

  /// All points.
  public var pointCount: Int { strokes.reduce(0) { $0 + $1.count } }
}

extension StrokeSequence {
  /// Beyond these a number is damaged.
  static let coordinates: ClosedRange<Double> = -1e9...1e9
}
