extension TextVocabulary {
  /// The size of a byte-pair vocabulary where none is asked for.
  public static let defaultBytePairCount = 2_000

  /// Fits a vocabulary to the text of `reader`, which is read once. Fit on the training part alone.
  ///
  /// - Parameters:
  ///   - unit: What a token stands for.
  ///   - reader: The text. Not read for bytes, whose vocabulary is always the same.
  ///   - size: The largest V. Without one, all characters or words are kept, and byte pairs get
  ///     ``defaultBytePairCount`` tokens, or fewer where the text has no more repeated pairs.
  ///   - minimumCount: How often a character or word must occur to be kept, and a pair to be merged (at least
  ///   twice).
  ///   - splitsPunctuation: Whether punctuation is split off words.
  /// - Throws: ``DataError`` about reading, ``DataError/noText``, or
  ///   ``DataError/invalidSetting(name:expected:found:)`` where `size` is too small or `minimumCount` leaves
  ///   nothing.
  public static func fit(
    unit: TextUnit, from reader: UTF8TextReader, size: Int? = nil, minimumCount: Int = 1,
    splitsPunctuation: Bool = true
  ) throws(DataError) -> TextVocabulary {
    let least =
      switch unit {
      case .character, .word: 2
      case .byte, .bpe: 256
      }
    if let size, size < least || size > Int(Int32.max) {
      throw .invalidSetting(
        name: "vocabulary size", expected: "at least \(least) and below 2^31 for unit \(unit.rawValue)",
        found: "\(size)")
    }
    switch unit {
    case .byte:
      return TextVocabulary(.byte)
    case .character:
      return try fitCharacters(reader, limit: size.map { $0 - 1 }, minimumCount: minimumCount)
    case .word:
      return try fitWords(
        reader, limit: size.map { $0 - 1 }, minimumCount: minimumCount, splitsPunctuation: splitsPunctuation)
    case .bpe:
      return try fitBytePairs(reader, size: size ?? defaultBytePairCount, minimumCount: minimumCount)
    }
  }

  /// Fits a vocabulary to the files at the paths `files`, read as one text; see
  /// ``fit(unit:from:size:minimumCount:splitsPunctuation:)``.
  ///
  /// - Throws: ``DataError``.
  public static func fit(
    unit: TextUnit, files: [String], size: Int? = nil, minimumCount: Int = 1, splitsPunctuation: Bool = true
  ) throws(DataError) -> TextVocabulary {
    try fit(
      unit: unit, from: UTF8TextReader(paths: files), size: size, minimumCount: minimumCount,
      splitsPunctuation: splitsPunctuation)
  }

  /// Fits a vocabulary to `texts`, read as one; see ``fit(unit:from:size:minimumCount:splitsPunctuation:)``.
  ///
  /// - Throws: ``DataError``.
  public static func fit(
    unit: TextUnit, texts: [String], size: Int? = nil, minimumCount: Int = 1, splitsPunctuation: Bool = true
  ) throws(DataError) -> TextVocabulary {
    try fit(
      unit: unit, from: UTF8TextReader(texts: texts), size: size, minimumCount: minimumCount,
      splitsPunctuation: splitsPunctuation)
  }

  private static func fitCharacters(
    _ reader: UTF8TextReader, limit: Int?, minimumCount: Int
  ) throws(DataError) -> TextVocabulary {
    var counter = CharacterCounter()
    var isEmpty = true
    try reader.forEachChunk {
      counter.count($0)
      if !$0.isEmpty { isEmpty = false }
    }
    guard !isEmpty else { throw .noText }
    let characters = counter.ranked(minimum: minimumCount, limit: limit)
    guard !characters.isEmpty else { throw nothingKept(minimumCount) }
    return TextVocabulary(.character(CharacterTable(characters)))
  }

  private static func fitWords(
    _ reader: UTF8TextReader, limit: Int?, minimumCount: Int, splitsPunctuation: Bool
  ) throws(DataError) -> TextVocabulary {
    var counter = PieceCounter(
      WordSplitter(splitsPunctuation: splitsPunctuation), skipsSeparators: true)
    try reader.forEachChunk { counter.feed($0) }
    counter.finish()
    return try frequentWords(
      counter, limit: limit, minimumCount: minimumCount, splitsPunctuation: splitsPunctuation)
  }

  /// Fits a vocabulary to words that were split already: each is one token as it stands, whatever it is made of. Fit on the
  /// training part alone.
  ///
  /// - Parameters:
  ///   - words: The words, one after the other.
  ///   - minimumCount: How often a word must occur to be kept.
  /// - Throws: ``DataError/noText``, or ``DataError/invalidSetting(name:expected:found:)`` where `minimumCount` leaves
  ///   nothing.
  public static func fit(
    words: some Sequence<String>, minimumCount: Int = 1
  ) throws(DataError) -> TextVocabulary {
    var counter = PieceCounter(WordSplitter(splitsPunctuation: false))
    for var word in words where !word.isEmpty { word.withUTF8 { counter.add($0) } }
    return try frequentWords(counter, limit: nil, minimumCount: minimumCount, splitsPunctuation: false)
  }

  /// The words that occur often enough, the most frequent first.
  private static func frequentWords(
    _ counter: PieceCounter<WordSplitter>, limit: Int?, minimumCount: Int, splitsPunctuation: Bool
  ) throws(DataError) -> TextVocabulary {
    guard counter.table.count > 0 else { throw .noText }
    let minimum = max(1, minimumCount)
    var words: [String] = []
    for number in counter.ranked() where counter.counts[number] >= minimum {
      if let limit, words.count == limit { break }
      let word = counter.table.string(number)
      if word != WordTable.unknown { words.append(word) }
    }
    guard !words.isEmpty else { throw minimum > 1 ? nothingKept(minimum) : .noText }
    guard let table = WordTable(words, splitsPunctuation: splitsPunctuation) else {
      fatalError("TextVocabulary: the pieces of a table are different")
    }
    return TextVocabulary(.word(table))
  }

  private static func fitBytePairs(
    _ reader: UTF8TextReader, size: Int, minimumCount: Int
  ) throws(DataError) -> TextVocabulary {
    var counter = PieceCounter(BytePairSplitter())
    try reader.forEachChunk { counter.feed($0) }
    counter.finish()
    guard counter.table.count > 0 else { throw .noText }
    var trainer = BytePairTrainer(counter)
    let merges = trainer.merges(size: size, minimumCount: max(2, minimumCount))
    guard let table = try? BytePairTable(merges) else {
      fatalError("TextVocabulary: learnt merges are valid")
    }
    return TextVocabulary(.bpe(table))
  }

  private static func nothingKept(_ minimumCount: Int) -> DataError {
    .invalidSetting(
      name: "minimum count", expected: "low enough that some token occurs as often", found: "\(minimumCount)")
  }
}
