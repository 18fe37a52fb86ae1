import RecurrentData

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How well a model predicts a text: its perplexity, as KenLM's `query` states it.
///
/// The ends of sentences are predicted as words are. A line is a sentence; blank lines are passed over.
public struct NGramEvaluation: Sendable, Equatable {
  /// The number of sentences.
  public private(set) var sentenceCount = 0
  /// The number of words, without the ends of sentences.
  public private(set) var wordCount = 0
  /// The number of words outside the vocabulary.
  public private(set) var unknownCount = 0
  /// The log-probability of the text with the ends of its sentences, in natural logarithms.
  public private(set) var logProbability = 0.0
  /// The part of ``logProbability`` that words outside the vocabulary have.
  public private(set) var unknownLogProbability = 0.0

  /// Evaluates a model on a text.
  ///
  /// - Throws: ``DataError`` about reading, ``DataError/noText`` where there is none.
  public init(
    of model: NGramModel, on text: UTF8TextReader, tokens: some LineTokenizer = WordTokens()
  ) throws(DataError) {
    try text.forEachLine { (line) throws(DataError) in
      var state = model.start
      var count = 0
      tokens.forEachToken(in: line) { token in
        let number = model.token(of: token) ?? model.unknown
        let (score, next) = model.score(number, after: state)
        logProbability += Double(score)
        if number == model.unknown {
          unknownCount += 1
          unknownLogProbability += Double(score)
        }
        count += 1
        state = next
      }
      guard count > 0 else { return }
      logProbability += Double(model.finish(state))
      wordCount += count
      sentenceCount += 1
    }
    guard sentenceCount > 0 else { throw .noText }
  }

  /// Words and ends of sentences, each of which is predicted.
  public var tokenCount: Int { wordCount + sentenceCount }

  /// exp(-log p(text) / tokens).
  public var perplexity: Double { exp(-logProbability / Double(tokenCount)) }

  /// The perplexity of all but the words outside the vocabulary.
  public var perplexityWithoutUnknown: Double {
    exp(-(logProbability - unknownLogProbability) / Double(tokenCount - unknownCount))
  }
}
