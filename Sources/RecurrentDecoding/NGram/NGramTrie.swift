/// The n-grams of a back-off model in sorted arrays: a tree of contexts that grows by the next word, as a finite automaton.
///
/// The n-grams of all orders stand one after the other, those of an order sorted by their context and then by their last
/// word, so that the n-grams which continue a context are neighbours, found by bisection or, where they are many, by an
/// index. An n-gram below the highest order is itself a context. Every n-gram knows the longest shorter context after it that
/// matters: one that some n-gram continues, or whose back-off weight is not one. Contexts that do not matter change no score,
/// so such a context is the whole state of a search, and two histories with the same state score every continuation alike
/// (Heafield 2011, "KenLM: Faster and Smaller Language Model Queries").
///
/// An n-gram takes 20 bytes, one of the highest order 12, and 8 to 16 more where it is in the index. Scores are logarithms to
/// the base 10, as files hold them.
final class NGramTrie: Sendable {
  /// The number of n-grams of each order, from 1 on.
  let counts: [Int]
  /// The n-grams; the unigrams are the words 0, 1, 2, ...
  let grams: [Gram]
  /// What the n-grams below the highest order are as contexts; one more for the end of the last.
  let contexts: [Context]
  private let index: NGramIndex

  /// What a query of an n-gram needs, side by side in memory.
  struct Gram: Sendable, Equatable {
    /// The last word.
    var word: UInt32
    /// The logarithm of the probability of the last word after the others.
    var score: Float
    /// The context after it without its first word or words; ``root`` for the empty one.
    var link: Int32
  }

  /// What a query of a context needs.
  struct Context: Sendable, Equatable {
    /// Where the n-grams begin that continue it, which end where those of the next context begin.
    var firstChild: UInt32
    /// The logarithm of the back-off weight.
    var backoff: Float
  }

  /// The empty context.
  static let root: Int32 = -1

  /// A tree of sorted arrays; see ``NGramTrieBuilder``.
  init(counts: [Int], grams: [Gram], contexts: [Context]) {
    self.counts = counts
    self.grams = grams
    self.contexts = contexts
    index = NGramIndex(grams, contexts)
  }

  /// The longest n-grams, N.
  var order: Int { counts.count }

  /// The number of n-grams that are contexts.
  var contextCount: Int { contexts.count - 1 }

  /// The n-grams that continue a context.
  @inline(__always)
  func children(of context: Int) -> Range<Int> {
    Int(contexts[context].firstChild)..<Int(contexts[context + 1].firstChild)
  }

  /// The n-gram that continues a context by a word; nil where there is none.
  @inline(__always)
  func child(_ word: UInt32, of context: Int32) -> Int? {
    let range = children(of: Int(context))
    return range.count <= NGramIndex.smallest
      ? NGramTrie.bisect(word, in: range, grams) : index.find(word, of: Int(context), in: range, grams)
  }

  /// The n-gram of `range`, which are sorted by their last words, whose last word is `word`; nil where there is none.
  @inline(__always)
  static func bisect(_ word: UInt32, in range: Range<Int>, _ grams: [Gram]) -> Int? {
    var (low, count) = (range.lowerBound, range.count)
    guard count > 0 else { return nil }
    while count > 1 {
      let half = count >> 1
      if grams[low + half].word <= word { low += half }
      count -= half
    }
    return grams[low].word == word ? low : nil
  }

  /// Whether a context changes any score.
  @inline(__always)
  func matters(_ context: Int) -> Bool {
    contexts[context].backoff != 0 || contexts[context].firstChild != contexts[context + 1].firstChild
  }

  /// The state after an n-gram: itself where it is a context that matters, else a shorter one.
  @inline(__always)
  func state(after gram: Int) -> Int32 {
    gram < contextCount && matters(gram) ? Int32(truncatingIfNeeded: gram) : grams[gram].link
  }

  /// The score of a word after a context, in logarithms to the base 10, and the context after it: that of the longest n-gram
  /// there is, with the back-off weights of the contexts that were too long.
  @inline(__always)
  func score(_ word: UInt32, after context: Int32) -> (score: Double, context: Int32) {
    var context = context
    var backoff = 0.0
    while context >= 0 {
      if let gram = child(word, of: context) {
        return (Double(grams[gram].score) + backoff, state(after: gram))
      }
      backoff += Double(contexts[Int(context)].backoff)
      context = grams[Int(context)].link
    }
    return (Double(grams[Int(word)].score) + backoff, state(after: Int(word)))
  }

  /// Calls `body` with each n-gram of an order, in the order of the arrays: its words and its number.
  func forEachGram<Failure: Error>(
    ofOrder order: Int, _ body: (_ words: [UInt32], _ gram: Int) throws(Failure) -> Void
  ) throws(Failure) {
    var end = counts[..<order].reduce(0, +)
    let start = end - counts[order - 1]
    guard start < end else { return }
    // the ancestors of the n-gram at hand, from the unigram on; each only moves forward
    var path = [Int](repeating: 0, count: order)
    end = start
    for level in stride(from: order - 1, through: 0, by: -1) {
      path[level] = end
      if level > 0 { end -= counts[level - 1] }
    }
    var text = [UInt32](repeating: 0, count: order)
    for gram in start..<start + counts[order - 1] {
      path[order - 1] = gram
      for level in stride(from: order - 2, through: 0, by: -1) {
        while Int(contexts[path[level] + 1].firstChild) <= path[level + 1] { path[level] += 1 }
      }
      for level in 0..<order { text[level] = grams[path[level]].word }
      try body(text, gram)
    }
  }
}
