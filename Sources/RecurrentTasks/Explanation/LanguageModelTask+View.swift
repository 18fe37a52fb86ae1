import RecurrentReports

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
    let texts = ids.map { vocabulary.token($0) ?? "<unk>" }
    let cut =
      example.ids.count > ids.count
      ? ["of the text the first \(grouped(count)) tokens are read"] : []
    return ExampleView(
      steps: steps(model, ids, texts),
      signals: TextSignals(Array(texts.dropLast()), areWords: configuration.unit == .word).all, notes: cut
    ) { model, mode in model.loss(inputs, targets: targets, mode: mode).loss }
  }

  /// What comes next behind each token but the last, a part of the text at a time: of large vocabularies all scores are many.
  private func steps(_ model: LanguageModel, _ ids: [Int32], _ texts: [String]) -> [StepView] {
    let width = model.vocabularySize
    var (steps, state) = ([StepView](), LanguageModel.State?.none)
    for start in stride(from: 0, to: ids.count - 1, by: 128) {
      let part = Array(ids[start..<min(start + 128, ids.count - 1)])
      let (logits, next) = model(Indices(part, shape: [part.count, 1]), state: state)
      state = next
      let scores = logSoftmax(logits.reshaped(to: [part.count, width])).scalars
      for place in part.indices {
        let row = Array(scores[place * width..<(place + 1) * width])
        let (step, best) = (start + place, row.argmax)
        let own = Double(row[Int(ids[step + 1])])
        var view = StepView(input: texts[step])
        (view.prediction, view.confidence) = (
          vocabulary.token(Int32(best)) ?? "<unk>", exp(Double(row[best]))
        )
        (view.target, view.targetProbability, view.loss) = (texts[step + 1], exp(own), -own)
        steps.append(view)
      }
    }
    return steps
  }
}
