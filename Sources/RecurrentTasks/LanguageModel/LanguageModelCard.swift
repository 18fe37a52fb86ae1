import RecurrentReports

extension TrainedLanguageModel {
  /// What people want to know about the model, as Markdown.
  func card(sample: String) -> String {
    let (configuration, results) = (description.configuration, description.results)
    var lines = ["# Language model", ""]
    lines.append(
      "Foretells text one \(configuration.unit.rawValue) at a time: \(configuration.layerCount) "
        + "\(configuration.cell.rawValue) layer\(configuration.layerCount == 1 ? "" : "s") of "
        + "\(configuration.hiddenSize) units, \(description.vocabulary.count) tokens, "
        + "\(results.parameterCount) parameters.")
    lines += ["", "## Data", "", "| file | bytes | part | SHA-256 |", "|---|---|---|---|"]
    for source in description.sources {
      lines.append(
        "| \(source.name.escapedMarkdown) | \(source.bytes) | \(source.role) | `\(source.sha256)` |")
    }
    if let split = configuration.split {
      lines += [
        "",
        "Cut by position into shares of \(split.map { "\($0)" }.joined(separator: ", ")) for training, "
          + "validation and test.",
      ]
    }
    lines += [
      "", "## Results", "", "| text | nats a token | bits a character | perplexity |", "|---|---|---|---|",
    ]
    for (name, evaluation) in [("validation", results.validation), ("test", results.test)] {
      guard let evaluation else { continue }
      lines.append(
        "| \(name) | \(rounded(evaluation.nats, 4)) | \(rounded(evaluation.bitsPerCharacter, 4)) | "
          + "\(rounded(evaluation.perplexity, 2)) |")
    }
    lines += [
      "",
      "Training ended after \(results.epochs) epoch\(results.epochs == 1 ? "" : "s") (\(results.end.rawValue)) with a "
        + "loss of \(rounded(results.trainingLoss, 4)) nats; its course is in `loss.svg`, every setting in `task.json`.",
      "", "## Use", "", "```sh", "recurrent generate BUNDLE --prompt \"...\" --length 400 --temperature 0.8",
      "recurrent evaluate BUNDLE TEXT", "```",
    ]
    if !sample.isEmpty {
      let quoted = sample.split(separator: "\n", omittingEmptySubsequences: false).map {
        "    " + String($0).onOneLine
      }
      lines += ["", "## A sample", ""] + quoted
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
