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
  ///   - bases: How tokens of bases are made.
  /// - Throws: ``DataError`` about reading, ``DataError/noText``, or
  ///   ``DataError/invalidSetting(name:expected:found:)`` where `size` is too small or `minimumCount` leaves
  ///   nothing.
  public static func fit(
    unit: TextUnit, from reader: UTF8TextReader, size: Int? = nil, minimumCount: Int = 1,
    splitsPunctuation: Bool = true, bases: BaseSettings = BaseSettings()
  ) throws(DataError) -> TextVocabulary {
    var counter = VocabularyCounter(unit: unit, splitsPunctuation: splitsPunctuation, bases: bases)
    try counter.check(size)
    if unit != .byte { try reader.forEachChunk { counter.count($0) } }
    return try counter.vocabulary(size: size, minimumCount: minimumCount)
  }

  /// Fits a vocabulary to `texts`, read as one; see ``fit(unit:from:size:minimumCount:splitsPunctuation:bases:)``.
  ///
  /// - Throws: ``DataError``.
  public static func fit(
    unit: TextUnit, texts: [String], size: Int? = nil, minimumCount: Int = 1, splitsPunctuation: Bool = true,
    bases: BaseSettings = BaseSettings()
  ) throws(DataError) -> TextVocabulary {
    try fit(
      unit: unit, from: UTF8TextReader(texts: texts), size: size, minimumCount: minimumCount,
      splitsPunctuation: splitsPunctuation, bases: bases)
  }
}
