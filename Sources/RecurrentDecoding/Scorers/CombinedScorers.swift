/// A scorer of tokens with weights: `alpha` times its logarithms, and `beta` for each token.
public struct WeightedScorer<Base: Scorer>: Scorer {
  /// The states of the base.
  public typealias State = Base.State

  private let base: Base
  private let alpha: Float
  private let beta: Float

  /// A scorer with weights.
  public init(_ base: Base, alpha: Float, beta: Float = 0) {
    (self.base, self.alpha, self.beta) = (base, alpha, beta)
  }

  /// The state before the first output.
  public var start: State { base.start }

  /// The score of an output after a state, and the state after it.
  public func score(_ token: Int32, after state: State) -> (score: Float, state: State) {
    let (score, next) = base.score(token, after: state)
    return (alpha * score + beta, next)
  }

  /// The score of ending after a state.
  public func finish(_ state: State) -> Float { alpha * base.finish(state) }
}

extension WeightedScorer: StorableScorer where Base: StorableScorer {
  /// A state as integers.
  public func stored(_ state: State) -> [Int64] { base.stored(state) }
  /// The state of integers that were kept; nil where they are none.
  public func state(of stored: [Int64]) -> State? { base.state(of: stored) }
}

extension WeightedScorer: BoundedScorer where Base: BoundedScorer {
  /// No score of an output is larger; infinity with a negative alpha.
  public var largestScore: Float {
    alpha > 0 ? alpha * base.largestScore + beta : alpha == 0 ? beta : .infinity
  }
}

/// A network's outputs for a scorer of tokens, such as a language model over the same tokens.
public struct OutputScorer<Base: Scorer>: Scorer {
  /// The states of the base.
  public typealias State = Base.State

  private let base: Base
  /// For each output the token of the base; -1 for the blank, which no search scores.
  private let tokens: [Int32]

  /// A scorer of the outputs of some units, for a base that numbers the tokens as their vocabulary does, without the blank:
  /// ``OutputUnits/token(ofOutput:)``. A ``WordScorer``, which has numbers of its own, is asked by the texts of the tokens.
  public init(_ base: Base, units: OutputUnits) {
    self.base = base
    tokens = (0..<units.count).map { units.token(ofOutput: $0) ?? -1 }
  }

  /// The state before the first output.
  public var start: State { base.start }

  /// The score of an output after a state, and the state after it.
  public func score(_ token: Int32, after state: State) -> (score: Float, state: State) {
    base.score(tokens[Int(token)], after: state)
  }

  /// The score of ending after a state.
  public func finish(_ state: State) -> Float { base.finish(state) }
}

extension OutputScorer: StorableScorer where Base: StorableScorer {
  /// A state as integers.
  public func stored(_ state: State) -> [Int64] { base.stored(state) }
  /// The state of integers that were kept; nil where they are none.
  public func state(of stored: [Int64]) -> State? { base.state(of: stored) }
}

extension OutputScorer where Base: WordScorer {
  /// A scorer of the outputs of some units, for a base that numbers its tokens itself, such as an ``NGramModel``.
  ///
  /// Each output is the token with its text or, where there is none, with that text and ``CharacterTokens/wordMark`` in place
  /// of spaces and tabs, which is how ``CharacterTokens`` writes them; the unknown token where there is neither.
  public init(_ base: Base, units: OutputUnits) {
    self.base = base
    tokens = units.texts.enumerated().map { (output, bytes) -> Int32 in
      guard output != units.blank else { return -1 }
      let text = String(decoding: bytes, as: UTF8.self)
      let marked = text.unicodeScalars.map { CharacterTokens.token(of: $0) }.joined()
      return base.token(of: text) ?? base.token(of: marked) ?? base.unknown
    }
  }
}

extension OutputScorer: BoundedScorer where Base: BoundedScorer {
  /// No score of an output is larger.
  public var largestScore: Float { base.largestScore }
}

/// Two scorers, whose scores are added.
public struct ScorerPair<First: Scorer, Second: Scorer>: Scorer {
  /// The states of both.
  public struct State: Hashable, Sendable {
    var first: First.State
    var second: Second.State
  }

  private let first: First
  private let second: Second

  /// Two scorers of the same tokens.
  public init(_ first: First, _ second: Second) { (self.first, self.second) = (first, second) }

  /// The state before the first output.
  public var start: State { State(first: first.start, second: second.start) }

  /// The score of an output after a state, and the state after it.
  public func score(_ token: Int32, after state: State) -> (score: Float, state: State) {
    let (a, b) = (first.score(token, after: state.first), second.score(token, after: state.second))
    return (a.score + b.score, State(first: a.state, second: b.state))
  }

  /// The score of ending after a state.
  public func finish(_ state: State) -> Float { first.finish(state.first) + second.finish(state.second) }
}

extension ScorerPair: StorableScorer where First: StorableScorer, Second: StorableScorer {
  /// A state as integers.
  public func stored(_ state: State) -> [Int64] {
    let own = first.stored(state.first)
    return [Int64(own.count)] + own + second.stored(state.second)
  }

  /// The state of integers that were kept; nil where they are none.
  public func state(of stored: [Int64]) -> State? {
    guard let count = stored.first.flatMap({ Int(exactly: $0) }), (0..<stored.count).contains(count),
      let a = first.state(of: Array(stored[1..<count + 1])),
      let b = second.state(of: Array(stored[(count + 1)...]))
    else { return nil }
    return State(first: a, second: b)
  }
}

extension ScorerPair: BoundedScorer where First: BoundedScorer, Second: BoundedScorer {
  /// No score of an output is larger.
  public var largestScore: Float { first.largestScore + second.largestScore }
}
