import RecurrentCore

/// A model that says what may come next, one token after the other, for many rows at once: a decoder with attention, a language
/// model.
///
/// The numbers of a row must not depend on the other rows; then the results of a ``BeamSearch`` do not either.
public protocol StepModel: Sendable {
  /// What is carried from step to step, of any number of rows.
  associatedtype State: Sendable
  /// V: the number of tokens.
  var tokenCount: Int { get }
  /// The token before the first one.
  var startToken: Int32 { get }
  /// The token that ends a sequence; it may be the one before the first.
  var endToken: Int32 { get }
  /// Tokens that are never written, however likely they are; none by default.
  var excludedTokens: Set<Int32> { get }

  /// Reads a token of each row.
  ///
  /// - Parameters:
  ///   - tokens: one a row.
  ///   - state: of as many rows.
  func step(_ tokens: [Int32], _ state: State) -> StepOutput<State>

  /// The rows of a state with the given numbers, in their order; a row may be taken more than once, or not at all.
  func rows(_ numbers: [Int], of state: State) -> State
}

extension StepModel {
  /// None.
  public var excludedTokens: Set<Int32> { [] }
}

/// What a step of a model gives.
public struct StepOutput<State: Sendable>: Sendable {
  /// `rows * V` numbers: how likely each token is to come next.
  public var scores: Tensor
  /// Whether the scores are such of which softmax makes probabilities, and not the logarithms of these.
  public var areLogits: Bool
  /// `[rows, S]`: how much each place of a source was looked at; empty where there is none.
  public var attention: [Float]
  /// The state after the step.
  public var state: State

  /// The output of a step.
  ///
  /// - Parameters:
  ///   - logProbabilities: `[rows, V]`, natural and none above 0.
  ///   - attention: `[rows, S]`.
  ///   - state: after the step.
  public init(logProbabilities: [Float], attention: [Float] = [], state: State) {
    (scores, areLogits) = (Tensor(logProbabilities), false)
    (self.attention, self.state) = (attention, state)
  }

  /// The output of a step whose probabilities are the softmax of a row of logits, `[rows, V]`.
  public init(logits: Tensor, attention: [Float] = [], state: State) {
    (scores, areLogits) = (logits.detached, true)
    (self.attention, self.state) = (attention, state)
  }
}
