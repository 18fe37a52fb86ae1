/// The text of a language model, cut into parts by position; those of sources of their own are whole. Nothing of it is kept in
/// memory.
struct LanguageModelText {
  /// The part that is trained on.
  let training: UTF8TextReader
  /// The part that validates; empty for none.
  let validation: UTF8TextReader
  /// The part that tests; empty for none.
  let test: UTF8TextReader
  /// Characters of the training part.
  private let characterCount: Int
  /// Whether the end of the training part validates, for there is a text to test with and none to validate.
  let sparesValidation: Bool
  /// What the letters of the data say.
  let letters: SequenceLetters

  /// Reads UTF-8; several sources of a part are one text.
  ///
  /// - Parameters:
  ///   - request: the sources.
  ///   - shares: of the parts, where there are no sources for validation and test.
  /// - Throws: ``DataError``.
  init(_ request: TaskRequest, shares: DataShares) throws {
    let text = UTF8TextReader(request.data)
    letters = try LanguageModelText.letters(request.data, text)
    let count = try text.characterCount()
    sparesValidation = request.validationData.isEmpty && !request.testData.isEmpty
    guard request.validationData.isEmpty, request.testData.isEmpty else {
      let own = sparesValidation ? count - count / LanguageModelText.sparedPart : count
      (training, characterCount) = (sparesValidation ? text.part(0..<own) : text, own)
      validation =
        sparesValidation ? text.part(own..<count) : UTF8TextReader(request.validationData)
      test = UTF8TextReader(request.testData)
      return
    }
    let parts = shares.ranges(of: count)
    training = text.part(parts.training)
    validation = text.part(parts.validation)
    test = text.part(parts.test)
    characterCount = parts.training.count
  }

  /// One part in so many of a text validates where there is a text to test with alone.
  static let sparedPart = 20
  /// The letters of files of sequences; of others of the beginning of the text.
  private static func letters(
    _ sources: [DataSource], _ text: UTF8TextReader
  ) throws(DataError) -> SequenceLetters {
    let own = try DataSource.letters(of: sources)
    if own.count > 0 { return own }
    var letters = SequenceLetters()
    try text.part(0..<1 << 16).forEachChunk { _ = letters.look(at: $0) }
    return letters
  }

  /// What a token stands for where nobody says: a base of nucleotide sequences, else a character.
  var standardUnit: TextUnit { letters.kind == .bases ? .base : .character }

  /// How many tokens of a unit the training part has, roughly: enough to choose defaults before the vocabulary exists.
  func estimatedTokenCount(unit: TextUnit, _ bases: BaseSettings) -> Int {
    switch unit {
    case .character, .byte, .base: characterCount
    case .kmer: characterCount / bases.length
    case .bpe: characterCount / 3
    case .word: characterCount / 5
    }
  }
}
