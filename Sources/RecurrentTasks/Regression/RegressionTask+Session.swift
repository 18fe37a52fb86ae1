extension RegressionTask {
  /// The beginning of a sequence; each output is the prediction for a sequence that ends there.
  public func session(_ model: SequenceClassifier) -> SteppedSession<PooledHead<Prediction>>? {
    let task = self
    return .pooled(packed(model)) { task.prediction($0[0]) }
  }

  /// The number so far.
  public func rows(
    of session: SteppedSession<PooledHead<Prediction>>, at moment: SessionMoment
  ) -> [[Field]] {
    moment == .line ? [fields(session.head.prediction)] : []
  }
}
