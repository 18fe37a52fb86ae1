// Makes the drawings of the example: `swift Examples/Drawing/MakeDrawings.swift > Examples/Data/drawings.ndjson`.
// The same program makes the same file.
import Foundation

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func uniform() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

  /// By Box and Muller.
  mutating func normal() -> Double {
    (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
  }
}

/// Houses, fish and flowers of a few strokes each, as lines of JSON in the form of Quick, Draw!.
func drawings(_ count: Int) -> String {
  var random = Generator(state: 5)
  typealias Stroke = [(x: Double, y: Double)]
  func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
  /// A part of an ellipse, in turns from the right over below.
  func arc(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ from: Double, _ to: Double, _ parts: Int
  )
    -> Stroke
  {
    (0...parts).map { part in
      let turn = 2 * .pi * (from + (to - from) * Double(part) / Double(parts))
      return (x + width * cos(turn), y + height * sin(turn))
    }
  }
  func house() -> [Stroke] {
    let (width, height, roof) = (between(90, 160), between(70, 120), between(40, 90))
    let door = (x: width * between(0.2, 0.6), width: width * 0.2, height: height * between(0.5, 0.7))
    return [
      [(0, 0), (0, height), (width, height), (width, 0), (0, 0)],
      [(-10, 0), (width / 2, -roof), (width + 10, 0)],
      [
        (door.x, height), (door.x, height - door.height), (door.x + door.width, height - door.height),
        (door.x + door.width, height),
      ],
    ]
  }
  func fish() -> [Stroke] {
    let (width, height) = (between(60, 100), between(25, 50))
    let eye = (x: width * 0.6, y: -height * 0.25)
    return [
      arc(0, 0, width, height, 0.5, 1.5, 14),
      [(-width, 0), (-width - 40, -height * 0.8), (-width - 40, height * 0.8), (-width, 0)],
      arc(eye.x, eye.y, 5, 5, 0, 1, 5),
    ]
  }
  func flower() -> [Stroke] {
    let (petals, middle, size) = (Int(between(4, 7.99)), between(12, 18), between(24, 36))
    var strokes = [arc(0, 0, middle, middle, 0, 1, 8)]
    for petal in 0..<petals {
      let turn = (Double(petal) + 0.5) / Double(petals)
      let (x, y) = (middle * cos(2 * .pi * turn), middle * sin(2 * .pi * turn))
      strokes.append(
        arc(
          x * (1 + size / 2 / middle), y * (1 + size / 2 / middle), size / 2, size / 2, turn + 0.5,
          turn + 1.5, 7))
    }
    strokes.append([(0, middle + size), (between(-10, 10), middle + size + between(70, 110))])
    return strokes
  }
  var lines = ""
  for number in 0..<count {
    let (word, strokes) =
      switch number % 3 {
      case 0: ("house", house())
      case 1: ("fish", fish())
      default: ("flower", flower())
      }
    // no hand is steady
    let shaken = strokes.map { $0.map { (x: $0.x + 1.5 * random.normal(), y: $0.y + 1.5 * random.normal()) } }
    let (left, top) = (
      shaken.flatMap { $0 }.map(\.x).min() ?? 0, shaken.flatMap { $0 }.map(\.y).min() ?? 0
    )
    func column(_ numbers: [Double], _ low: Double) -> String {
      numbers.map { "\(Int(($0 - low).rounded()))" }.joined(separator: ",")
    }
    let columns = shaken.map { "[[\(column($0.map(\.x), left))],[\(column($0.map(\.y), top))]]" }
    lines += "{\"word\":\"\(word)\",\"drawing\":[\(columns.joined(separator: ","))]}\n"
  }
  return lines
}

print(drawings(450), terminator: "")
