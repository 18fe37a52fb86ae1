import RecurrentReports

/// The targets of a sequence while it comes in, with the bits that the whole gives.
public struct SequenceRegressionHead: SessionHead {
  private let task: SequenceRegressionTask
  private var scores: [Float]
  /// Whether the scores are those of the last step, and the sequence has not ended.
  private var isAtStep = false
  /// Steps so far.
  public private(set) var stepCount = 0

  init(_ task: SequenceRegressionTask) {
    self.task = task
    scores = [Float](repeating: 0, count: task.targets.count)
  }

  /// Takes the scores of a step.
  public mutating func read(_ step: FeatureSequence, _ stepper: SequenceNetworkStepper, row: Int) {
    (stepCount, isAtStep) = (stepCount + 1, true)
    stepper.withOutput(row: row) { own in
      for target in own.indices { scores[target] = own[target] }
    }
  }

  /// Nothing waits.
  public mutating func end() { isAtStep = false }

  /// The targets at the last step; none at the end.
  public var outputs: [SequenceRegressionTask.Prediction] { isAtStep ? [task.prediction(scores)] : [] }

  /// What is kept.
  public var state: SessionState { SessionState(integers: [(name: "steps", values: [Int64(stepCount)])]) }

  /// Goes on from what was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is that of another model, or damaged.
  public mutating func restore(_ state: SessionState) throws {
    (stepCount, isAtStep) = (try state.integers("steps", count: 1, in: 0...1 << 42)[0], false)
  }
}

extension SequenceRegressionTask {
  /// The beginning of a sequence; each output is the prediction for a step.
  public func session(_ model: SequenceTagger) -> SteppedSession<SequenceRegressionHead>? {
    SequenceNetworkStepper(model.network, heads: [model.head]).map {
      SteppedSession($0, SequenceRegressionHead(self))
    }
  }

  /// All steps, one after the other.
  public func prediction(of outputs: [Prediction]) -> Prediction {
    Prediction(values: outputs.flatMap(\.values), halfWidths: halfWidths)
  }

  /// The features of the steps.
  public func stepReader() -> FeatureStream? { featurizer.stream(readsTimes: false) }

  /// The targets at the step that was read.
  public func rows(
    of session: SteppedSession<SequenceRegressionHead>, at moment: SessionMoment
  ) -> [[Field]] {
    guard moment == .step else { return [] }
    let step = Field("step", .integer(session.head.stepCount))
    return session.outputs.map { [step] + fields($0, at: 0) }
  }

  /// A prediction for each step.
  public static var hasManyRows: Bool { true }

  /// Whether it is one of the inputs, or numbers sequences.
  public func reads(column: String) -> Bool {
    if case .series(let own) = featurizer, own.channels.contains(column) { return true }
    return columns?.records.id == column
  }

  /// The targets of each step.
  public func text(of prediction: Prediction, to example: Example) -> String {
    (0..<prediction.values.count / targets.count).map { step in
      targets.indices.map { rounded(prediction.interval($0, at: step).value, 6) }.joined(separator: " ")
    }.joined(separator: "; ")
  }

  /// For each step the targets with their bounds.
  public func rows(_ prediction: Prediction, to example: Example, name: String) -> [[Field]] {
    (0..<prediction.values.count / targets.count).map { step in
      [Field("input", .text(name)), Field("step", .integer(step + 1))] + fields(prediction, at: step)
    }
  }

  private func fields(_ prediction: Prediction, at step: Int) -> [Field] {
    targets.enumerated().flatMap { target, name in
      let own = prediction.interval(target, at: step)
      return [
        Field(name, .number(own.value)), Field(name + " low", .number(own.low)),
        Field(name + " high", .number(own.high)),
      ]
    }
  }
}
