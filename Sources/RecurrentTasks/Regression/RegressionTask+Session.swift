extension RegressionTask {
  /// The number so far.
  public func rows(
    of session: SteppedSession<PooledHead<Prediction>>, at moment: SessionMoment
  ) -> [[Field]] {
    moment == .line ? [fields(session.head.prediction)] : []
  }
}
