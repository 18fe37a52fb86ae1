/// How likely one step of a drawing is after those before it.
public struct StepScore: Sendable, Equatable {
  /// Of the point, in nats; nil for the first one and for the end.
  public var pointNats: Double?
  /// Of what the pen does, in nats.
  public var penNats: Double
  /// Whether that was the likeliest.
  public var isPenRight: Bool
  /// Of what the brush does; nil for the end, and where the model has none.
  public var brushNats: BrushNats?

  /// The score of a step; nil for the end.
  ///
  /// - Parameters:
  ///   - step: what came; nil for the end.
  ///   - numbers: what the network said, `[6K + 3]` and the numbers of the brush.
  ///   - task: the task.
  ///   - isFirst: whether it is the first point.
  ///   - beginsStroke: whether it is the first one of a stroke.
  init(
    _ step: PenStep?, _ numbers: UnsafeBufferPointer<Float>, _ task: SketchTask, isFirst: Bool,
    beginsStroke: Bool
  ) {
    let (width, brushNumbers) = (6 * task.network.mixtureCount, task.brushNumbers)
    let scores = numbers[width..<brushNumbers.lowerBound].map { Double($0) }
    let pen = Int((step?.pen ?? .end).rawValue)
    penNats = SketchTask.pens.loss(scores, of: pen)
    isPenRight = scores.indices.allSatisfy { scores[$0] <= scores[pen] }
    if let step, let brush = task.brush {
      brushNats = brush.nats(step.brush, numbers[brushNumbers], beginsStroke: beginsStroke)
    }
    guard let step, !isFirst else { return }
    let mixture = task.mixture
    pointNats = mixture.loss(
      mixture.parameters(numbers[..<width]), x: Double(step.dx / task.scale), y: Double(step.dy / task.scale))
  }
}

/// The points of a drawing while it is drawn, with what may come next.
public struct SketchHead: SessionHead {
  let task: SketchTask
  /// What the network says of the next step.
  private(set) var numbers: [Float]
  /// Points so far.
  public private(set) var pointCount = 0
  /// The last point, where the model has a brush: channels of strokes are kept to their end.
  private(set) var last: PenStep?
  private var latest: StepScore?

  init(_ task: SketchTask, _ stepper: SketchStepper) {
    self.task = task
    numbers = stepper.withNumbers(row: 0) { Array($0) }
  }

  /// Scores a point, and takes what may come behind it.
  public mutating func read(_ step: PenStep, _ stepper: SketchStepper, row: Int) {
    latest = numbers.withUnsafeBufferPointer {
      StepScore(step, $0, task, isFirst: pointCount == 0, beginsStroke: last?.pen != .down)
    }
    pointCount += 1
    if task.brush != nil { last = step }
    stepper.withNumbers(row: row) { own in
      for place in own.indices { numbers[place] = own[place] }
    }
  }

  /// The end is scored too.
  public mutating func end() {
    latest = numbers.withUnsafeBufferPointer { StepScore(nil, $0, task, isFirst: false, beginsStroke: false) }
  }

  /// The last score.
  public var outputs: [StepScore] { latest.map { [$0] } ?? [] }

  /// What is kept.
  public var state: SessionState {
    var integers = [(name: "points", values: [Int64(pointCount)])]
    if task.brush != nil { integers.append((name: "last", values: last?.stored ?? [])) }
    return SessionState(tensors: [(name: "numbers", value: Tensor(numbers))], integers: integers)
  }

  /// Goes on from what was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is that of another model, or damaged.
  public mutating func restore(_ state: SessionState) throws {
    numbers = try state.tensor("numbers", [numbers.count]).scalars
    pointCount = try state.integers("points", count: 1, in: 0...1 << 42)[0]
    if task.brush != nil {
      let stored = try state.integers("last")
      last = PenStep(stored: stored)
      try state.check((last == nil) == stored.isEmpty, "its last point is damaged")
    }
    latest = nil
  }
}
