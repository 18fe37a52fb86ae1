/// A sequence that a ``BeamSearch`` has found.
public struct BeamHypothesis: Sendable, Equatable {
  /// The tokens, without the end.
  public var tokens: [Int32]
  /// What sequences are ranked by: the logarithms, divided by the length penalty, less the coverage penalty.
  public var score: Double
  /// The logarithm of its probability by the model, the end included.
  public var logProbability: Double
  /// What a scorer has added.
  public var scorerScore: Double
  /// The logarithm of the probability of each token by the model, then that of the end.
  public var tokenLogProbabilities: [Float]
  /// How much each token, and then the end, looked at each place of the source; empty where there is none.
  public var attention: [[Float]]
}
