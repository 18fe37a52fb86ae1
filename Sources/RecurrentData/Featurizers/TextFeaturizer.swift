/// Text as tokens, with what the words say about the classes where that is asked for.
public struct TextFeaturizer: Featurizer {
  /// What it reads: text.
  public static let modality = Modality.text

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

  /// How many tokens the vocabulary has.
  public var vocabularySize: Int? { vocabulary.count }

  /// Fits the vocabulary, and the evidence where there are at most 20 classes; of words that were split already the vocabulary
  /// alone.
  ///
  /// - Throws: ``DataError`` where there is no text, or a format error.
  public static func fit(
    _ records: RecordSource, labels: [Int]?, classCount: Int, settings: FeatureSettings,
    progress: (Double) -> Void
  ) throws -> (featurizer: TextFeaturizer, notes: [DataNote]) {
    func each(_ body: (Record) throws -> Void) throws {
      for index in 0..<records.count {
        progress(Double(index) / Double(records.count))
        try body(records.record(index))
      }
    }
    if case .words = try records.first().content {
      var counter = VocabularyCounter(unit: .word, splitsPunctuation: false)
      try each { for word in try $0.words() { counter.count(word: word.lowercased()) } }
      let vocabulary = try (try? counter.vocabulary(minimumCount: 2)) ?? counter.vocabulary()
      let own = TextFeaturizer(
        vocabulary: vocabulary, lowersCase: true, lengthLimit: settings.lengthLimit, evidence: nil)
      return (own, [])
    }
    let (unit, lowersCase) = (settings.unit, settings.unit == .word)
    var counter = VocabularyCounter(unit: unit)
    try each {
      let text = try $0.text()
      counter.count(lowersCase ? text.lowercased() : text)
      counter.count("\n")
    }
    let frequent = try? counter.vocabulary(minimumCount: unit == .word ? 2 : 1)
    // few texts may have no word twice, only their ends
    let vocabulary = try frequent.flatMap { $0.count > 2 ? $0 : nil } ?? counter.vocabulary()
    var featurizer = TextFeaturizer(
      vocabulary: vocabulary, lowersCase: lowersCase, lengthLimit: settings.lengthLimit, evidence: nil)
    let plain = featurizer
    var passes = RecordPasses(records) { record in
      let tokens = plain.tokens(try record.text())
      return (tokens, tokens.count)
    }
    var cut = 0
    if let labels, settings.usesEvidence, (2...20).contains(classCount) {
      var fit = WordEvidence.Fit(classCount: classCount, vocabularySize: vocabulary.count)
      try passes.run { index, tokens in
        cut += tokens.count == settings.lengthLimit ? 1 : 0
        fit.count(tokens, label: labels[index])
      }
      fit.keepFrequentPairs()
      try passes.run { index, tokens in fit.countPairs(tokens, label: labels[index], index: index) }
      featurizer.evidence = fit.evidence
    } else {
      try passes.run { _, tokens in cut += tokens.count == settings.lengthLimit ? 1 : 0 }
    }
    let note = DataNote(
      .warning, "\(cut) texts are cut behind \(settings.lengthLimit) tokens", setting: "length-limit")
    return (featurizer, cut > 0 ? [note] : [])
  }

  /// The token of a word that was split already; 0 where it is unknown.
  func token(ofWord word: String) -> Int32 { vocabulary.id(ofWord: lowersCase ? word.lowercased() : word) }

  func tokens(_ text: String) -> [Int32] {
    Array(vocabulary.encode(lowersCase ? text.lowercased() : text).ids.prefix(lengthLimit))
  }

  private func tokens(_ record: Record) throws -> [Int32] {
    readsWords ? try record.words().map { token(ofWord: $0) } : tokens(try record.text())
  }

  /// The features of a text, or of words that were split already, a step for each.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func callAsFunction(_ record: Record) throws -> FeatureSequence {
    let tokens = try tokens(record)
    return FeatureSequence(
      tokens: tokens, featureCount: featureCount, values: evidence?.features(tokens) ?? [])
  }

  /// The features of a text of the training part: what its words say about the classes is counted on other texts; see
  /// ``WordEvidence``.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func trainingFeatures(_ record: Record, index: Int) throws -> FeatureSequence {
    let tokens = try tokens(record)
    return FeatureSequence(
      tokens: tokens, featureCount: featureCount,
      values: evidence?.trainingFeatures(tokens, index: index) ?? [])
  }

  /// How many tokens the text of a record has.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func stepCount(_ record: Record) throws -> Int {
    readsWords ? try record.words().count : try tokens(record).count
  }

  /// The beginning of a text that comes line by line.
  public func stream(readsTimes: Bool) -> FeatureStream? { FeatureStream(TextStream(self)) }
}
