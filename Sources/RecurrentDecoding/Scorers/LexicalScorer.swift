import RecurrentCore

/// Scores the outputs of a search by the words that they spell.
///
/// A word counts where it ends: `alpha log p(word | words before) + beta`. The list of words is a trie, so that a word that is
/// not in it is noticed at the first letter which no word of the list goes on with.
public struct LexicalScorer<Words: WordScorer>: BoundedScorer {
  /// Where a hypothesis is: the words before, and the node of the word that is being spelled.
  public struct State: Hashable, Sendable {
    var words: Words.State
    /// 0 between words, ``LexicalScorer/unlisted`` in a word that is not in the list.
    var node: Int32
  }

  /// The node of all words that are not in the list.
  static var unlisted: Int32 { -1 }

  private let outputs: [OutputUnits.Output]
  private let trie: WordTrie
  private let words: Words
  /// For each word of the list that of the scorer.
  private let numbers: [Int32]
  private let alpha: Float
  private let beta: Float
  private let unknownWords: UnknownWords

  /// A scorer of the outputs of some units.
  ///
  /// - Parameters:
  ///   - units: what the outputs spell.
  ///   - list: the words that are known, such as all those of the language model without its marks for the beginning and end
  ///     of a sentence.
  ///   - words: the language model, or a ``WordList``; it scores listed words that it does not know as its unknown one.
  ///   - alpha: the weight of the language model's logarithms, 0 or more.
  ///   - beta: what is added for each word.
  ///   - unknownWords: what becomes of words that are not in the list.
  public init(
    units: OutputUnits, list: WordTrie, words: Words, alpha: Float = 1, beta: Float = 0,
    unknownWords: UnknownWords = .allowed()
  ) {
    trapUnless(alpha >= 0, "LexicalScorer: expected alpha of at least 0, received \(alpha)")
    if case .allowed(let perWord, let perCharacter) = unknownWords {
      trapUnless(
        perWord <= 0 && perCharacter <= 0,
        "LexicalScorer: expected penalties of at most 0, received \(perWord) and \(perCharacter)")
    }
    outputs = units.outputs
    trie = list
    self.words = words
    numbers = list.words.map { words.token(of: $0) ?? words.unknown }
    (self.alpha, self.beta, self.unknownWords) = (alpha, beta, unknownWords)
  }

  /// The state before the first output.
  public var start: State { State(words: words.start, node: 0) }

  /// A token can end a word and be one itself; logarithms of probabilities are never above 0.
  public var largestScore: Float { 2 * max(0, beta) }

  /// The score of an output after a state, and the state after it.
  public func score(_ token: Int32, after state: State) -> (score: Float, state: State) {
    let output = outputs[Int(token)]
    var (score, state) = (Float(0), state)
    if output.beginsWord { endWord(&state, &score) }
    for byte in output.bytes { spell(byte, &state, &score) }
    if output.endsWord { endWord(&state, &score) }
    return (score, state)
  }

  /// The score of ending after a state.
  public func finish(_ state: State) -> Float {
    var (score, state) = (Float(0), state)
    endWord(&state, &score)
    return score + alpha * words.finish(state.words)
  }

  @inline(__always)
  private func spell(_ byte: UInt8, _ state: inout State, _ score: inout Float) {
    if state.node >= 0 {
      if let next = trie.trie.child(state.node, byte) {
        state.node = next
        return
      }
      // what the letters up to here cost is due now
      score += penalty(characters: trie.trie.depths[Int(state.node)], word: true)
      state.node = Self.unlisted
    }
    if byte & 0xC0 != 0x80 { score += penalty(characters: 1, word: false) }
  }

  private func endWord(_ state: inout State, _ score: inout Float) {
    guard state.node != 0 else { return }
    var number = words.unknown
    if state.node > 0 {
      let word = trie.wordOfNode[Int(state.node)]
      if word >= 0 {
        number = numbers[Int(word)]
      } else {
        score += penalty(characters: trie.trie.depths[Int(state.node)], word: true)
      }
    }
    let (own, next) = words.score(number, after: state.words)
    score += alpha * own + beta
    state = State(words: next, node: 0)
  }

  private func penalty(characters: Int32, word: Bool) -> Float {
    switch unknownWords {
    case .refused: -.infinity
    case .allowed(let perWord, let perCharacter): (word ? perWord : 0) + Float(characters) * perCharacter
    }
  }
}

extension LexicalScorer: StorableScorer where Words: StorableScorer {
  /// A state as integers.
  public func stored(_ state: State) -> [Int64] { [Int64(state.node)] + words.stored(state.words) }

  /// The state of integers that were kept; nil where they are none.
  public func state(of stored: [Int64]) -> State? {
    guard let node = stored.first, (-1..<Int64(trie.trie.count)).contains(node),
      let words = words.state(of: Array(stored.dropFirst()))
    else { return nil }
    return State(words: words, node: Int32(node))
  }
}
