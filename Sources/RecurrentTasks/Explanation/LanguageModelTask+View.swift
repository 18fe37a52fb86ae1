#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension LanguageModelTask {
  /// Tokens that are looked at, at most.
  static let viewLimit = 2048

  /// The loss of a text from its beginning, with what comes next at each step.
  public func view(_ model: LanguageModel, of example: EncodedText) throws -> ExampleView<LanguageModel>? {
    let ids = Array(example.ids.prefix(LanguageModelTask.viewLimit + 1))
    guard ids.count > 1 else {
      throw TaskError.settings(
        "a text of at least 2 tokens is needed, since the second is predicted from the first; found \(ids.count)"
      )
    }
    let count = ids.count - 1
    let (inputs, targets) = (
      Indices(Array(ids.dropLast()), shape: [count, 1]), Indices(Array(ids.dropFirst()), shape: [count, 1])
    )
    let width = model.vocabularySize
    let scores = logSoftmax(model(inputs).logits.reshaped(to: [count, width])).scalars
    let texts = ids.map { vocabulary.token($0) ?? "<unk>" }
    let steps = (0..<count).map { step -> StepView in
      let row = Array(scores[step * width..<(step + 1) * width])
      var view = StepView(input: texts[step])
      let own = Double(row[Int(ids[step + 1])])
      (view.prediction, view.confidence) = (
        vocabulary.token(Int32(row.argmax)) ?? "<unk>", exp(Double(row[row.argmax]))
      )
      (view.target, view.targetProbability, view.loss) = (texts[step + 1], exp(own), -own)
      return view
    }
    let cut =
      example.ids.count > ids.count
      ? ["of the text the first \(count) tokens are read"] : []
    return ExampleView(
      steps: steps, signals: TextSignals(Array(texts.dropLast()), areWords: configuration.unit == .word).all,
      notes: cut
    ) { model, mode in model.loss(inputs, targets: targets, mode: mode).loss }
  }
}
