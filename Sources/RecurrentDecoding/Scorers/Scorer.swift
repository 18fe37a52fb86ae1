/// Scores sequences of tokens one by one, as log-probabilities in natural logarithms; the state is a value.
public protocol Scorer: Sendable {
  /// What the scorer remembers; equal states score every continuation alike, so that a search may merge hypotheses by it.
  associatedtype State: Hashable & Sendable
  /// The state before the first token.
  var start: State { get }
  /// The score of a token after a state, and the state after it.
  func score(_ token: Int32, after state: State) -> (score: Float, state: State)
  /// The score of ending after a state.
  func finish(_ state: State) -> Float
}

/// A scorer whose tokens are words; a search feeds it where a word ends.
public protocol WordScorer: Scorer {
  /// The number of a word; nil for a word that the scorer does not know.
  func token(of word: String) -> Int32?
  /// The token of a word that the scorer does not know.
  var unknown: Int32 { get }
}
