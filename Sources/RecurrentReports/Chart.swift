/// A drawing of numbers as SVG: light, self-contained, readable in any browser and without colour, in the
/// colours of a dark page where the reader asks for one.
public protocol Chart: Sendable {
  /// The width at which its letters have their proper size, in pixels.
  var width: Double { get }
  /// The drawing, one element of XML.
  var svg: String { get }
}
