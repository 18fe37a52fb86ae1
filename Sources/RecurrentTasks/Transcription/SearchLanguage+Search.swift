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
    func search(_ model: some WordScorer, _ known: WordTrie) -> CTCSearch {
      guard areCharacters else {
        return with(units, settings, lexical(units, list ?? known, model, alpha: alpha, beta: beta))
      }
      let letters = WeightedScorer(OutputScorer(model, units: units), alpha: alpha, beta: beta)
      guard let list else { return with(units, settings, letters) }
      return with(
        units, settings, ScorerPair(letters, lexical(units, list, WordList(list), alpha: 1, beta: 0)))
    }
    if let ngrams, let model = ngrams.model { return search(model, ngrams.trie) }
    if let network, let model = network.scorer {
      return search(model, areCharacters ? WordTrie([]) : WordTrie(network.tokens))
    }
    guard let list else {
      return hotWords.isEmpty
        ? CTCSearch(units: units, settings: settings)
        : CTCSearch(units: units, scorer: hotScorer(units), settings: settings)
    }
    return with(units, settings, lexical(units, list, WordList(list), alpha: 1, beta: 0))
  }

  private func with(
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
