#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An affine map: x' = a x + c y + e, y' = b x + d y + f.
struct SVGTransform: Equatable {
  var a = 1.0, b = 0.0, c = 0.0, d = 1.0, e = 0.0, f = 0.0

  /// The map that leaves everything where it is.
  static let identity = SVGTransform()

  func callAsFunction(_ point: SVGPoint) -> SVGPoint {
    SVGPoint(a * point.x + c * point.y + e, b * point.x + d * point.y + f)
  }

  /// First `inner`, then this map.
  func callAsFunction(_ inner: SVGTransform) -> SVGTransform {
    SVGTransform(
      a: a * inner.a + c * inner.b, b: b * inner.a + d * inner.b, c: a * inner.c + c * inner.d,
      d: b * inner.c + d * inner.d, e: a * inner.e + c * inner.f + e, f: b * inner.e + d * inner.f + f)
  }

  func callAsFunction(_ stroke: SVGStroke) -> SVGStroke {
    SVGStroke(
      start: callAsFunction(stroke.start),
      curves: stroke.curves.map { (callAsFunction($0.a), callAsFunction($0.b), callAsFunction($0.end)) })
  }

  /// Reads a list such as `translate(3 4) rotate(45)`; nil where it is none.
  init?(_ text: String) {
    self = .identity
    var rest = text[...].drop(while: SVGTransform.isBlank)
    while !rest.isEmpty {
      guard let open = rest.firstIndex(of: "("), let close = rest[open...].firstIndex(of: ")") else {
        return nil
      }
      let name = rest[..<open].filter { !$0.isWhitespace }
      let numbers = rest[rest.index(after: open)..<close].split(whereSeparator: SVGTransform.isBlank).map {
        Double($0)
      }
      let values = numbers.compactMap { $0 }.filter { $0.isFinite }
      guard values.count == numbers.count, let next = SVGTransform(name, values) else { return nil }
      self = callAsFunction(next)
      rest = rest[rest.index(after: close)...].drop(while: SVGTransform.isBlank)
    }
  }

  private static func isBlank(_ character: Character) -> Bool { character.isWhitespace || character == "," }

  private init(a: Double, b: Double, c: Double, d: Double, e: Double, f: Double) {
    (self.a, self.b, self.c, self.d, self.e, self.f) = (a, b, c, d, e, f)
  }

  private init() {}

  private init?(_ name: String, _ v: [Double]) {
    switch (name, v.count) {
    case ("matrix", 6): self.init(a: v[0], b: v[1], c: v[2], d: v[3], e: v[4], f: v[5])
    case ("translate", 1...2): self.init(a: 1, b: 0, c: 0, d: 1, e: v[0], f: v.count > 1 ? v[1] : 0)
    case ("scale", 1...2): self.init(a: v[0], b: 0, c: 0, d: v.count > 1 ? v[1] : v[0], e: 0, f: 0)
    case ("rotate", 1), ("rotate", 3):
      let (cosine, sine) = (cos(v[0] * .pi / 180), sin(v[0] * .pi / 180))
      let (x, y) = v.count == 3 ? (v[1], v[2]) : (0, 0)
      self.init(
        a: cosine, b: sine, c: -sine, d: cosine, e: x - cosine * x + sine * y, f: y - sine * x - cosine * y)
    case ("skewX", 1): self.init(a: 1, b: 0, c: tan(v[0] * .pi / 180), d: 1, e: 0, f: 0)
    case ("skewY", 1): self.init(a: 1, b: tan(v[0] * .pi / 180), c: 0, d: 1, e: 0, f: 0)
    default: return nil
    }
  }
}
