/// A scorer whose states can be kept in a file, so that a search goes on from there.
public protocol StorableScorer: Scorer {
  /// A state as integers.
  func stored(_ state: State) -> [Int64]
  /// The state of integers that were kept; nil where they are none, or of another scorer.
  func state(of stored: [Int64]) -> State?
}

/// A scorer that knows how far a score can rise above zero; a search uses it to leave out hopeless tokens unscored.
public protocol BoundedScorer: Scorer {
  /// No score of a token is larger.
  var largestScore: Float { get }
}
