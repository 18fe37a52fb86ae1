extension AdaptableTask where Self: BatchedTask {
  /// Reads sequences one after the other by a language model that goes on learning: what was learnt from one is there in the next.
  ///
  /// - Parameters:
  ///   - model: the model as it is.
  ///   - language: the language model that it is, or has.
  ///   - predict: the prediction for an example by the reader at the beginning of a sequence; nil where the weights ran away.
  func adaptedEvaluation(
    _ model: Model, of language: LanguageModel, on examples: ExampleSource<Example>, rule: Adaptation.Rule,
    states: StateFiles, progress: (Double) throws -> Void,
    predict: (Example, inout AdaptedReader<LanguageModel>) -> Prediction?
  ) throws -> AdaptedEvaluation {
    guard states.areNone else {
      throw TaskError.unsupported("states before and behind the data are for tasks that read one long text")
    }
    let plain = try evaluation(model, on: examples, progress: { try progress(0.3 * $0) })
    var reader = AdaptedReader(language, rule)
    var (predictions, kept, count) = ([Prediction](), [Example](), 0)
    for index in 0..<examples.count {
      let example = try examples[index]
      count += cost(of: example)
      reader.beginSequence()
      guard let prediction = predict(example, &reader) else { throw TaskError.ranAway(behind: count) }
      predictions.append(prediction)
      kept.append(withoutInput(example))
      try progress(0.3 + 0.7 * Double(index + 1) / Double(examples.count))
    }
    return AdaptedEvaluation(
      plain: plain, adapted: evaluation(of: predictions, to: kept).metrics, rule: rule)
  }
}
