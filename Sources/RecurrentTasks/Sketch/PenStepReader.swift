/// Reads the points of a drawing, each a value of JSON, with y downward.
///
/// A point is `[x, y]`, `[x, y, lifted]`, or an object of `x` and `y`, with `lifted`, `pressure`, `width` and `color` where these are known. What
/// the pen does at a point is known by the next line, so that a point without `lifted` waits for it.
public struct PenStepReader: TaskStepReader {
  private var last: StrokeSequence.Point?
  private var waiting: PenStep?

  init() {}

  /// The points of a line.
  public mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [PenStep] {
    func malformed(_ expected: String, _ found: String) -> DataError {
      .malformed(path: "<stream>", place: .line(line), expected: expected, found: found)
    }
    switch value {
    case .null: return lift()
    case .object(let members): return try point(members, malformed)
    case .list(let values):
      switch values.first {
      case .list?, .object?: break
      default: return try point(value, malformed)
      }
      var steps: [PenStep] = []
      for value in values {
        if case .object(let members) = value {
          steps += try point(members, malformed)
        } else {
          steps += try point(value, malformed)
        }
      }
      return steps
    default: throw malformed("a point [x, y] or [x, y, lifted], a list of points, or null", "another value")
    }
  }

  private mutating func lift() -> [PenStep] {
    guard var step = waiting else { return [] }
    waiting = nil
    step.pen = .lifted
    return [step]
  }

  private mutating func point(
    _ value: JSONValue, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> [PenStep] {
    let point = try StrokeSequence.point(value, malformed)
    guard case .list(let numbers) = value, numbers.count > 2 else { return try add(point, malformed) }
    return try add(point, isLifted: numbers[2], malformed)
  }

  /// A point with names.
  private mutating func point(
    _ members: [String: JSONValue], _ malformed: (String, String) -> DataError
  ) throws(DataError) -> [PenStep] {
    guard let x = members["x"], let y = members["y"] else {
      throw malformed("a point with \"x\" and \"y\"", "another object")
    }
    let point = try StrokeSequence.point(.list([x, y]), malformed)
    var brush = BrushValue()
    for name in StrokeBrush.Channel.allCases {
      guard let value = members[name.rawValue], value != .null else { continue }
      brush[name] = try StrokeSequence.number(value, "a \(name.rawValue), a number", malformed)
    }
    if let value = members["color"] ?? members["colour"], value != .null {
      guard case .text(let text) = value, let colour = BrushColour(text) else {
        throw malformed("a colour, such as \"#ff0000\"", value.field ?? "a list or an object")
      }
      brush.colour = colour
    }
    return try add(point, isLifted: members["lifted"] ?? .bool(false), brush: brush, malformed)
  }

  private mutating func add(
    _ point: StrokeSequence.Point, isLifted: JSONValue = .bool(false), brush: BrushValue = BrushValue(),
    _ malformed: (String, String) -> DataError
  ) throws(DataError) -> [PenStep] {
    var steps = waiting.map { [$0] } ?? []
    let before = last ?? point
    (last, waiting) = (point, PenStep(point.x - before.x, point.y - before.y, .down, brush: brush))
    switch isLifted {
    case .bool(true), .number(1): steps += lift()
    case .bool(false), .number(0): break
    default: throw malformed("whether the pen is lifted, 0 or 1", isLifted.field ?? "a list or an object")
    }
    return steps
  }

  /// The pen is lifted at the end.
  public mutating func finish() -> [PenStep] {
    defer { last = nil }
    return lift()
  }

  /// The last point and the one that waits, by the bits of their numbers, with its brush where it has one.
  public var stored: [Int64] {
    let numbers = [last?.x, last?.y, waiting?.dx, waiting?.dy]
    let brush = waiting.flatMap { $0.brush == BrushValue() ? nil : $0.stored.suffix(3) } ?? []
    return numbers.map { $0.map { Int64($0.bitPattern) } ?? -1 } + brush
  }

  /// Takes over what was kept.
  public mutating func restore(_ stored: [Int64]) -> Bool {
    let brush = stored.dropFirst(4)
    guard stored.count == 4 || stored.count == 7 && stored[2] != -1 else { return false }
    let numbers = stored.prefix(4).map { UInt32(exactly: $0).map { Float(bitPattern: $0) } }
    guard (numbers[0] == nil) == (numbers[1] == nil), (numbers[2] == nil) == (numbers[3] == nil),
      numbers.allSatisfy({ $0?.isFinite ?? true }), zip(stored, numbers).allSatisfy({ $0 == -1 || $1 != nil })
    else { return false }
    last = numbers[0].map { StrokeSequence.Point($0, numbers[1] ?? 0) }
    waiting = numbers[2].map { PenStep($0, numbers[3] ?? 0, .down) }
    guard !brush.isEmpty else { return true }
    guard let step = PenStep(stored: [0, 0, 0] + brush) else { return false }
    waiting?.brush = step.brush
    return true
  }
}
