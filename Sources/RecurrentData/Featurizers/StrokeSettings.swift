/// How strokes of a pen become steps.
public struct StrokeSettings: Sendable, Equatable, Codable {
  /// What coordinates are divided by. Devices differ in their units, so that it is always found in the strokes themselves.
  public enum Scale: String, Sendable, Codable, CaseIterable {
    /// The height of all strokes of the line: the mean of the heights of strokes, each counted by its length, so that a dot counts
    /// for nothing. Every step is known at its end.
    case line
    /// The height of the strokes so far: steps come as the pen moves, those of a stroke when it ends, of a long one from its
    /// ``StrokeSettings/settlingCount``th point on.
    case running
    /// The larger side of the box around all strokes, which are one character.
    case box
  }

  /// What a step tells.
  public enum Features: String, Sendable, Codable, CaseIterable {
    /// The offset from the point before, whether the pen was lifted, and the height over the mean.
    case offsets
    /// Besides, the place in the whole, the direction and the turn: what tells characters apart.
    case shape
  }

  /// What coordinates are divided by.
  public var scale: Scale
  /// The distance of points along a stroke, as a share of the height of a stroke; nil for the points as they are.
  public var spacing: Double?
  /// What a step tells; nil for the offsets.
  public var features: Features?

  /// Distances of points that are possible.
  static let spacings = 0.005...10.0
  /// Points of a stroke by which its scale is settled, though it goes on.
  public static let settlingCount = 32

  /// Settings; by default every step is a point of the device, in heights of the strokes of its line.
  public init(scale: Scale = .line, spacing: Double? = nil, features: Features? = nil) {
    (self.scale, self.spacing, self.features) = (scale, spacing, features)
  }
}
