import ArgumentParser
import Recurrent

extension GenerateCommand {
  private struct Found: Encodable {
    let index: Int
    let prompt, text: String
    let score, logProbability: Double
  }

  /// Throws where options of drawing lots, or of states, are given with those of a search.
  func checkSearch() throws {
    guard topK == nil, topP == 1, repetitionPenalty == 1, seed == nil, temperature == nil else {
      throw ValidationError(
        "--beam draws nothing; --temperature, --top-k, --top-p, --repetition-penalty and --seed are for that")
    }
    guard state.areNone else {
      throw ValidationError("--beam keeps no state; give no --save-state and --load-state")
    }
  }

  /// Writes the likeliest texts.
  func search(_ session: LanguageModelSession, length: Int, beam: Int) throws {
    let vocabulary = session.vocabulary
    let ends = try stop.map { text -> Int32 in
      let ids = vocabulary.encode(text).ids
      guard ids.count == 1, ids[0] != vocabulary.unknownID else {
        throw ValidationError(
          "--stop is \"\(text.onOneLine)\", expected one token of the model with --beam, found \(ids.count)")
      }
      return ids[0]
    }
    let found = session.likeliest(
      length: length, ends: ends, beam: max(beam, count), best: count, noRepeat: noRepeat,
      shouldStop: { Interrupt.isRequested })
    if Interrupt.isRequested { throw ExitCode.interrupted }
    guard !found.isEmpty else {
      throw TaskError.unsupported(
        "no text was found; without --no-repeat, or with a larger --beam, there may be one")
    }
    for (index, own) in found.enumerated() {
      if json {
        try JSONLine.output(
          Found(
            index: index, prompt: prompt, text: own.text, score: own.score,
            logProbability: own.logProbability))
        continue
      }
      if count > 1 {
        Terminal.output(
          text:
            "\(index > 0 ? "\n" : "")--- \(index + 1) of \(found.count), score \(rounded(own.score, 4)) ---")
      }
      var text = own.text
      // between words the model's own space stands in for the one that the prompt ends with
      if (vocabulary as? TextVocabulary)?.unit == .word, prompt.last?.isWhitespace ?? false,
        text.hasPrefix(" ")
      {
        text.removeFirst()
      }
      Terminal.stream(prompt + text + "\n")
    }
  }
}
