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

  /// A drawing that grows in a row.
  private struct Growing {
    /// Its place among those that were asked for.
    let place: Int
    let key: RandomKey
    var steps: [PenStep]
    var end: DrawingEnd
    var hasEnded = false
    /// Whether it ended, or is as long as a drawing may be.
    var isDone = false
  }

  /// Draws.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - request: what to draw.
  ///   - isStopped: asked now and then; what is drawn so far is returned where it says so.
  public func draw(
    _ model: SketchModel, _ request: SketchRequest, isStopped: () -> Bool = { false }
  ) -> [GeneratedDrawing] {
    guard request.count > 0, !isStopped() else { return [] }
    let packed = model.packed()
    var results = [GeneratedDrawing?](repeating: nil, count: request.count)
    var begun = min(SketchTask.rowsTogether, request.count)
    var (stepper, rows) = begin(packed, request, 0..<begun)
    while !isStopped() {
      for row in rows.indices where !rows[row].isDone { draw(&rows[row], stepper, row, request) }
      let done = rows.indices.filter { rows[$0].isDone }
      for row in done where results[rows[row].place] == nil {
        results[rows[row].place] = drawing(rows[row], request)
      }
      if begun < request.count {
        // in the places of those that are done, some at a time, others begin
        if 4 * done.count >= rows.count {
          let next = begun..<min(begun + done.count, request.count)
          begun = next.upperBound
          let (fresh, others) = begin(packed, request, next)
          for (place, row) in zip(others.indices, done) {
            stepper.setRow(row, from: fresh, row: place)
            rows[row] = others[place]
            draw(&rows[row], fresh, place, request)
          }
        }
      } else {
        rows = close(rows, &stepper)
        if rows.isEmpty { break }
      }
      for row in rows.indices where !rows[row].isDone {
        stepper.load(rows[row].steps[rows[row].steps.count - 1], row: row)
      }
      stepper.advance()
    }
    for own in rows { results[own.place] = drawing(own, request) }
    return results.prefix(begun).compactMap { $0 }
  }

  /// Some drawings at their beginning, behind the points that are given.
  private func begin(
    _ packed: SketchModel, _ request: SketchRequest, _ places: Range<Int>
  ) -> (stepper: SketchStepper, rows: [Growing]) {
    let given = completed(request.begun)
    let rows = places.map { place in
      let key = RandomKey(seed: request.seed).child(request.first + place)
      return Growing(
        place: place, key: key, steps: given,
        end: DrawingEnd(temperature: request.temperature, key: key.child(5)))
    }
    var stepper = SketchStepper(
      packed: packed, scale: scale, brush: brush,
      rows.map { condition(request, request.first + $0.place, $0.key) })
    for step in given {
      for row in rows.indices { stepper.load(step, row: row) }
      stepper.advance()
    }
    return (stepper, rows)
  }

  /// The next step of a row.
  private func draw(_ own: inout Growing, _ stepper: SketchStepper, _ row: Int, _ request: SketchRequest) {
    let next = stepper.withNumbers(row: row) {
      step($0, request.temperature, own.steps.count, own.key, after: own.steps.last, end: &own.end)
    }
    if next.pen == .end { own.hasEnded = true } else { own.steps.append(next) }
    own.isDone = own.hasEnded || own.steps.count >= max(lengthLimit, 2 * request.begun.count)
  }

  /// The rows that are not done, moved together at the front where a network lets rows come and go.
  private func close(_ rows: [Growing], _ stepper: inout SketchStepper) -> [Growing] {
    let living = rows.indices.filter { !rows[$0].isDone }
    guard living.count < rows.count, !living.isEmpty, stepper.rowsMove else {
      return living.isEmpty ? [] : rows
    }
    let before = stepper
    for (row, place) in living.enumerated() where row != place {
      stepper.setRow(row, from: before, row: place)
    }
    stepper.setRowCount(living.count)
    return living.map { rows[$0] }
  }

  private func drawing(_ own: Growing, _ request: SketchRequest) -> GeneratedDrawing {
    GeneratedDrawing(
      strokes: StrokeSequence(own.steps), begunPoints: request.begun.count, hasEnded: own.hasEnded)
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
