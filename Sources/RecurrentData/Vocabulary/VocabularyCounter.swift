/// Counts what may become the tokens of a vocabulary, in texts that come one after the other.
struct VocabularyCounter {
  private let unit: TextUnit
  private let splitsPunctuation: Bool
  private let bases: BaseTable?
  private var isEmpty = true
  // of these the one for the unit; bytes and bases need none
  private var characters: CharacterCounter?
  private var words: PieceCounter<WordSplitter>?
  private var pieces: PieceCounter<BytePairSplitter>?

  /// No text yet.
  ///
  /// - Parameters:
  ///   - unit: what a token stands for.
  ///   - splitsPunctuation: whether punctuation is split off words.
  ///   - bases: how words of bases are made.
  init(unit: TextUnit, splitsPunctuation: Bool = true, bases: BaseSettings = BaseSettings()) {
    (self.unit, self.splitsPunctuation) = (unit, splitsPunctuation)
    self.bases = bases.table(unit)
    switch unit {
    case .byte, .base, .kmer: break
    case .character: characters = CharacterCounter()
    case .word:
      words = PieceCounter(WordSplitter(splitsPunctuation: splitsPunctuation), skipsSeparators: true)
    case .bpe: pieces = PieceCounter(BytePairSplitter())
    }
  }

  /// Counts a text, which goes on where the one before ended.
  mutating func count(_ text: String) {
    var text = text
    text.withUTF8 { count($0) }
  }

  /// Counts a part of a text: valid UTF-8 that ends between two scalars.
  mutating func count(_ bytes: UnsafeBufferPointer<UInt8>) {
    if !bytes.isEmpty { isEmpty = false }
    characters?.count(bytes)
    words?.feed(bytes)
    pieces?.feed(bytes)
  }

  /// Counts a word that was split already, as it stands. The unit must be a word.
  mutating func count(word: String) {
    var word = word
    if !word.isEmpty { word.withUTF8 { words?.add($0) } }
  }

  /// Throws where a size is impossible.
  func check(_ size: Int?) throws(DataError) {
    if size != nil, unit.isOfBases {
      throw .invalidSetting(
        name: "vocabulary size", expected: "nothing beside bases, of which there are as many as `k` says",
        found: "\(size ?? 0)")
    }
    guard !unit.isOfBases || bases != nil else {
      throw .invalidSetting(
        name: "k", expected: "2 to 8, or 2 to 5 where soft-mask is keep", found: "another")
    }
    let least = unit == .byte || unit == .bpe ? 256 : 2
    if let size, size < least || size > Int(Int32.max) {
      throw .invalidSetting(
        name: "vocabulary size", expected: "at least \(least) and below 2^31 for unit \(unit.rawValue)",
        found: "\(size)")
    }
  }

  /// The vocabulary of what was counted; see ``TextVocabulary/fit(unit:from:size:minimumCount:splitsPunctuation:bases:)``.
  ///
  /// - Throws: ``DataError/noText``, or ``DataError/invalidSetting(name:expected:found:)`` where `size` is too small or
  ///   `minimumCount` leaves nothing.
  mutating func vocabulary(
    size: Int? = nil, minimumCount: Int = 1
  ) throws(DataError) -> TextVocabulary {
    try check(size)
    let minimum = max(1, minimumCount)
    func nothingKept() -> DataError {
      .invalidSetting(
        name: "minimum count", expected: "low enough that some token occurs as often",
        found: "\(minimumCount)")
    }
    words?.finish()
    pieces?.finish()
    if let characters {
      guard !isEmpty else { throw .noText }
      let ranked = characters.ranked(minimum: minimumCount, limit: size.map { $0 - 1 })
      guard !ranked.isEmpty else { throw nothingKept() }
      return TextVocabulary(.character(CharacterTable(ranked)))
    }
    if let pieces {
      guard pieces.table.count > 0 else { throw .noText }
      var trainer = BytePairTrainer(pieces)
      let merges = trainer.merges(
        size: size ?? TextVocabulary.defaultBytePairCount, minimumCount: max(2, minimumCount))
      guard let table = try? BytePairTable(merges) else {
        fatalError("VocabularyCounter: learnt merges are valid")
      }
      return TextVocabulary(.bpe(table))
    }
    if let bases {
      guard !isEmpty else { throw .noText }
      return TextVocabulary(.bases(bases))
    }
    guard let words else { return TextVocabulary(.byte) }
    guard words.table.count > 0 else { throw .noText }
    var kept: [String] = []
    for number in words.ranked() where words.counts[number] >= minimum {
      if let size, kept.count == size - 1 { break }
      let word = words.table.string(number)
      if word != WordTable.unknown { kept.append(word) }
    }
    guard !kept.isEmpty else { throw minimum > 1 ? nothingKept() : .noText }
    guard let table = WordTable(kept, splitsPunctuation: splitsPunctuation) else {
      fatalError("VocabularyCounter: the pieces of a table are different")
    }
    return TextVocabulary(.word(table))
  }
}
