/// Words that are all equally good: what a search needs that has a list of words and no language model.
public struct WordList: WordScorer, StorableScorer {
  /// Nothing is remembered.
  public struct State: Hashable, Sendable {}

  private let numbers: WordTrie

  /// The words of a list.
  public init(_ words: WordTrie) { numbers = words }

  /// The state before the first output.
  public var start: State { State() }
  /// The score of an output after a state, and the state after it.
  public func score(_ token: Int32, after state: State) -> (score: Float, state: State) { (0, state) }
  /// The score of ending after a state.
  public func finish(_ state: State) -> Float { 0 }
  /// The number of a word; nil for a word that is not in the list.
  public func token(of word: String) -> Int32? { numbers.number(of: word) }
  /// The token of all other words.
  public var unknown: Int32 { -1 }
  /// A state as integers.
  public func stored(_ state: State) -> [Int64] { [] }
  /// The state of integers that were kept; nil where they are none.
  public func state(of stored: [Int64]) -> State? { stored.isEmpty ? State() : nil }
}
