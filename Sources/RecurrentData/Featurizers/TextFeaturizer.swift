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
  /// How many tokens all texts of the training part have, where the evidence of a token is that of its place among them; nil
  /// where it is the same at all places.
  public var placeCount: Int?

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
        vocabulary: vocabulary, lowersCase: true,
        lengthLimit: settings.lengthLimit ?? TextUnit.word.standardLength, evidence: nil)
      return (own, [])
    }
    var guess = TextUnitGuess(settings)
    try guess.look(at: records)
    let (unit, lowersCase) = (guess.unit, guess.unit == .word)
    var counter = VocabularyCounter(unit: unit, bases: settings.bases)
    try each {
      let text = try $0.text()
      counter.count(lowersCase ? text.lowercased() : text)
      counter.count("\n")
    }
    let frequent = try? counter.vocabulary(minimumCount: unit == .word ? 2 : 1)
    // few texts may have no word twice, only their ends
    let vocabulary = try frequent.flatMap { $0.count > 2 ? $0 : nil } ?? counter.vocabulary()
    let limit = settings.lengthLimit ?? unit.standardLength
    var featurizer = TextFeaturizer(
      vocabulary: vocabulary, lowersCase: lowersCase, lengthLimit: limit, evidence: nil)
    featurizer.placeCount = guess.placeCount(limit: limit)
    let usesEvidence = settings.usesEvidence && !(unit.isOfBases && settings.bases.readsBothStrands)
    let plain = featurizer
    var passes = RecordPasses(records) { record in
      let tokens = plain.tokens(try record.text())
      return (tokens, tokens.count)
    }
    var cut = 0
    var notes = guess.notes(unit)
    if let labels, usesEvidence, (2...20).contains(classCount) {
      var fit = WordEvidence.Fit(
        classCount: classCount, vocabularySize: vocabulary.count * (plain.placeCount ?? 1))
      try passes.run { index, tokens in
        cut += tokens.count == limit ? 1 : 0
        fit.count(plain.placed(tokens), label: labels[index])
      }
      fit.keepFrequentPairs()
      try passes.run { index, tokens in
        fit.countPairs(plain.placed(tokens), label: labels[index], index: index)
      }
      featurizer.evidence = fit.evidence
      if let count = plain.placeCount {
        notes.append(
          DataNote(
            .assumed, "all have \(count) tokens: what each says about the classes is counted by its place",
            setting: "evidence"))
      }
    } else {
      featurizer.placeCount = nil
      try passes.run { _, tokens in cut += tokens.count == limit ? 1 : 0 }
    }
    if cut > 0, cut < records.count || plain.placeCount == nil {
      notes.append(DataNote(.warning, "\(cut) texts are cut behind \(limit) tokens", setting: "length-limit"))
    }
    return (featurizer, notes)
  }

  /// The token of a word that was split already; 0 where it is unknown.
  func token(ofWord word: String) -> Int32 { vocabulary.id(ofWord: lowersCase ? word.lowercased() : word) }

  func tokens(_ text: String) -> [Int32] {
    Array(vocabulary.encode(lowersCase ? text.lowercased() : text).ids.prefix(lengthLimit))
  }

  /// The tokens as the evidence knows them: each at its place, where places matter.
  ///
  /// - Parameters:
  ///   - tokens: of a text, or of a part of one.
  ///   - start: the place of the first.
  func placed(_ tokens: [Int32], from start: Int = 0) -> [Int32] {
    guard let placeCount else { return tokens }
    return tokens.enumerated().map { index, token in
      let place = start + index
      // of places behind those of the training nothing is known
      return place < placeCount ? Int32(place * vocabulary.count) + token : .max
    }
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
      tokens: tokens, featureCount: featureCount, values: evidence?.features(placed(tokens)) ?? [])
  }

  /// The features of a text of the training part: what its words say about the classes is counted on other texts; see
  /// ``WordEvidence``.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func trainingFeatures(_ record: Record, index: Int) throws -> FeatureSequence {
    let tokens = try tokens(record)
    return FeatureSequence(
      tokens: tokens, featureCount: featureCount,
      values: evidence?.trainingFeatures(placed(tokens), index: index) ?? [])
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
