extension ClassificationTask {
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
