extension TranslationTask {
  /// There is none: the end of a source counts from the beginning.
  public func session(_ model: TranslationModel) -> WholeSession<Int32, Prediction>? { nil }

  /// There are no steps.
  public func stepReader() -> WholeStepReader<Int32>? { nil }

  /// No rows.
  public func rows(of session: WholeSession<Int32, Prediction>, at moment: SessionMoment) -> [[Field]] { [] }
}
