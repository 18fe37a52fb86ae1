extension CTCSearch {
  /// The words so far that no further frame changes, without those that were taken: those that all hypotheses begin with, in
  /// text and times, up to the end of a word.
  public func stable(_ state: CTCSearchState) -> [DecodedWord] { units.words(state.stableSpikes(units)) }

  /// Takes out the words that no further frame changes; the later results of the state are without them.
  public func takeStable(from state: inout CTCSearchState) -> [DecodedWord] {
    state.clearTree(units)
    defer { state.settled.removeAll() }
    return units.words(state.settled)
  }

  /// The words of the best text after ``stable(_:)``, as if the input ended here.
  public func partial(_ state: CTCSearchState) -> [DecodedWord] {
    guard let best = finish(state).first else { return [] }
    return Array(best.words.dropFirst(stable(state).count))
  }

  /// The best texts, as if the input ended here; without the words that were taken.
  ///
  /// - Parameters:
  ///   - state: what was read.
  ///   - best: how many texts at most; there is always one.
  /// - Returns: the texts, the best first. Where the scorer refuses to end every one of them, they are without the word that it
  ///   refuses.
  public func finish(_ state: CTCSearchState, best: Int = 1) -> [DecodedHypothesis] {
    var texts = Self.texts(state) { own in
      state.scorer.map { Double($0.finish(own.state)) } ?? 0
    }
    let isRefused = texts.isEmpty
    if isRefused { texts = Self.texts(state) { _ in 0 } }
    let total = texts.reduce(-Double.infinity) { LogDomain.add($0, $1.score) }
    // what is less likely than one in a million does not count
    let counted = max(
      min(best, texts.count), texts.prefix { $0.score > texts[0].score - 14 }.count)
    // what is settled ends where a word ends
    let settled = units.words(state.settled)
    var hypotheses = texts[..<counted].map { text in
      let own = text.hypothesis
      let path = own.bestPath
      let end = own.tokenPath.score > own.blankPath.score ? state.frameCount - 1 : path.end
      var words = settled + units.words(state.tree.spikes(state.tree.path(to: path.node), end: end))
      if isRefused { _ = words.popLast() }
      return DecodedHypothesis(
        words: words, text: units.text(words), score: text.score, scorerScore: text.scorerScore,
        posterior: LogDomain.exp(text.score - total))
    }
    let shares = WordConfidence.shares(hypotheses.map(\.words), weights: hypotheses.map(\.posterior))
    for (place, share) in shares.enumerated() {
      hypotheses[0].words[place].confidence = min(hypotheses[0].words[place].confidence, share)
    }
    for other in hypotheses.indices.dropFirst().prefix(max(0, best - 1)) {
      rate(&hypotheses, other)
    }
    return Array(hypotheses.prefix(max(1, best)))
  }

  /// Gives the words of one of the further hypotheses their confidences.
  private func rate(_ hypotheses: inout [DecodedHypothesis], _ own: Int) {
    var lists = hypotheses.map(\.words)
    var weights = hypotheses.map(\.posterior)
    lists.swapAt(0, own)
    weights.swapAt(0, own)
    for (place, share) in WordConfidence.shares(lists, weights: weights).enumerated() {
      hypotheses[own].words[place].confidence = min(hypotheses[own].words[place].confidence, share)
    }
  }

  /// A text, with the hypothesis that has its best path.
  private struct Text {
    var hypothesis: CTCHypothesis
    var score: Double
    var scorerScore: Double
  }

  /// The texts of a beam with what they are worth at the end, the best first.
  private static func texts(_ state: CTCSearchState, _ ending: (CTCHypothesis) -> Double) -> [Text] {
    var texts: [Text] = []
    for own in state.beam {
      let end = ending(own)
      if end > -.infinity {
        texts.append(Text(hypothesis: own, score: own.score + end, scorerScore: own.scorerScore + end))
      }
    }
    sort(&texts)
    // the last tokens and the states of the scorer no longer make a difference
    var (places, merged) = ([TextKey: Int](), [Text]())
    for text in texts {
      let key = TextKey(first: text.hypothesis.text.first, second: text.hypothesis.text.second)
      if let place = places[key] {
        merged[place].score = LogDomain.add(merged[place].score, text.score)
        if text.hypothesis.bestPath.score > merged[place].hypothesis.bestPath.score {
          merged[place].hypothesis = text.hypothesis
        }
      } else {
        places[key] = merged.count
        merged.append(text)
      }
    }
    sort(&merged)
    return merged
  }

  private struct TextKey: Hashable {
    let first, second: UInt64
  }

  /// Sorts by falling scores and, where they are equal, leaves the order.
  private static func sort(_ texts: inout [Text]) {
    let order = texts.indices.sorted {
      texts[$0].score > texts[$1].score || texts[$0].score == texts[$1].score && $0 < $1
    }
    texts = order.map { texts[$0] }
  }
}
