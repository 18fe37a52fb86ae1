#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension SketchTask {
  /// The beginning of a drawing; each output is the score of a point, and at last that of the end. Of a model with labels none is told.
  public func session(_ model: SketchModel) -> SteppedSession<SketchHead>? {
    guard isCausal else { return nil }
    let stepper = SketchStepper(packed: model.packed(), scale: scale, [condition(label: nil)])
    return SteppedSession(stepper, SketchHead(self, stepper))
  }

  /// One label, or none.
  func condition(label: Int?) -> SketchStepper.Condition {
    SketchStepper.Condition(labels: labels.shares(of: label))
  }

  /// All scores, one after the other.
  public func prediction(of outputs: [StepScore]) -> Prediction {
    Prediction(
      pointNats: outputs.compactMap(\.pointNats), penNats: outputs.map(\.penNats),
      isPenRight: outputs.map(\.isPenRight), latentNats: 0)
  }

  /// Points, each `[x, y]`, `[x, y, lifted]` or null for a pen that is lifted.
  public func stepReader() -> PenStepReader? { PenStepReader() }

  /// How likely a point was, and what the pen most likely does behind it.
  public func rows(of session: SteppedSession<SketchHead>, at moment: SessionMoment) -> [[Field]] {
    guard moment != .line, let score = session.outputs.first else { return [] }
    let point = Field("point", moment == .end ? .text("end") : .integer(session.head.pointCount))
    let nats = Field("nats", .number((score.pointNats ?? 0) + score.penNats))
    guard moment == .step else { return [[point, nats]] }
    let width = 6 * network.mixtureCount
    let numbers = session.head.numbers
    let mean = mixture.mean(mixture.parameters(numbers[..<width]))
    let pens = SketchTask.pens.probabilities(numbers[width...].map { Double($0) })
    return [
      [
        point, nats, Field("next dx", .number(mean[0] * Double(scale))),
        Field("next dy", .number(mean[1] * Double(scale))), Field("lifted", .number(pens[1])),
        Field("end", .number(pens[2])),
      ]
    ]
  }

  /// The end has fewer fields.
  public var streamColumns: [String]? { ["point", "nats", "next dx", "next dy", "lifted", "end"] }
}

/// Reads the points of a drawing, each a value of JSON, with y downward.
///
/// What the pen does at a point is known by the next line, so that a point without `lifted` waits for it.
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
    case .list(let values):
      guard case .list? = values.first else { return try point(value, malformed) }
      var steps: [PenStep] = []
      for value in values { steps += try point(value, malformed) }
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
    var steps = waiting.map { [$0] } ?? []
    let before = last ?? point
    let step = PenStep(point.x - before.x, point.y - before.y, .down)
    (last, waiting) = (point, step)
    guard case .list(let numbers) = value, numbers.count > 2 else { return steps }
    switch numbers[2] {
    case .bool(true), .number(1): steps += lift()
    case .bool(false), .number(0): break
    default: throw malformed("whether the pen is lifted, 0 or 1", numbers[2].field ?? "a list or an object")
    }
    return steps
  }

  /// The pen is lifted at the end.
  public mutating func finish() -> [PenStep] {
    defer { last = nil }
    return lift()
  }

  /// The last point and the one that waits, by the bits of their numbers.
  public var stored: [Int64] {
    let numbers = [last?.x, last?.y, waiting?.dx, waiting?.dy]
    return numbers.map { $0.map { Int64($0.bitPattern) } ?? -1 }
  }

  /// Takes over what was kept.
  public mutating func restore(_ stored: [Int64]) -> Bool {
    guard stored.count == 4 else { return false }
    let numbers = stored.map { UInt32(exactly: $0).map { Float(bitPattern: $0) } }
    guard (numbers[0] == nil) == (numbers[1] == nil), (numbers[2] == nil) == (numbers[3] == nil),
      numbers.allSatisfy({ $0?.isFinite ?? true }), zip(stored, numbers).allSatisfy({ $0 == -1 || $1 != nil })
    else { return false }
    last = numbers[0].map { StrokeSequence.Point($0, numbers[1] ?? 0) }
    waiting = numbers[2].map { PenStep($0, numbers[3] ?? 0, .down) }
    return true
  }
}
