extension SearchLanguage {
  /// A search with all that is known.
  ///
  /// - Parameters:
  ///   - units: what the outputs spell.
  ///   - settings: how much is looked at.
  ///   - weights: other ones; nil for its own.
  func search(
    _ units: OutputUnits, _ settings: CTCSearchSettings, weights: (alpha: Double, beta: Double)? = nil
  ) -> CTCSearch {
    let (alpha, beta) = (Float(weights?.alpha ?? alpha), Float(weights?.beta ?? beta))
    let list = words.map { WordTrie($0) }
    guard let ngrams, let model = ngrams.model else {
      guard let list else {
        return hotWords.isEmpty
          ? CTCSearch(units: units, settings: settings)
          : CTCSearch(units: units, scorer: hotScorer(units), settings: settings)
      }
      return search(units, settings, lexical(units, list, WordList(list), alpha: 1, beta: 0))
    }
    guard ngrams.areCharacters else {
      return search(units, settings, lexical(units, list ?? ngrams.trie, model, alpha: alpha, beta: beta))
    }
    let letters = WeightedScorer(OutputScorer(model, units: units), alpha: alpha, beta: beta)
    guard let list else { return search(units, settings, letters) }
    return search(
      units, settings, ScorerPair(letters, lexical(units, list, WordList(list), alpha: 1, beta: 0)))
  }

  private func search(
    _ units: OutputUnits, _ settings: CTCSearchSettings, _ scorer: some Scorer
  ) -> CTCSearch {
    hotWords.isEmpty
      ? CTCSearch(units: units, scorer: scorer, settings: settings)
      : CTCSearch(units: units, scorer: ScorerPair(scorer, hotScorer(units)), settings: settings)
  }

  private func lexical<Words: WordScorer>(
    _ units: OutputUnits, _ list: WordTrie, _ words: Words, alpha: Float, beta: Float
  ) -> LexicalScorer<Words> {
    LexicalScorer(
      units: units, list: list, words: words, alpha: alpha, beta: beta,
      unknownWords: unknownWords == .allow ? .allowed() : .refused)
  }

  private func hotScorer(_ units: OutputUnits) -> HotWordScorer {
    HotWordScorer(units: units, phrases: hotWords.map { (text: $0.text, boost: Float($0.boost)) })
  }
}
