extension ExampleView {
  /// What is said about a decoder with attention.
  fileprivate static var decoderNote: String {
    "the decoder with attention is one operation and is not unrolled: what is shown are the recurrent layers that read, and how "
      + "the error of the text that is written comes back to them"
  }
}

extension TranslationTask {
  /// The loss of a sentence, and its translation.
  public func view(_ model: TranslationModel, of example: Example) throws -> ExampleView<TranslationModel>? {
    var view = batchedView(model, of: example)
    view.notes.append(ExampleView<TranslationModel>.decoderNote)
    return view
  }
}

extension CaptioningTask {
  /// The loss of a film, and its caption.
  public func view(_ model: CaptionModel, of example: Example) throws -> ExampleView<CaptionModel>? {
    var view = batchedView(model, of: example)
    (view.steps, view.signals) = featurizer.views(of: example.features)
    view.notes.append(ExampleView<CaptionModel>.decoderNote)
    return view
  }
}
