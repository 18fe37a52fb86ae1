/// How strokes of a pen become steps.
public struct StrokeSettings: Sendable, Equatable, Codable {
  /// What coordinates are divided by. Devices differ in their units, so that it is always found in the strokes themselves: the
  /// mean of the heights of strokes, each counted by its length, so that a dot counts for nothing.
  public enum Scale: String, Sendable, Codable, CaseIterable {
    /// The height of all strokes of the line: every step is known at its end.
    case line
    /// The height of the strokes so far: steps come as the pen moves, those of a stroke when it ends, of a long one from its
    /// ``StrokeSettings/settlingCount``th point on.
    case running
  }

  /// What coordinates are divided by.
  public var scale: Scale
  /// The distance of points along a stroke, as a share of the height of a stroke; nil for the points as they are.
  public var spacing: Double?

  /// Distances of points that are possible.
  static let spacings = 0.005...10.0
  /// Points of a stroke by which its scale is settled, though it goes on.
  public static let settlingCount = 32

  /// Settings; by default every step is a point of the device, in heights of the strokes of its line.
  public init(scale: Scale = .line, spacing: Double? = nil) {
    self.scale = scale
    self.spacing = spacing
  }
}
