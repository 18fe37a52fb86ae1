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
    let stepper = SketchStepper(packed: model.packed(), scale: scale, brush: brush, [condition(label: nil)])
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
      isPenRight: outputs.map(\.isPenRight), brushNats: outputs.compactMap(\.brushNats), latentNats: 0)
  }

  /// Points, each `[x, y]`, `[x, y, lifted]`, an object with these and with the brush, or null for a pen that is lifted.
  public func stepReader() -> PenStepReader? { PenStepReader() }

  /// How likely a point was, and what the pen most likely does behind it.
  public func rows(of session: SteppedSession<SketchHead>, at moment: SessionMoment) -> [[Field]] {
    guard moment != .line, let score = session.outputs.first else { return [] }
    let point = Field("point", moment == .end ? .text("end") : .integer(session.head.pointCount))
    let nats = Field("nats", .number((score.pointNats ?? 0) + score.penNats))
    guard moment == .step else { return [[point, nats]] }
    let brushFields = brushFields(of: session.head, score)
    let width = 6 * network.mixtureCount
    let numbers = session.head.numbers
    let mean = mixture.mean(mixture.parameters(numbers[..<width]))
    let pens = SketchTask.pens.probabilities(numbers[width..<brushNumbers.lowerBound].map { Double($0) })
    return [
      [
        point, nats, Field("next dx", .number(mean[0] * Double(scale))),
        Field("next dy", .number(mean[1] * Double(scale))), Field("lifted", .number(pens[1])),
        Field("end", .number(pens[2])),
      ] + brushFields
    ]
  }

  /// How likely the brush of a point was, and what it most likely does at the next one.
  private func brushFields(of head: SketchHead, _ score: StepScore) -> [Field] {
    guard let brush else { return [] }
    let next = brush.likeliest(head.numbers[brushNumbers], after: head.last)
    let numbers = StrokeBrush.Channel.allCases.compactMap { name in
      next[name].map { Field("next \(name.rawValue)", .number(Double($0))) }
    }
    return [Field("brush nats", .number(score.brushNats?.sum ?? 0))] + numbers
      + (next.colour.map { [Field("next colour", .text($0.hex))] } ?? [])
  }

  /// The end has fewer fields.
  public var streamColumns: [String]? {
    ["point", "nats", "next dx", "next dy", "lifted", "end"]
      + (brush.map { ["brush nats"] + $0.names.map { "next \($0)" } } ?? [])
  }
}
