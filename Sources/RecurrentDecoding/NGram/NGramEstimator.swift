import RecurrentCore
import RecurrentData

/// Estimates n-gram models from text: interpolated modified Kneser-Ney smoothing (Kneser and Ney 1995; Chen and Goodman 1998,
/// "An Empirical Study of Smoothing Techniques for Language Modeling").
///
/// The discounts of each order come from its counts of counts; the orders below the highest count in how many different words
/// an n-gram is preceded by, not how often it occurs; what the unigrams leave is shared equally among all words with `<unk>`.
/// These are the figures of KenLM's `lmplz`, where it has any. An order whose counts of counts allow no discount, as in small or
/// regular texts, is smoothed by Witten-Bell's method on the same counts, and the model has a note of it. The probabilities of
/// all words after any context sum to one. The same text always gives the same model.
///
///     let estimator = try NGramEstimator(order: 3)
///     try estimator.add(UTF8TextReader(["corpus.txt"]))
///     let model = try estimator.model()
///     try model.writeARPA(to: "words.arpa")
///
/// A line is a sentence; blank lines are passed over. `<s>` and `</s>` in a text are passed over too, and `<unk>` in a text
/// is the unknown word. Text is read part by part; in memory are the words and, for each different n-gram of each order from 2
/// on, 24 to 40 bytes while it is counted, about 90 while the model is made, and then 12 to 36.
public final class NGramEstimator {
  /// The longest n-grams, N.
  public let order: Int
  /// The number of sentences so far.
  public private(set) var sentenceCount = 0
  /// The number of tokens so far, without the ends of sentences.
  public private(set) var tokenCount = 0
  private var vocabulary = NGramVocabulary()
  private let counts: NGramCounts
  private let begin: UInt32, end: UInt32
  private let limit: Int
  private var sentence: [UInt32] = []

  /// An estimator of n-grams up to an order.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` for an order outside of `1...NGramModel.maximumOrder`.
  public convenience init(order: Int) throws(DataError) {
    try self.init(order: order, limit: NGramTrieBuilder.largestCount)
  }

  /// An estimator of at most `limit` n-grams of all orders together.
  init(order: Int, limit: Int) throws(DataError) {
    guard (1...NGramModel.maximumOrder).contains(order) else {
      throw .invalidSetting(name: "order", expected: "1 to \(NGramModel.maximumOrder)", found: "\(order)")
    }
    (self.order, self.limit) = (order, limit)
    counts = NGramCounts(order: order)
    begin = UInt32(vocabulary.insert(NGramVocabulary.beginWord))
    end = UInt32(vocabulary.insert(NGramVocabulary.endWord))
  }

  /// Counts the n-grams of a text, a sentence a line.
  ///
  /// - Throws: ``DataError`` about reading, or where there are more n-grams than a model can have; the sentences before are
  ///   counted, that one is not.
  public func add(_ text: UTF8TextReader, tokens: some LineTokenizer = WordTokens()) throws(DataError) {
    try text.forEachLine { (line) throws(DataError) in
      tokens.forEachToken(in: line) { append($0) }
      try finishSentence()
    }
  }

  /// Counts the n-grams of a sentence.
  ///
  /// - Throws: ``DataError`` where there are more n-grams than a model can have; the sentence is not counted.
  public func add(sentence tokens: some Sequence<String>) throws(DataError) {
    for var token in tokens { token.withUTF8 { append($0) } }
    try finishSentence()
  }

  private func append(_ token: UnsafeBufferPointer<UInt8>) {
    let number = UInt32(vocabulary.insert(token))
    if number != begin && number != end { sentence.append(number) }
  }

  private func finishSentence() throws(DataError) {
    guard !sentence.isEmpty else { return }
    defer { sentence.removeAll(keepingCapacity: true) }
    let length = sentence.count
    sentence.append(end)
    guard !counts.isFull(for: sentence.count, words: vocabulary.count, limit: limit),
      tokenCount + length < Int(UInt32.max)
    else {
      throw .invalidSetting(
        name: "order", expected: "one for which the text has at most \(limit) different n-grams",
        found: "\(order)")
    }
    counts.add(sentence, after: begin)
    sentenceCount += 1
    tokenCount += length
  }

  /// How each order is smoothed, from the unigrams on, by the text so far.
  public var discounts: [NGramDiscount] {
    NGramSmoothing(counts, vocabularyCount: vocabulary.count, begin: Int(begin)).discounts
  }

  /// The model of the text so far.
  ///
  /// - Throws: ``DataError/noText`` where there was none.
  public func model() throws(DataError) -> NGramModel {
    guard sentenceCount > 0 else { throw .noText }
    let smoothing = NGramSmoothing(counts, vocabularyCount: vocabulary.count, begin: Int(begin))
    let regular = smoothing.discounts.indices.filter { smoothing.discounts[$0] == .wittenBell }
    var notes: [DataNote] = []
    if !regular.isEmpty {
      let orders = regular.map { "\($0 + 1)" }.joined(separator: ", ")
      notes.append(
        DataNote(
          .found,
          "the text is too small or too regular for Kneser-Ney discounts of order \(orders), which Witten-Bell's method smooths"
        ))
    }
    return NGramModel(smoothing.trie(), vocabulary, notes: notes)
  }
}
