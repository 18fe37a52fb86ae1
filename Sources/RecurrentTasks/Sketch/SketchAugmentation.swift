/// How training changes drawings at random, so that a model of few of them learns more than these. The points that stay have the brush that
/// they had: a larger drawing is drawn with the same pen.
public struct SketchAugmentation: Sendable, Equatable, Codable {
  /// The most that width and height are scaled by, each by itself: 0.15 for 0.85 to 1.15.
  public var scaling: Float
  /// The probability that a point within a stroke is left out.
  public var dropRate: Float

  /// Changes; zeros for none.
  public init(scaling: Float = 0.15, dropRate: Float = 0.1) {
    (self.scaling, self.dropRate) = (scaling, dropRate)
  }

  /// Steps with changes of a key.
  public func callAsFunction(_ steps: [PenStep], key: RandomKey) -> [PenStep] {
    let scales = key.child(0).uniforms(2).map { 1 + (2 * $0 - 1) * scaling }
    let draws = dropRate > 0 ? key.child(1).uniforms(steps.count) : []
    var result: [PenStep] = []
    result.reserveCapacity(steps.count)
    var (dx, dy): (Float, Float) = (0, 0)
    for (index, step) in steps.enumerated() {
      (dx, dy) = (dx + step.dx, dy + step.dy)
      // neither the first point of a stroke nor its last one
      if dropRate > 0, step.pen == .down, index > 0, steps[index - 1].pen == .down, draws[index] < dropRate {
        continue
      }
      result.append(PenStep(dx * scales[0], dy * scales[1], step.pen, brush: step.brush))
      (dx, dy) = (0, 0)
    }
    return result
  }
}
