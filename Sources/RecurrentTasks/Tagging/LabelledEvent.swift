/// Something that happens in a recording, from a time to a time; both are the same for what has no extent.
public struct LabelledEvent: Sendable, Equatable, Codable {
  /// Its kind.
  public var label: String
  /// When it begins and ends, in seconds.
  public var start, end: Double

  /// An event.
  public init(label: String, start: Double, end: Double? = nil) {
    self.label = label
    self.start = start
    self.end = end ?? start
  }
}
