/// How likely one step of a drawing is after those before it.
public struct StepScore: Sendable, Equatable {
  /// Of the point, in nats; nil for the first one and for the end.
  public var pointNats: Double?
  /// Of what the pen does, in nats.
  public var penNats: Double
  /// Whether that was the likeliest.
  public var isPenRight: Bool

  /// The score of a step; nil for the end.
  ///
  /// - Parameters:
  ///   - step: what came; nil for the end.
  ///   - numbers: what the network said, `[6K + 3]`.
  ///   - task: the task.
  ///   - isFirst: whether it is the first point.
  init(_ step: PenStep?, _ numbers: UnsafeBufferPointer<Float>, _ task: SketchTask, isFirst: Bool) {
    let width = 6 * task.network.mixtureCount
    let scores = numbers[width...].map { Double($0) }
    let pen = Int((step?.pen ?? .end).rawValue)
    penNats = SketchTask.pens.loss(scores, of: pen)
    isPenRight = scores.indices.allSatisfy { scores[$0] <= scores[pen] }
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
  private var latest: StepScore?

  init(_ task: SketchTask, _ stepper: SketchStepper) {
    self.task = task
    numbers = stepper.withNumbers(row: 0) { Array($0) }
  }

  /// Scores a point, and takes what may come behind it.
  public mutating func read(_ step: PenStep, _ stepper: SketchStepper, row: Int) {
    latest = numbers.withUnsafeBufferPointer { StepScore(step, $0, task, isFirst: pointCount == 0) }
    pointCount += 1
    stepper.withNumbers(row: row) { own in
      for place in own.indices { numbers[place] = own[place] }
    }
  }

  /// The end is scored too.
  public mutating func end() {
    latest = numbers.withUnsafeBufferPointer { StepScore(nil, $0, task, isFirst: false) }
  }

  /// The last score.
  public var outputs: [StepScore] { latest.map { [$0] } ?? [] }

  /// What is kept.
  public var state: SessionState {
    SessionState(
      tensors: [(name: "numbers", value: Tensor(numbers))],
      integers: [(name: "points", values: [Int64(pointCount)])])
  }

  /// Goes on from what was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is that of another model, or damaged.
  public mutating func restore(_ state: SessionState) throws {
    numbers = try state.tensor("numbers", [numbers.count]).scalars
    pointCount = try state.integers("points", count: 1, in: 0...1 << 42)[0]
    latest = nil
  }
}
