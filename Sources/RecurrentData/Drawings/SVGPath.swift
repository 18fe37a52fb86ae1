#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A place of a drawing in double precision.
struct SVGPoint: Equatable {
  var x, y: Double

  init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }

  static func + (a: SVGPoint, b: SVGPoint) -> SVGPoint { SVGPoint(a.x + b.x, a.y + b.y) }
  static func - (a: SVGPoint, b: SVGPoint) -> SVGPoint { SVGPoint(a.x - b.x, a.y - b.y) }
  static func * (a: SVGPoint, b: Double) -> SVGPoint { SVGPoint(a.x * b, a.y * b) }
  var length: Double { (x * x + y * y).squareRoot() }
}

/// A line that goes on without lifting the pen: its beginning, and Bézier curves of third degree from there.
struct SVGStroke {
  var start: SVGPoint
  /// Two control points and the end of each; those of a straight line are on it.
  var curves: [(a: SVGPoint, b: SVGPoint, end: SVGPoint)] = []

  var end: SVGPoint { curves.last?.end ?? start }

  mutating func line(to end: SVGPoint) {
    let from = self.end
    curves.append((from + (end - from) * (1 / 3), from + (end - from) * (2 / 3), end))
  }

  mutating func quadratic(_ control: SVGPoint, to end: SVGPoint) {
    let from = self.end
    curves.append((from + (control - from) * (2 / 3), end + (control - end) * (2 / 3), end))
  }

  /// Points so near that the lines between them are within `tolerance` of the curves.
  func points(within tolerance: Double) -> [SVGPoint] {
    var points = [start]
    for curve in curves {
      let from = points[points.count - 1]
      let (first, second) = (from - curve.a * 2 + curve.b, curve.a - curve.b * 2 + curve.end)
      let bend = max(first.length, second.length)
      // the chord of a part of length 1/n is within B''/8n² of it, and B'' within six times the bend
      let parts = (0.75 * bend / tolerance).squareRoot().rounded(.up)
      let count = parts >= 1 ? Int(min(parts, 100)) : 1
      for step in 1...count {
        let t = Double(step) / Double(count)
        let s = 1 - t
        let (outer, inner) = (from * (s * s * s) + curve.end * (t * t * t), curve.a * s + curve.b * t)
        points.append(step == count ? curve.end : outer + inner * (3 * s * t))
      }
    }
    return points
  }
}

/// Reads the data of a path of SVG 1.1: all commands in both cases, numbers that are glued together, flags of arcs.
struct SVGPathReader {
  private let bytes: [UInt8]
  private var index = 0
  private(set) var strokes: [SVGStroke] = []

  /// That a text is no path; with the byte.
  struct Damage: Error {
    let offset: Int
    let expected: String
  }

  /// The strokes of a text.
  static func strokes(_ text: String) throws(Damage) -> [SVGStroke] {
    var reader = SVGPathReader(bytes: Array(text.utf8))
    try reader.read()
    return reader.strokes
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func damage(_ expected: String) -> Damage { Damage(offset: index, expected: expected) }

  private mutating func passBlanks() {
    while index < bytes.count, bytes[index] <= 0x20 || bytes[index] == UInt8(ascii: ",") { index += 1 }
  }

  private mutating func number() throws(Damage) -> Double {
    passBlanks()
    let start = index
    func digits() -> Int {
      var end = index
      while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
      return end
    }
    if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      index += 1
    }
    index = digits()
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      index = digits()
    }
    if index + 1 < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      let mark = index
      index += 1
      if bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") { index += 1 }
      let end = digits()
      // an e without a power belongs to what follows
      index = end > index ? end : mark
    }
    guard let value = Double(String(decoding: bytes[start..<index], as: UTF8.self)), abs(value) <= 1e9 else {
      index = start
      throw damage("a number within 1e9")
    }
    return value
  }

  private mutating func flag() throws(Damage) -> Bool {
    passBlanks()
    guard index < bytes.count, bytes[index] == 0x30 || bytes[index] == 0x31 else { throw damage("0 or 1") }
    defer { index += 1 }
    return bytes[index] == 0x31
  }

  private mutating func read() throws(Damage) {
    var command: UInt8 = 0
    var control: (point: SVGPoint, kind: UInt8)?
    passBlanks()
    while index < bytes.count {
      if bytes[index] >= 0x41 {
        command = bytes[index]
        index += 1
      } else if command | 0x20 == UInt8(ascii: "m") {
        // further pairs behind a move are lines
        command = command == UInt8(ascii: "m") ? UInt8(ascii: "l") : UInt8(ascii: "L")
      } else if command == 0 || command | 0x20 == UInt8(ascii: "z") {
        throw damage("a command")
      }
      control = try segment(command, control)
      passBlanks()
    }
  }

  /// Reads the numbers of a command once.
  ///
  /// - Returns: the last control point, for commands that go on smoothly.
  private mutating func segment(
    _ command: UInt8, _ last: (point: SVGPoint, kind: UInt8)?
  ) throws(Damage) -> (point: SVGPoint, kind: UInt8)? {
    let kind = command | 0x20
    guard kind == UInt8(ascii: "m") || !strokes.isEmpty else { throw damage("m or M at the beginning") }
    let at = strokes.last?.end ?? SVGPoint(0, 0)
    let base = command == kind ? at : SVGPoint(0, 0)
    func smooth(_ own: UInt8) -> SVGPoint { last?.kind == own ? at * 2 - (last?.point ?? at) : at }
    switch kind {
    case UInt8(ascii: "m"): strokes.append(SVGStroke(start: try point(base)))
    case UInt8(ascii: "z"):
      let start = strokes[strokes.count - 1].start
      if at != start { strokes[strokes.count - 1].line(to: start) }
      // what follows without a move begins there
      passBlanks()
      let next = index < bytes.count ? bytes[index] | 0x20 : UInt8(ascii: "m")
      if next != UInt8(ascii: "m"), next != UInt8(ascii: "z") {
        strokes.append(SVGStroke(start: start))
      }
    case UInt8(ascii: "l"): strokes[strokes.count - 1].line(to: try point(base))
    case UInt8(ascii: "h"): strokes[strokes.count - 1].line(to: SVGPoint(base.x + (try number()), at.y))
    case UInt8(ascii: "v"): strokes[strokes.count - 1].line(to: SVGPoint(at.x, base.y + (try number())))
    case UInt8(ascii: "c"), UInt8(ascii: "s"):
      let first = kind == UInt8(ascii: "c") ? try point(base) : smooth(UInt8(ascii: "c"))
      let second = try point(base)
      strokes[strokes.count - 1].curves.append((first, second, try point(base)))
      return (second, UInt8(ascii: "c"))
    case UInt8(ascii: "q"), UInt8(ascii: "t"):
      let middle = kind == UInt8(ascii: "q") ? try point(base) : smooth(UInt8(ascii: "q"))
      strokes[strokes.count - 1].quadratic(middle, to: try point(base))
      return (middle, UInt8(ascii: "q"))
    case UInt8(ascii: "a"):
      let radii = SVGPoint(try number(), try number())
      let turn = try number()
      let (isLarge, isPositive) = (try flag(), try flag())
      strokes[strokes.count - 1].arc(
        radii, turn: turn, isLarge: isLarge, isPositive: isPositive, to: try point(base))
    default:
      index -= 1
      throw damage("a command of a path")
    }
    return nil
  }

  private mutating func point(_ base: SVGPoint) throws(Damage) -> SVGPoint {
    let x = try number()
    return base + SVGPoint(x, try number())
  }
}

extension SVGStroke {
  /// A part of an ellipse, in curves of at most a quarter (SVG 1.1, F.6).
  mutating func arc(_ radii: SVGPoint, turn: Double, isLarge: Bool, isPositive: Bool, to end: SVGPoint) {
    let from = self.end
    var (rx, ry) = (abs(radii.x), abs(radii.y))
    if from == end { return }
    guard rx > 0, ry > 0 else { return line(to: end) }
    let (c, s) = (cos(turn * .pi / 180), sin(turn * .pi / 180))
    let half = (from - end) * 0.5
    let p = SVGPoint(c * half.x + s * half.y, c * half.y - s * half.x)
    let need = (p.x / rx) * (p.x / rx) + (p.y / ry) * (p.y / ry)
    if need > 1 { (rx, ry) = (rx * need.squareRoot(), ry * need.squareRoot()) }
    let share = (p.x / rx) * (p.x / rx) + (p.y / ry) * (p.y / ry)
    let size = (max(1 / share - 1, 0)).squareRoot() * (isLarge == isPositive ? -1 : 1)
    let q = SVGPoint(size * rx * p.y / ry, -size * ry * p.x / rx)
    let turned = SVGPoint(c * q.x - s * q.y, s * q.x + c * q.y)
    let middle = turned + (from + end) * 0.5
    let first = atan2((p.y - q.y) / ry, (p.x - q.x) / rx)
    var sweep = atan2((-p.y - q.y) / ry, (-p.x - q.x) / rx) - first
    if isPositive, sweep < 0 { sweep += 2 * .pi }
    if !isPositive, sweep > 0 { sweep -= 2 * .pi }
    guard sweep.isFinite, middle.x.isFinite, middle.y.isFinite else { return line(to: end) }
    let count = max(1, Int((abs(sweep) / (.pi / 2) - 1e-9).rounded(.up)))
    let step = sweep / Double(count)
    let reach = 4 / 3 * tan(step / 4)
    func place(_ x: Double, _ y: Double) -> SVGPoint {
      let (a, b) = (rx * x, ry * y)
      return middle + SVGPoint(c * a - s * b, s * a + c * b)
    }
    for part in 0..<count {
      let (a, b) = (first + Double(part) * step, first + Double(part + 1) * step)
      let (ca, sa, cb, sb) = (cos(a), sin(a), cos(b), sin(b))
      curves.append(
        (
          place(ca - reach * sa, sa + reach * ca), place(cb + reach * sb, sb - reach * cb),
          part + 1 == count ? end : place(cb, sb)
        ))
    }
  }
}
