import RecurrentCore

/// Finds likely sequences of a ``StepModel``: from step to step the best ones are kept.
///
///     let search = BeamSearch(settings: BeamSearchSettings(beamWidth: 8, best: 3))
///     let found = search.decode(model, from: state, sourceLengths: lengths)     // for each row its sequences, the best first
///
/// A row has the sequences and scores that it has alone, bit for bit: its limits are its own, and a sequence that has ended takes
/// no part in anything. Equal scores rank in the order of their tokens. A row of which no sequence can end, as where a model gives what is
/// no number, has none.
public struct BeamSearch: Sendable {
  /// How it looks.
  public let settings: BeamSearchSettings
  private let scorer: (any ScorerStates)?
  private let isBounded: Bool

  /// A search without a scorer. Traps where the settings have an ``BeamSearchSettings/issue``.
  public init(settings: BeamSearchSettings = BeamSearchSettings()) {
    self.init(settings, nil, isBounded: true)
  }

  /// A search with a scorer of the model's tokens, whose scores are added to the logarithms of the model. Traps where the settings
  /// have an ``BeamSearchSettings/issue``.
  public init(scorer: some Scorer, settings: BeamSearchSettings = BeamSearchSettings()) {
    let bound = (scorer as? any BoundedScorer)?.largestScore
    self.init(settings, StatesOf(scorer), isBounded: bound.map { $0 <= 0 } ?? false)
  }

  private init(_ settings: BeamSearchSettings, _ scorer: (any ScorerStates)?, isBounded: Bool) {
    trapUnless(settings.issue == nil, "BeamSearch: \(settings.issue ?? "")")
    (self.settings, self.scorer, self.isBounded) = (settings, scorer, isBounded)
  }

  /// The best sequences of each row.
  ///
  /// - Parameters:
  ///   - model: says what may come next.
  ///   - state: of the rows, before the first token.
  ///   - sourceLengths: of each row, which limit its length, and so many attention weights are kept; zeros without a source.
  ///   - shouldStop: asked before each step; when it says so the search ends with the sequences that have ended by then.
  /// - Returns: for each row at most ``BeamSearchSettings/best`` sequences, the best first.
  public func decode<Model: StepModel>(
    _ model: Model, from state: Model.State, sourceLengths: [Int], shouldStop: () -> Bool = { false }
  ) -> [[BeamHypothesis]] {
    guard !sourceLengths.isEmpty else { return [] }
    var sentences = sourceLengths.map {
      BeamSentence(settings, places: $0, model, scorer: scorer, isBounded: isBounded)
    }
    var (state, tokens) = (state, [Int32](repeating: model.startToken, count: sourceLengths.count))
    let count = model.tokenCount
    while !tokens.isEmpty, !shouldStop() {
      let output = model.step(tokens, state)
      trapUnless(
        output.scores.count == tokens.count * count,
        "BeamSearch: expected \(tokens.count) rows of \(count) numbers, received \(output.scores.count)"
      )
      let found = likeliest(
        LikeliestCall(
          scores: output.scores.reshaped(to: [tokens.count, count]), normalizes: output.areLogits,
          counts: sentences.indices.flatMap { sentences[$0].wantedCounts() }, column: Int(model.endToken)))
      var rows: [Int] = []
      let width = output.attention.count / tokens.count
      tokens = []
      output.attention.withUnsafeBufferPointer { attention in
        var first = 0
        for index in sentences.indices where !sentences[index].live.isEmpty {
          let own = sentences[index].live.count
          sentences[index].advance(
            found, from: first,
            UnsafeBufferPointer(rebasing: attention[first * width..<(first + own) * width]))
          rows += sentences[index].parents.map { first + $0 }
          tokens += sentences[index].tokens
          first += own
        }
      }
      if !tokens.isEmpty { state = model.rows(rows, of: output.state) }
    }
    return sentences.map { $0.results() }
  }
}
