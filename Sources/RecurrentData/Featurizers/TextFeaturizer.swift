/// Text as tokens, with what the words say about the classes where that is asked for.
public struct TextFeaturizer: Sendable, Equatable, Codable {
  /// Of the training part.
  public var vocabulary: TextVocabulary
  /// Whether capital letters are made small first.
  public var lowersCase: Bool
  /// The most tokens of a text; what comes behind is cut. Words that were split already are all read.
  public var lengthLimit: Int
  /// What words say about the classes; nil for tokens alone.
  public var evidence: WordEvidence?

  /// Whether it reads words that were split already, each as one token, and no running text.
  public var readsWords: Bool { vocabulary.unit == .word && !vocabulary.splitsPunctuation }

  /// Numbers beside each token.
  public var featureCount: Int { evidence?.featureCount ?? 0 }

  /// Fits the vocabulary, and the evidence where classes are given.
  ///
  /// - Parameters:
  ///   - texts: the training part.
  ///   - labels: the class of each; nil for no evidence.
  ///   - classCount: classes.
  ///   - unit: what a token stands for.
  ///   - lengthLimit: the most tokens of a text.
  /// - Returns: the featurizer and the features of the training part, which are not those that it gives for the same texts
  ///   later; see ``WordEvidence``.
  /// - Throws: ``DataError`` where there is no text.
  public static func fit(
    _ texts: [String], labels: [Int]?, classCount: Int, unit: TextUnit, lengthLimit: Int
  ) throws(DataError) -> (featurizer: TextFeaturizer, features: [FeatureSequence]) {
    let lowersCase = unit == .word
    let lines = texts.map { (lowersCase ? $0.lowercased() : $0) + "\n" }
    let frequent = try? TextVocabulary.fit(unit: unit, texts: lines, minimumCount: unit == .word ? 2 : 1)
    let vocabulary: TextVocabulary
    if let frequent, frequent.count > 2 {
      vocabulary = frequent
    } else {
      // few texts may have no word twice, only their ends
      vocabulary = try TextVocabulary.fit(unit: unit, texts: lines)
    }
    var featurizer = TextFeaturizer(
      vocabulary: vocabulary, lowersCase: lowersCase, lengthLimit: lengthLimit, evidence: nil)
    let tokens = texts.map { featurizer.tokens($0) }
    guard let labels else { return (featurizer, tokens.map { FeatureSequence(tokens: $0) }) }
    let (evidence, values) = WordEvidence.fit(
      tokens, labels: labels, classCount: classCount, vocabularySize: vocabulary.count)
    featurizer.evidence = evidence
    return (
      featurizer,
      zip(tokens, values).map { FeatureSequence(tokens: $0, featureCount: evidence.featureCount, values: $1) }
    )
  }

  /// Fits the vocabulary to sentences whose words were split already.
  ///
  /// - Returns: the featurizer and the features of the sentences.
  /// - Throws: ``DataError`` where there is no word.
  public static func fit(
    sentences: [[String]], lengthLimit: Int
  ) throws(DataError) -> (featurizer: TextFeaturizer, features: [FeatureSequence]) {
    let words = sentences.lazy.flatMap { $0 }.map { $0.lowercased() }
    let vocabulary: TextVocabulary
    if let frequent = try? TextVocabulary.fit(words: words, minimumCount: 2) {
      vocabulary = frequent
    } else {
      vocabulary = try TextVocabulary.fit(words: words)
    }
    let featurizer = TextFeaturizer(
      vocabulary: vocabulary, lowersCase: true, lengthLimit: lengthLimit, evidence: nil)
    return (featurizer, sentences.map { featurizer(words: $0) })
  }

  /// The token of a word that was split already; 0 where it is unknown.
  func token(ofWord word: String) -> Int32 { vocabulary.id(ofWord: lowersCase ? word.lowercased() : word) }

  /// The features of a sentence whose words were split already: a step for each.
  ///
  /// - Precondition: ``readsWords``.
  public func callAsFunction(words: [String]) -> FeatureSequence {
    FeatureSequence(tokens: words.map { token(ofWord: $0) })
  }

  func tokens(_ text: String) -> [Int32] {
    Array(vocabulary.encode(lowersCase ? text.lowercased() : text).ids.prefix(lengthLimit))
  }

  /// The features of a text.
  public func callAsFunction(_ text: String) -> FeatureSequence {
    let tokens = tokens(text)
    return FeatureSequence(
      tokens: tokens, featureCount: featureCount, values: evidence?.features(tokens) ?? [])
  }
}
