extension SearchLanguage {
  /// The scorer of all that is known; nil where nothing is.
  ///
  /// - Parameters:
  ///   - units: what the outputs spell.
  ///   - weights: other ones; nil for its own.
  func scorer(_ units: OutputUnits, weights: (alpha: Double, beta: Double)? = nil) -> (any Scorer)? {
    let texts = textScorer(units, weights)
    guard !hotWords.isEmpty else { return texts }
    let hot = HotWordScorer(units: units, phrases: hotWords.map { (text: $0.text, boost: Float($0.boost)) })
    func pair(_ scorer: some Scorer) -> any Scorer { ScorerPair(scorer, hot) }
    guard let texts else { return hot }
    return pair(texts)
  }

  /// A search with all that is known.
  ///
  /// - Parameters:
  ///   - units: what the outputs spell.
  ///   - settings: how much is looked at.
  ///   - weights: other ones; nil for its own.
  func search(
    _ units: OutputUnits, _ settings: CTCSearchSettings, weights: (alpha: Double, beta: Double)? = nil
  ) -> CTCSearch {
    func search(_ scorer: some Scorer) -> CTCSearch {
      CTCSearch(units: units, scorer: scorer, settings: settings)
    }
    return scorer(units, weights: weights).map { search($0) } ?? CTCSearch(units: units, settings: settings)
  }

  private func textScorer(
    _ units: OutputUnits, _ weights: (alpha: Double, beta: Double)?
  ) -> (any Scorer)? {
    let (alpha, beta) = (Float(weights?.alpha ?? alpha), Float(weights?.beta ?? beta))
    let list = words.map { WordTrie($0) }
    func scorer(_ model: some WordScorer, _ known: WordTrie) -> any Scorer {
      guard areCharacters else { return lexical(units, list ?? known, model, alpha: alpha, beta: beta) }
      let letters = WeightedScorer(OutputScorer(model, units: units), alpha: alpha, beta: beta)
      guard let list else { return letters }
      return ScorerPair(letters, lexical(units, list, WordList(list), alpha: 1, beta: 0))
    }
    if let ngrams, let model = ngrams.model { return scorer(model, ngrams.trie) }
    if let network, let model = network.scorer {
      return scorer(model, areCharacters ? WordTrie([]) : WordTrie(network.tokens))
    }
    return list.map { lexical(units, $0, WordList($0), alpha: 1, beta: 0) }
  }

  private func lexical<Words: WordScorer>(
    _ units: OutputUnits, _ list: WordTrie, _ words: Words, alpha: Float, beta: Float
  ) -> LexicalScorer<Words> {
    LexicalScorer(
      units: units, list: list, words: words, alpha: alpha, beta: beta,
      unknownWords: unknownWords == .allow ? .allowed() : .refused)
  }
}
