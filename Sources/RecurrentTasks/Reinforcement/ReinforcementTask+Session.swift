/// What a policy does at each step of an episode while it comes in.
public struct PolicyHead: SessionHead {
  private var scores: [Float]
  /// Whether the scores are those of the last step, and the episode has not ended.
  private var isAtStep = false
  /// Steps so far.
  public private(set) var stepCount = 0

  init(scoreCount: Int) { scores = [Float](repeating: 0, count: scoreCount) }

  /// Takes the scores of a step.
  public mutating func read(_ step: FeatureSequence, _ stepper: SequenceNetworkStepper, row: Int) {
    (stepCount, isAtStep) = (stepCount + 1, true)
    stepper.withOutput(row: row) { own in
      for place in own.indices { scores[place] = own[place] }
    }
  }

  /// Nothing waits.
  public mutating func end() { isAtStep = false }

  /// The action at the last step; none at the end.
  public var outputs: [ReinforcementTask.Prediction] {
    isAtStep ? [ReinforcementTask.Prediction(scores: scores)] : []
  }

  /// What is kept.
  public var state: SessionState { SessionState(integers: [(name: "steps", values: [Int64(stepCount)])]) }

  /// Goes on from what was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is that of another model, or damaged.
  public mutating func restore(_ state: SessionState) throws {
    (stepCount, isAtStep) = (try state.integers("steps", count: 1, in: 0...1 << 42)[0], false)
  }
}

extension ReinforcementTask {
  /// The beginning of an episode; each output is what is done at a step.
  public func session(_ model: PolicyModel) -> SteppedSession<PolicyHead>? {
    SequenceNetworkStepper(model.actor.network, heads: [model.actor.head]).map {
      SteppedSession($0, PolicyHead(scoreCount: spaces.actions.scoreCount))
    }
  }

  /// The observations of each step.
  public func steps(of example: Example) -> [FeatureSequence] {
    (0..<example.features.stepCount).map { example.features.part($0..<$0 + 1) }
  }

  /// All steps, one after the other.
  public func prediction(of outputs: [Prediction]) -> Prediction {
    Prediction(scores: outputs.flatMap(\.scores))
  }

  /// The observations of the lines.
  public func stepReader() -> FeatureStream? { featurizer.stream(readsTimes: false) }

  /// What is done at each step of recorded observations.
  public func predictions(_ model: PolicyModel, to examples: [Example]) -> [Prediction] {
    let (scores, lengths) = model.actor(FeatureBatch(examples.map(\.features)))
    let (values, batch, width) = (scores.scalars, examples.count, spaces.actions.scoreCount)
    return examples.indices.map { row in
      Prediction(
        scores: (0..<lengths[row]).flatMap { step in
          let start = (step * batch + row) * width
          return values[start..<start + width]
        })
    }
  }

  /// What is done at the step that was read.
  public func rows(of session: SteppedSession<PolicyHead>, at moment: SessionMoment) -> [[Field]] {
    guard moment == .step else { return [] }
    let step = Field("step", .integer(session.head.stepCount))
    return session.outputs.map { [step] + fields($0, at: 0) }
  }

  /// An action for each step.
  public static var hasManyRows: Bool { true }

  /// For each step what is done.
  public func rows(_ prediction: Prediction, to example: Example, name: String) -> [[Field]] {
    (0..<prediction.scores.count / spaces.actions.scoreCount).map { step in
      [Field("input", .text(name)), Field("step", .integer(step + 1))] + fields(prediction, at: step)
    }
  }

  /// The likeliest action at a step: its name and number and the probabilities of all, or the numbers.
  private func fields(_ prediction: Prediction, at step: Int) -> [Field] {
    let width = spaces.actions.scoreCount
    return prediction.scores[step * width..<(step + 1) * width].withContiguousStorageIfAvailable { scores in
      switch spaces.actions {
      case .discrete(let names):
        let best = PolicyDistribution.largest(scores)
        let shares = PolicyDistribution.probabilities(scores)
        return [Field("action", .text(names[best])), Field("number", .integer(best))]
          + zip(names, shares).map { Field("p " + $0, .number($1)) }
      case .continuous(let bounds):
        return zip(bounds, scores).map { Field($0.name, .number(Double($0.value($1)))) }
      }
    } ?? []
  }
}
