/// The tokens of a text and their numbers: a fitted, saveable map from text to `0..<V` and back.
///
/// | unit | tokens | number 0 | text that comes back |
/// |---|---|---|---|
/// | character | Unicode scalars, by falling frequency | `<unk>` | the same, but for unknown characters |
/// | byte | the 256 bytes | byte 0 | the same |
/// | word | words, punctuation marks, line ends, by falling frequency | `<unk>` | readable, see below |
/// | bpe | the 256 bytes, then one token a merge | byte 0 | the same |
/// | base | line end, A, C, G, T | any other letter, `N` | capital letters, without blanks |
/// | k-mer | line end, all words of 1 to k bases | any other letter, `N` | capital letters, without blanks |
///
/// Texts are told apart by their bytes, so that composed and decomposed accents are different characters and
/// words.
///
/// Decoded words have a space between them, but none at the beginning of a line, before closing punctuation, after an
/// opening bracket or currency sign, and inside straight double quotes, of which every second one in a line closes.
/// Where punctuation is not split off, every word has a space before it but the first of a line.
///
/// Words: white space separates; a line feed is a token; a word is a run of letters, marks and digits; an
/// apostrophe, hyphen, full stop, comma, colon or underscore between two of these belongs to the word
/// (`don't`, `3.14`); a name in angle brackets is one token; every other character is a token by itself.
/// `<unk>` in a text is the unknown word. Words of more than 512 bytes are cut. For text that was already
/// split into words (Penn Treebank, WikiText) fit with `splitsPunctuation: false`: then everything between
/// white space is one token.
public struct TextVocabulary: Tokenizer, Equatable {
  enum Table: Sendable, Equatable {
    case character(CharacterTable)
    case byte
    case word(WordTable)
    case bpe(BytePairTable)
    case bases(BaseTable)
  }

  let table: Table

  init(_ table: Table) { self.table = table }

  /// What one token stands for.
  public var unit: TextUnit {
    switch table {
    case .character: .character
    case .byte: .byte
    case .word: .word
    case .bpe: .bpe
    case .bases(let table): table.length == 1 ? .base : .kmer
    }
  }

  /// The number of tokens, V.
  public var count: Int {
    switch table {
    case .character(let table): table.characters.count + 1
    case .byte: 256
    case .word(let table): table.words.count + 1
    case .bpe(let table): table.count
    case .bases(let table): table.count
    }
  }

  /// The bases of the longest token, k; nil for tokens that are not made of bases.
  public var baseCount: Int? { bases?.length }

  /// The tokens, where they are made of bases.
  var bases: BaseTable? { if case .bases(let table) = table { table } else { nil } }

  /// The tokens of nucleotide sequences, which are the same whatever the text.
  ///
  /// - Parameters:
  ///   - length: k, the bases of the longest token, within `baseCounts`.
  ///   - keepsCase: whether letters in lower case, a soft mask, are tokens of their own.
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where that makes too many tokens.
  public static func bases(_ length: Int = 1, keepsCase: Bool = false) throws(DataError) -> TextVocabulary {
    guard let table = BaseTable(length: length, keepsCase: keepsCase) else {
      throw .invalidSetting(
        name: "k", expected: "1 to \(keepsCase ? "5 where lower case is kept" : "8")", found: "\(length)")
    }
    return TextVocabulary(.bases(table))
  }

  /// The number of the unknown token; nil where every text can be written with the tokens.
  public var unknownID: Int32? {
    switch table {
    case .character, .word, .bases: 0
    case .byte, .bpe: nil
    }
  }

  /// Whether punctuation is split off words; false for all units but words.
  public var splitsPunctuation: Bool {
    guard case .word(let table) = table else { return false }
    return table.splitsPunctuation
  }

  /// The number of a word that was split already, as it stands; 0 where it is unknown.
  ///
  /// - Precondition: the unit is a word.
  public func id(ofWord word: String) -> Int32 {
    guard case .word(let table) = table else {
      fatalError("TextVocabulary.id(ofWord:): the tokens are no words")
    }
    var word = word
    return word.withUTF8 { table.number(of: $0) }
  }

  /// The bytes that token `id` stands for, nil outside `0..<V`. The unknown token stands for `<unk>`.
  public func bytes(of id: Int32) -> [UInt8]? {
    guard id >= 0, Int(id) < count else { return nil }
    switch table {
    case .character(let table):
      return id == 0 ? Array(WordTable.unknown.utf8) : Array(String(table.characters[Int(id) - 1]).utf8)
    case .byte: return [UInt8(id)]
    case .word(let table): return Array((id == 0 ? WordTable.unknown : table.words[Int(id) - 1]).utf8)
    case .bpe(let table): return Array(table.bytes(of: id))
    case .bases(let table): return table.letters(of: id)
    }
  }

  /// Token `id` as text to show, nil outside `0..<V`. Bytes that are no text alone appear as U+FFFD.
  public func token(_ id: Int32) -> String? {
    bytes(of: id).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A decoder at the beginning of a text: characters, bytes and byte pairs are put together as they are.
  public func makeDecoder() -> any TokenDecoder { StreamingTextDecoder(self) }
}
