import RecurrentData

/// Makes probabilities of counts, order by order from the unigrams on.
///
/// With c the counts of ``NGramCounts``, D the discounts of the order and h' the context h without its first word:
///
///     p(w | h) = (c(h w) - D(c(h w))) / sum_v c(h v) + b(h) p(w | h')
///     b(h) = sum_v D(c(h v)) / sum_v c(h v)
///
/// and below the unigrams p(w) = 1 / (V - 1) for all words but `<s>`. Where an order is Witten-Bell, with T the number of
/// different words after h, p(w | h) = c(h w) / (sum_v c(h v) + T) + b(h) p(w | h') and b(h) = T / (sum_v c(h v) + T).
struct NGramSmoothing {
  private let counts: NGramCounts
  private let vocabularyCount: Int
  private let begin: Int
  private let grams: [[UInt32]]
  /// The discounts of each order.
  let discounts: [NGramDiscount]

  /// The logarithm of the probability of `<s>`, which never follows anything.
  private static let beginScore: Float = -99

  init(_ counts: NGramCounts, vocabularyCount: Int, begin: Int) {
    (self.counts, self.vocabularyCount, self.begin) = (counts, vocabularyCount, begin)
    grams = counts.gramsByOrder()
    func discount(_ values: some Sequence<UInt32>) -> NGramDiscount {
      var n = [Int](repeating: 0, count: 5)
      for value in values where value < 5 { n[Int(value)] += 1 }
      return NGramDiscount(countsOfCounts: n)
    }
    discounts =
      [discount(counts.unigrams)] + grams.map { grams in discount(grams.lazy.map { counts.count($0) }) }
  }

  /// The tree of all n-grams.
  func trie() -> NGramTrie {
    var probabilities = unigrams()
    var scores = probabilities.map(baseTenLogarithm)
    scores[begin] = NGramSmoothing.beginScore
    // the weights of a context are known when its continuations are, one order later
    var places = [UInt32](repeating: 0, count: counts.count)
    var layers: [Layer] = []
    var backoffs = [[Float](repeating: 0, count: vocabularyCount)]
    for (level, grams) in grams.enumerated() {
      let isBigram = level == 0
      func place(_ gram: UInt32) -> UInt32 { isBigram ? gram : places[Int(gram)] }
      let permutation = NGramPermutation(
        contexts: grams.map { place(counts.context($0)) }, words: grams.map { counts.word($0) },
        contextCount: probabilities.count)
      let sorted = permutation.grams.map { grams[Int($0)] }
      var next = [Double](repeating: 0, count: sorted.count)
      for context in probabilities.indices {
        let range = permutation.starts[context]..<permutation.starts[context + 1]
        guard !range.isEmpty else { continue }
        var sum = NGramContextSum(discounts[level + 1])
        for gram in sorted[range] { sum.add(counts.count(gram)) }
        backoffs[level][context] = baseTenLogarithm(sum.rest)
        for index in range {
          next[index] =
            sum.share(counts.count(sorted[index])) + sum.rest
            * probabilities[Int(place(counts.link(sorted[index])))]
        }
      }
      // only now, for the links above were those of the order below
      for (index, gram) in sorted.enumerated() { places[Int(gram)] = UInt32(index) }
      layers.append(
        Layer(
          starts: permutation.starts, words: sorted.map { counts.word($0) },
          scores: next.map(baseTenLogarithm)))
      backoffs.append([Float](repeating: 0, count: sorted.count))
      probabilities = next
    }
    var builder = NGramTrieBuilder(scores: scores, backoffs: backoffs[0])
    for (level, layer) in layers.enumerated() {
      builder.append(
        starts: layer.starts, words: layer.words, scores: layer.scores, backoffs: backoffs[level + 1])
    }
    return builder.finish()
  }

  /// The n-grams of an order as the tree has them.
  private struct Layer {
    let starts: [Int]
    let words: [UInt32]
    let scores: [Float]
  }

  private func unigrams() -> [Double] {
    var sum = NGramContextSum(discounts[0])
    for count in counts.unigrams { sum.add(count) }
    let uniform = sum.rest / Double(vocabularyCount - 1)
    return (0..<vocabularyCount).map { word in
      word == begin ? 1 : sum.share(word < counts.unigrams.count ? counts.unigrams[word] : 0) + uniform
    }
  }
}
