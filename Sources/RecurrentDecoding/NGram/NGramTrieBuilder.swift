/// N-grams of one order in any sequence, to be sorted.
struct NGramColumns {
  /// The number of the context of each among the n-grams of the order below, from 0.
  var contexts: [UInt32] = []
  /// The last word of each.
  var words: [UInt32] = []
  /// The logarithm of the probability of each, to the base 10.
  var scores: [Float] = []
  /// The logarithm of the back-off weight of each, to the base 10; of the highest order none counts.
  var backoffs: [Float] = []

  /// The number of n-grams.
  var count: Int { words.count }
}

/// Numbers of n-grams of one order, sorted by context and word.
struct NGramPermutation {
  /// The n-grams in their new sequence.
  private(set) var grams: [UInt32]
  /// Where the n-grams of each context begin; one more for the end of the last.
  private(set) var starts: [Int]

  /// Sorts n-grams whose contexts are numbers below `contextCount`.
  init(contexts: [UInt32], words: [UInt32], contextCount: Int) {
    starts = [Int](repeating: 0, count: contextCount + 1)
    for context in contexts { starts[Int(context) + 1] += 1 }
    for context in 0..<contextCount { starts[context + 1] += starts[context] }
    grams = [UInt32](repeating: 0, count: words.count)
    var next = starts
    for (gram, context) in contexts.enumerated() {
      grams[next[Int(context)]] = UInt32(truncatingIfNeeded: gram)
      next[Int(context)] += 1
    }
    for context in 0..<contextCount where starts[context + 1] - starts[context] > 1 {
      grams[starts[context]..<starts[context + 1]].sort { words[Int($0)] < words[Int($1)] }
    }
  }
}

/// Makes a tree of n-grams, order by order.
struct NGramTrieBuilder {
  /// More n-grams than this have no numbers.
  static let largestCount = Int(Int32.max) - 1

  private(set) var counts: [Int]
  private var grams: [NGramTrie.Gram]
  private var backoffs: [Float]
  private var firstChild: [UInt32] = []

  /// The unigrams, by the numbers of the words.
  init(scores: [Float], backoffs: [Float]) {
    counts = [scores.count]
    grams = scores.enumerated().map {
      NGramTrie.Gram(word: UInt32($0.offset), score: $0.element, link: NGramTrie.root)
    }
    self.backoffs = backoffs
  }

  /// Where the n-grams of the highest order so far begin.
  private var start: Int { grams.count - (counts.last ?? 0) }

  /// Adds the n-grams of the next order.
  ///
  /// - Throws: ``NGramRepetition`` where one occurs twice.
  mutating func append(_ columns: NGramColumns) throws(NGramRepetition) {
    let permutation = NGramPermutation(
      contexts: columns.contexts, words: columns.words, contextCount: counts.last ?? 0)
    for context in 0..<(counts.last ?? 0) {
      let range = permutation.starts[context]..<permutation.starts[context + 1]
      for place in range.dropFirst() {
        let gram = Int(permutation.grams[place])
        if columns.words[Int(permutation.grams[place - 1])] == columns.words[gram] {
          throw NGramRepetition(gram: gram)
        }
      }
    }
    append(
      starts: permutation.starts, words: permutation.grams.map { columns.words[Int($0)] },
      scores: permutation.grams.map { columns.scores[Int($0)] },
      backoffs: permutation.grams.map { columns.backoffs[Int($0)] })
  }

  /// Adds the n-grams of the next order, which are sorted: `starts` says where those of each context begin.
  mutating func append(starts: [Int], words: [UInt32], scores: [Float], backoffs: [Float]) {
    let base = grams.count
    firstChild.append(contentsOf: starts.dropLast().lazy.map { UInt32(base + $0) })
    counts.append(words.count)
    grams.append(
      contentsOf: zip(words, scores).lazy.map {
        NGramTrie.Gram(word: $0, score: $1, link: NGramTrie.root)
      })
    self.backoffs += backoffs
  }

  /// The number among the n-grams of the highest order so far, from 0, of the one with these words; nil where there is none.
  func number(of text: some Collection<UInt32>) -> Int? {
    var gram: Int?
    for word in text {
      guard let context = gram else {
        gram = Int(word)
        continue
      }
      // the last context of all has no end yet
      let low = Int(firstChild[context])
      let high = context + 1 < firstChild.count ? Int(firstChild[context + 1]) : grams.count
      gram = NGramTrie.bisect(word, in: low..<high, grams)
      if gram == nil { return nil }
    }
    return gram.map { $0 - start }
  }

  /// The tree of all n-grams that were added.
  consuming func finish() -> NGramTrie {
    var contexts = zip(firstChild, backoffs).map { NGramTrie.Context(firstChild: $0, backoff: $1) }
    contexts.append(NGramTrie.Context(firstChild: UInt32(grams.count), backoff: 0))
    for context in 0..<contexts.count - 1 {
      for gram in Int(contexts[context].firstChild)..<Int(contexts[context + 1].firstChild) {
        grams[gram].link = link(grams[gram].word, after: grams[context].link, contexts)
      }
    }
    return NGramTrie(counts: counts, grams: grams, contexts: contexts)
  }

  /// The state after the longest n-gram that continues one of the contexts from `context` on.
  private func link(_ word: UInt32, after context: Int32, _ contexts: [NGramTrie.Context]) -> Int32 {
    var (context, gram) = (context, Int(word))
    while context >= 0 {
      let low = Int(contexts[Int(context)].firstChild)
      let high = Int(contexts[Int(context) + 1].firstChild)
      if let found = NGramTrie.bisect(word, in: low..<high, grams) {
        gram = found
        break
      }
      context = grams[Int(context)].link
    }
    // shorter than the highest order, so a context
    let matters =
      contexts[gram].firstChild != contexts[gram + 1].firstChild || contexts[gram].backoff != 0
    return matters ? Int32(gram) : grams[gram].link
  }
}

/// An n-gram that occurs a second time.
struct NGramRepetition: Error {
  /// Its number among those of its order, as they were given.
  let gram: Int
}
