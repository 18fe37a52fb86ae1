import Recurrent

extension LanguageModelRun {
  /// Shows what was reached, a sample and what to do next.
  func show(_ results: LanguageModelDescription.Results, sample: String, unit: TextUnit) {
    Terminal.output("")
    Terminal.output("text        nats    bits/character  perplexity")
    for (name, evaluation) in [("validation", results.validation), ("test", results.test)] {
      guard let evaluation else { continue }
      func column(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
      }
      Terminal.output(
        column(name, 12) + column(rounded(evaluation.nats, 4), 8)
          + column(rounded(evaluation.bitsPerCharacter, 4), 16)
          + rounded(evaluation.perplexity, 2))
    }
    Terminal.output("")
    Terminal.output("a sample at temperature 0.8:")
    Terminal.output("")
    Terminal.output(text: sample)
    Terminal.output("")
    Terminal.output(
      "\(duration(results.seconds)) of training; saved in \(output): model.safetensors, task.json, card.md, loss.svg"
    )
    Terminal.output("next: recurrent generate \(output) --prompt \"...\" --length 400 --temperature 0.8")
  }
}
