extension CaptioningTask {
  /// There is none: a sentence is about the whole.
  public func session(_ model: CaptionModel) -> WholeSession<FeatureSequence, Prediction>? { nil }

  /// There are no steps.
  public func stepReader() -> WholeStepReader<FeatureSequence>? { nil }

  /// No rows.
  public func rows(
    of session: WholeSession<FeatureSequence, Prediction>, at moment: SessionMoment
  ) -> [[Field]] { [] }
}
