/// A simple picture of lines and circles, x to the right and y upward, both about from -1 to 1.
public struct Scene: Sendable {
  /// A part of the picture.
  public enum Shape: Sendable {
    /// A line through points; strong for what moves, faint for what it moves in.
    case line([(x: Double, y: Double)], isStrong: Bool)
    /// A circle around a point.
    case circle((x: Double, y: Double), radius: Double, isStrong: Bool)
  }

  /// The parts, from the back to the front.
  public var shapes: [Shape]

  /// A picture.
  public init(shapes: [Shape]) { self.shapes = shapes }
}
