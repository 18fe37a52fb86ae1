extension TaggingTask {
  /// The beginning of a recording; each output is what a step or the end adds to the prediction.
  public func session(_ model: SequenceTagger) -> SteppedSession<TaggingHead>? {
    SequenceNetworkStepper(model.network, heads: [model.head]).map {
      SteppedSession($0, TaggingHead(self, model.field))
    }
  }

  /// All labels, scores and events, one after the other.
  public func prediction(of outputs: [Prediction]) -> Prediction {
    Prediction(
      labels: outputs.flatMap(\.labels), scores: outputs.flatMap(\.scores), events: outputs.flatMap(\.events))
  }

  /// The features of the steps.
  public func stepReader() -> FeatureStream? { featurizer.stream(readsTimes: false) }

  /// Fields that not every row of a session has.
  public var streamColumns: [String]? {
    if let picker { return ["step", "event", "start"] + (picker.hasExtent ? ["end"] : []) }
    return ["step", "of step", "label", "probability"]
  }

  /// The events that have become certain, or the labels, each with the number of the step that was read last; of a label also
  /// that of its own step, where it is another one.
  public func rows(of session: SteppedSession<TaggingHead>, at moment: SessionMoment) -> [[Field]] {
    guard moment != .line, let prediction = session.outputs.first else { return [] }
    let head = [Field("step", .integer(session.head.stepCount))]
    let rows: [[Field]]
    if picker != nil {
      rows = prediction.events.map { event in
        [Field("event", .text(event.label)), Field("start", .number(event.start))]
          + (event.end > event.start ? [Field("end", .number(event.end))] : [])
      }
    } else {
      var own = session.head.labels
      // where a step decides nothing, the last label still stands
      if own.isEmpty, moment == .step, let last = session.head.last { own = [last] }
      rows = own.filter { $0.step >= 0 }.map { one in
        (one.step + 1 == session.head.stepCount ? [] : [Field("of step", .integer(one.step + 1))]) + [
          Field("label", .text(labels[one.label])),
          Field("probability", .number(scaling.probabilities(one.scores)[one.label])),
        ]
      }
    }
    return rows.isEmpty && moment == .step ? [head] : rows.map { head + $0 }
  }
}
