extension TranslationTask {
  /// The translations of texts. A text without tokens has an empty one.
  public func predictions(_ model: TranslationModel, to examples: [Example]) -> [TextHypotheses] {
    let filled = examples.indices.filter { !examples[$0].sourceTokens.isEmpty }
    var predictions = [TextHypotheses](repeating: .none, count: examples.count)
    guard !filled.isEmpty else { return predictions }
    let memory = model.memory(filled.map { examples[$0].sourceTokens })
    let found = model.writer.decode(memory, units, makeSearch(), writesUnknown: copiesUnknown ?? false)
    for (place, hypotheses) in zip(filled, found) {
      predictions[place] = TextHypotheses(hypotheses) { translation($0, of: examples[place]) }
    }
    return predictions
  }

  private func translation(_ hypothesis: BeamHypothesis, of example: Example) -> TextHypothesis {
    let copies = copies(hypothesis, example.source)
    return TextHypothesis(
      text: units.text(of: hypothesis.tokens, copies: copies), score: hypothesis.score,
      logProbability: hypothesis.logProbability, weights: weights(hypothesis, example.sourceTokens),
      copies: copies)
  }

  /// For each unknown word that is written the word of the source that it looks at most.
  private func copies(_ hypothesis: BeamHypothesis, _ source: String) -> [String] {
    guard copiesUnknown ?? false, let unknown = units.vocabulary.unknownID,
      hypothesis.tokens.contains(unknown)
    else { return [] }
    let words = units.wordTexts(source)
    return hypothesis.tokens.indices.filter { hypothesis.tokens[$0] == unknown }.map { place in
      let own = hypothesis.attention[place].prefix(words.count)
      return own.isEmpty ? "" : words[Array(own).argmax]
    }
  }

  /// How much words looked at words: the sums over the tokens of the source, the means over those of the translation.
  private func weights(_ hypothesis: BeamHypothesis, _ source: [Int32]) -> [[Float]] {
    let from = units.words(of: source)
    return units.means(hypothesis.attention, overWordsOf: hypothesis.tokens).map { row in
      var sums = [Float](repeating: 0, count: (from.max() ?? -1) + 1)
      for (place, word) in from.enumerated() where word >= 0 { sums[word] += row[place] }
      return sums
    }
  }

  /// The best translation.
  public func text(of prediction: TextHypotheses, to example: Example) -> String { prediction.best.text }

  /// A row for each translation, with its rank where there are several.
  public func rows(_ prediction: TextHypotheses, to example: Example, name: String) -> [[Field]] {
    prediction.rows(name: name, best: search.best) { [Field("alignment", .text($0.alignment.text))] }
  }

  /// Several translations of a text, where they are asked for.
  public static var hasManyRows: Bool { true }

  /// The task with another search, where settings ask for one.
  public func predicting(with settings: Settings) throws -> TranslationTask {
    var own = self
    own.search = search.applying(settings)
    own.copiesUnknown = settings[.copyUnknown] ?? copiesUnknown
    own.language = try language(settings)
    _ = try own.languageNotes()
    guard own.copiesUnknown != true || units.kind == .word else {
      throw DataError.invalidSetting(
        name: "copy-unknown", expected: "a model of words", found: "one of \(units.kind.rawValue)s")
    }
    guard own.language == nil || (try? units.spelling()) != nil else {
      throw DataError.invalidSetting(
        name: "language-model", expected: "a model whose tokens can be spelled",
        found: "a token with a blank between other characters")
    }
    return own
  }
}
