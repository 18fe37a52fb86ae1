import RecurrentCore
import RecurrentData
import RecurrentFormats

/// A back-off language model of n-grams.
///
/// The probability of a word w after the words h is that of the longest n-gram there is, weighted by the back-off weights b of
/// the contexts that were too long:
///
///     p(w | h) = p(h w)              where there is an n-gram h w
///     p(w | h) = b(h) p(w | h')      else; h' is h without its first word, and b is 1 where h is no n-gram
///
/// A sentence begins in the context `<s>` and ends by the word `</s>`; words outside the vocabulary are `<unk>`. Scores are
/// natural logarithms. A query allocates nothing; its state is the longest context that may still matter, so that a search
/// can merge hypotheses by it.
///
///     let model = try NGramModel("words.arpa")
///     var (state, total) = (model.start, Float(0))
///     for word in ["go", "forward"] {
///       let (score, next) = model.score(model.token(of: word) ?? model.unknown, after: state)
///       (state, total) = (next, total + score)
///     }
///     total += model.finish(state)
///
/// Models come from ARPA files and KenLM's probing files (``init(_:)``) and from texts (``NGramEstimator``).
public struct NGramModel: WordScorer {
  enum Storage: Sendable {
    case trie(NGramTrie, NGramVocabulary)
    case hashed(KenLMTables)
  }

  let storage: Storage
  /// What was found while the model was read or estimated.
  public let notes: [DataNote]
  /// The number of `<s>`; nil where the model does not have it.
  public let sentenceBegin: Int32?
  /// The number of `</s>`; nil where the model does not have it.
  public let sentenceEnd: Int32?
  /// The context of the first word: `<s>`, or nothing in a model that does not have it.
  public let start: State

  /// The largest order of a model.
  public static let maximumOrder = 64

  /// Natural logarithms are logarithms to the base 10 times this.
  static let ln10 = 2.302585092994045684

  /// What a model remembers of the words before: the longest context that may matter.
  public struct State: Hashable, Sendable {
    /// The number of a context, or its words; see ``KenLMTables``.
    let bits: UInt128

    init(bits: UInt128) { self.bits = bits }

    /// A context of a tree.
    @inline(__always)
    init(context: Int32) { bits = UInt128(UInt32(bitPattern: context)) }

    /// A context of a tree.
    @inline(__always)
    var context: Int32 { Int32(bitPattern: UInt32(truncatingIfNeeded: bits)) }
  }

  init(_ trie: NGramTrie, _ vocabulary: NGramVocabulary, notes: [DataNote]) {
    storage = .trie(trie, vocabulary)
    self.notes = notes
    (sentenceBegin, sentenceEnd) = (vocabulary.begin, vocabulary.end)
    start = State(context: sentenceBegin.map { trie.state(after: Int($0)) } ?? NGramTrie.root)
  }

  init(_ tables: KenLMTables, notes: [DataNote]) {
    storage = .hashed(tables)
    self.notes = notes
    (sentenceBegin, sentenceEnd) = (
      tables.number(of: NGramVocabulary.beginWord), tables.number(of: NGramVocabulary.endWord)
    )
    start = sentenceBegin.map { tables.state(of: UInt32($0)) } ?? State(bits: 0)
  }

  /// The longest n-grams, N.
  public var order: Int { counts.count }

  /// The number of n-grams of each order, from 1 on.
  public var counts: [Int] {
    switch storage {
    case .trie(let trie, _): trie.counts
    case .hashed(let tables): tables.counts
    }
  }

  /// The number of words, V, with `<unk>` and the ends of a sentence.
  public var vocabularyCount: Int {
    switch storage {
    case .trie(_, let vocabulary): vocabulary.count
    case .hashed(let tables): tables.vocabularyCount
    }
  }

  /// 0, the number of `<unk>`.
  public var unknown: Int32 { 0 }

  /// The number of a word; nil for a word outside the vocabulary.
  public func token(of word: String) -> Int32? {
    var word = word
    return word.withUTF8 { token(of: $0) }
  }

  /// The number of a word by its bytes; nil for a word outside the vocabulary.
  public func token(of word: UnsafeBufferPointer<UInt8>) -> Int32? {
    switch storage {
    case .trie(_, let vocabulary): vocabulary.number(of: word)
    case .hashed(let tables): tables.number(of: word)
    }
  }

  /// The word of a number; nil outside `0..<V`, and in a file of KenLM that was written without words.
  public func word(of token: Int32) -> String? {
    guard token >= 0, Int(token) < vocabularyCount else { return nil }
    switch storage {
    case .trie(_, let vocabulary): return vocabulary.word(Int(token))
    case .hashed(let tables): return tables.word(Int(token))
    }
  }

  /// The log-probability of a word after a context, in natural logarithms, and the context after it.
  ///
  /// Traps where the number is not in `0..<V`.
  public func score(_ token: Int32, after state: State) -> (score: Float, state: State) {
    switch storage {
    case .trie(let trie, _):
      check(token, below: trie.counts[0])
      let (score, context) = trie.score(UInt32(token), after: state.context)
      return (Float(score * NGramModel.ln10), State(context: context))
    case .hashed(let tables):
      check(token, below: tables.vocabularyCount)
      let (score, state) = tables.score(UInt32(token), after: state)
      return (Float(score * NGramModel.ln10), state)
    }
  }

  /// The log-probability of the end of the sentence after a context, in natural logarithms.
  public func finish(_ state: State) -> Float { score(sentenceEnd ?? unknown, after: state).score }

  /// The log-probability of a sentence with its end, in natural logarithms.
  ///
  /// Traps where a number is not in `0..<V`.
  public func score(sentence: some Sequence<Int32>) -> Double {
    var (state, total) = (start, 0.0)
    for token in sentence {
      let (score, next) = score(token, after: state)
      (state, total) = (next, total + Double(score))
    }
    return total + Double(finish(state))
  }

  @inline(__always)
  private func check(_ token: Int32, below count: Int) {
    trapUnless(token >= 0 && Int(token) < count, "NGramModel.score: no token \(token) among \(count)")
  }
}
