/// What sequences are made of.
public enum Modality: String, Sendable, Codable, CaseIterable {
  /// Words or characters.
  case text
  /// Sound.
  case sound
  /// Pictures.
  case pictures
  /// Numbers.
  case series
  /// Strokes of a pen.
  case strokes
}
