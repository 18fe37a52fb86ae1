/// A drawing that a model has drawn.
public struct GeneratedDrawing: Sendable, Equatable {
  /// Its strokes, with y downward, in units of the data, with the brush that the model has.
  public var strokes: StrokeSequence
  /// How many of its points were given.
  public var begunPoints: Int
  /// Whether the model ended it; it was cut off where it did not.
  public var hasEnded: Bool
}

/// What to draw.
public struct SketchRequest: Sendable, Equatable {
  /// How many drawings.
  public var count: Int
  /// Below 1 likelier ones, 0 the likeliest steps alone. When a drawing ends is as likely as the model says at each temperature.
  public var temperature: Double
  /// Points to go on from; empty to begin. What a model learns of a brush and they do not tell is the likeliest without memory.
  public var begun: [PenStep]
  /// What stands beside the steps, in turn for each drawing; empty for what the model draws by itself.
  public var conditions: [SketchStepper.Condition]
  /// The seed of the random numbers: the same seed draws the same.
  public var seed: UInt64
  /// The number of the first drawing: the n-th of a seed is the same in whatever parts they are drawn.
  public var first: Int

  /// A request.
  public init(
    count: Int = 1, temperature: Double = 0.7, begun: [PenStep] = [],
    conditions: [SketchStepper.Condition] = [], seed: UInt64 = 1, first: Int = 0
  ) {
    (self.count, self.temperature, self.begun) = (count, temperature, begun)
    (self.conditions, self.seed, self.first) = (conditions, seed, first)
  }
}

extension SketchTask {
  /// Drawings side by side: others need no more time for each.
  private static let rowsTogether = 32

  /// The most points of a drawing.
  public var lengthLimit: Int { max(2 * drawings.longest, 16) }

  /// Draws.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - request: what to draw.
  ///   - isStopped: asked now and then; what is drawn so far is returned where it says so.
  public func draw(
    _ model: SketchModel, _ request: SketchRequest, isStopped: () -> Bool = { false }
  ) -> [GeneratedDrawing] {
    let packed = model.packed()
    var drawings: [GeneratedDrawing] = []
    while drawings.count < request.count, !isStopped() {
      let numbers = drawings.count..<min(drawings.count + SketchTask.rowsTogether, request.count)
      drawings += rows(packed, request, numbers.map { request.first + $0 }, isStopped)
    }
    return drawings
  }

  /// The condition of a drawing: what is asked for, else a random label and a random latent vector.
  private func condition(_ request: SketchRequest, _ number: Int, _ key: RandomKey) -> SketchStepper.Condition
  {
    var own = request.conditions.isEmpty ? nil : request.conditions[number % request.conditions.count]
    if own == nil {
      let label = Int(key.child(2).uniform(at: 0) * Float(labels.count))
      own = condition(label: labels.isEmpty ? nil : min(label, labels.count - 1))
    }
    var condition = own ?? SketchStepper.Condition()
    if condition.labels.isEmpty { condition.labels = labels.shares(of: nil) }
    if condition.latent.isEmpty, network.latentSize > 0 {
      condition.latent =
        Tensor(
          normalWithMean: 0, deviation: 1, shape: [network.latentSize], key: key.child(3)
        ).scalars
    }
    return condition
  }

  private func rows(
    _ packed: SketchModel, _ request: SketchRequest, _ numbers: [Int], _ isStopped: () -> Bool
  ) -> [GeneratedDrawing] {
    let keys = numbers.map { RandomKey(seed: request.seed).child($0) }
    var stepper = SketchStepper(
      packed: packed, scale: scale, brush: brush, zip(numbers, keys).map { condition(request, $0, $1) })
    var steps = [[PenStep]](repeating: [], count: numbers.count)
    for step in completed(request.begun) {
      for row in numbers.indices {
        steps[row].append(step)
        stepper.load(step, row: row)
      }
      stepper.advance()
    }
    var living = Array(numbers.indices)
    let limit = max(lengthLimit, 2 * request.begun.count)
    var ends = keys.map { DrawingEnd(temperature: request.temperature, key: $0.child(5)) }
    var hasEnded = [Bool](repeating: false, count: numbers.count)
    while !living.isEmpty, !isStopped() {
      for row in living {
        let next = stepper.withNumbers(row: row) {
          step(
            $0, request.temperature, steps[row].count, keys[row], after: steps[row].last, end: &ends[row])
        }
        if next.pen == .end { hasEnded[row] = true } else { steps[row].append(next) }
      }
      living = living.filter { !hasEnded[$0] && steps[$0].count < limit }
      for row in living { stepper.load(steps[row][steps[row].count - 1], row: row) }
      if !living.isEmpty { stepper.advance() }
    }
    return numbers.indices.map { row in
      GeneratedDrawing(
        strokes: StrokeSequence(steps[row]), begunPoints: request.begun.count, hasEnded: hasEnded[row])
    }
  }

  /// Draws the next step from what the network says.
  private func step(
    _ numbers: UnsafeBufferPointer<Float>, _ temperature: Double, _ index: Int, _ key: RandomKey,
    after last: PenStep?, end: inout DrawingEnd
  ) -> PenStep {
    let width = 6 * network.mixtureCount
    var scores = numbers[width..<brushNumbers.lowerBound].map { Double($0) }
    let endScore = Int(PenState.end.rawValue)
    // a drawing has a point
    if index > 0, end.push(SketchTask.pens.probabilities(scores)[endScore]) { return PenStep(0, 0, .end) }
    scores[endScore] = -.infinity
    let pen = SketchTask.pens.sample(scores, temperature: temperature, key: key.child(1), index: index)[0]
    let state = PenState(rawValue: UInt8(pen)) ?? .end
    let value =
      brush.map {
        $0.sample(
          numbers[brushNumbers], temperature: temperature, after: last, key: key.child(4), index: index)
      } ?? BrushValue()
    guard index > 0 else { return PenStep(0, 0, state, brush: value) }
    let point = mixture.sample(
      mixture.parameters(numbers[..<width]), temperature: temperature, key: key.child(0), index: index)
    // a model that is not trained may point anywhere
    func offset(_ number: Float) -> Float { number.isNaN ? 0 : min(max(number * scale, -1e6), 1e6) }
    return PenStep(offset(point[0]), offset(point[1]), state, brush: value)
  }
}
