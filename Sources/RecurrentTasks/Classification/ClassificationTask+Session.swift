extension ClassificationTask {
  /// The beginning of a sequence; each output is the prediction for a sequence that ends there.
  public func session(_ model: SequenceClassifier) -> SteppedSession<PooledHead<Prediction>>? {
    let task = self
    return .pooled(packed(model)) { task.prediction($0) }
  }

  /// The likeliest class so far, and its probability.
  public func rows(
    of session: SteppedSession<PooledHead<Prediction>>, at moment: SessionMoment
  ) -> [[Field]] {
    guard moment == .line else { return [] }
    let prediction = session.head.prediction
    return [
      [
        Field("label", .text(labels[prediction.best])),
        Field("probability", .number(prediction.probabilities[prediction.best])),
      ]
    ]
  }
}
