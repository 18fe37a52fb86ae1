import RecurrentDecoding

/// A likely continuation of a text.
public struct Continuation: Sendable, Equatable {
  /// The text behind what was read.
  public var text: String
  /// What it is ranked by.
  public var score: Double
  /// The logarithm of its probability, that of its end among it.
  public var logProbability: Double
}

extension SteppedSession where Head == LanguageModelHead {
  /// The likeliest continuations, found by a ``BeamSearch``, the best first.
  ///
  /// - Parameters:
  ///   - length: tokens to write; at most so many where tokens end a continuation.
  ///   - ends: tokens that end a continuation and are no part of it.
  ///   - beam: continuations that are kept from token to token.
  ///   - best: continuations that are given, at most `beam`.
  ///   - noRepeat: groups of so many tokens occur once; nil for any number of times.
  ///   - shouldStop: asked before each token; when it says so the search ends with what has ended by then.
  /// - Returns: none where no continuation is possible, as with `noRepeat` and too few tokens.
  public func likeliest(
    length: Int, ends: [Int32] = [], beam: Int, best: Int = 1, noRepeat: Int? = nil,
    shouldStop: () -> Bool = { false }
  ) -> [Continuation] {
    var session = self
    if let opening = session.opening { session.push([opening]) }
    let settings = BeamSearchSettings(
      beamWidth: beam, best: best, lengthPenalty: ends.isEmpty ? .none : .average(alpha: 1),
      noRepeatNGramSize: noRepeat, minimumLength: ends.isEmpty ? length : 0, maximumRatio: 0,
      maximumOffset: length)
    let steps = LanguageModelSteps(session, ends: ends)
    let found = BeamSearch(settings: settings).decode(
      steps, from: steps.start(session), sourceLengths: [0], shouldStop: shouldStop)
    return found[0].map { own in
      var decoder = session.vocabulary.makeDecoder()
      // what was read decides whether the first word is set off by a space
      for id in session.recent { _ = decoder.push(id) }
      var text = ""
      for token in own.tokens { text += decoder.push(token) }
      return Continuation(
        text: text + decoder.finish(), score: own.score, logProbability: own.logProbability)
    }
  }
}
