import RecurrentData

/// The words of an n-gram model and their numbers; number 0 is the unknown word.
struct NGramVocabulary: Sendable {
  /// How ARPA files write the unknown word and the ends of a sentence.
  static let unknownWord = "<unk>", beginWord = "<s>", endWord = "</s>"

  private var table = ByteStringTable()

  /// A vocabulary that has the unknown word only.
  init() { _ = insert(NGramVocabulary.unknownWord) }

  /// The number of words, V.
  var count: Int { table.count }

  /// How many bytes the words have together.
  var byteCount: Int { table.byteCount }

  /// The number before every sentence; nil where the model has none.
  var begin: Int32? { number(of: NGramVocabulary.beginWord) }

  /// The number after every sentence; nil where the model has none.
  var end: Int32? { number(of: NGramVocabulary.endWord) }

  /// The number of a word, a new one where it had none.
  mutating func insert(_ bytes: UnsafeBufferPointer<UInt8>) -> Int { table.insert(bytes) }

  /// The number of a word, a new one where it had none.
  @discardableResult
  mutating func insert(_ word: String) -> Int {
    var word = word
    return word.withUTF8 { table.insert($0) }
  }

  /// The number of a word; nil where it has none.
  func number(of bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
    table.number(of: bytes).map { Int32(truncatingIfNeeded: $0) }
  }

  /// The number of a word; nil where it has none.
  func number(of word: String) -> Int32? {
    var word = word
    return word.withUTF8 { number(of: $0) }
  }

  /// The word of a number.
  func word(_ number: Int) -> String { table.string(number) }

  /// Calls `body` with the bytes of the word of a number; the pointer is valid until `body` returns.
  func withBytes(of number: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    table.withBytes(of: number, body)
  }
}
