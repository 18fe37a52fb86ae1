/// Token numbers, each in the bits that the largest of a vocabulary needs: a text of five hundred million characters takes as
/// many bytes, and not four times as many.
public struct TokenSequence: Sendable {
  /// Tokens so far.
  public private(set) var count = 0
  private let bits: Int
  private let tokensInWord: Int
  /// Words of 64 bits in chunks of equal size, the last one shorter, so that growing a long text copies nothing.
  private var chunks: [[UInt64]] = []
  private static let wordsInChunk = 1 << 16

  /// No tokens yet, of a vocabulary of so many.
  public init(vocabularySize: Int) {
    bits = Int.bitWidth - (Swift.max(vocabularySize, 2) - 1).leadingZeroBitCount
    tokensInWord = 64 / bits
  }

  /// Tokens of any vocabulary.
  public init(_ ids: [Int32]) {
    self.init(vocabularySize: Int(ids.max() ?? 0) + 1)
    append(contentsOf: ids)
  }

  /// Adds tokens, each in `0..<V` of the vocabulary.
  public mutating func append(contentsOf ids: [Int32]) { for id in ids { append(id) } }

  /// Adds a token in `0..<V` of the vocabulary.
  public mutating func append(_ id: Int32) {
    trapUnless(
      id >= 0 && UInt64(id) >> UInt64(bits) == 0, "TokenSequence: a token has more than \(bits) bits: \(id)")
    let (word, place) = count.quotientAndRemainder(dividingBy: tokensInWord)
    let (chunk, own) = word.quotientAndRemainder(dividingBy: TokenSequence.wordsInChunk)
    if chunk == chunks.count {
      chunks.append([])
      // most texts are short; only one that was long already takes a whole chunk at once
      if chunk > 0 { chunks[chunk].reserveCapacity(TokenSequence.wordsInChunk) }
    }
    if own == chunks[chunk].count { chunks[chunk].append(0) }
    chunks[chunk][own] |= UInt64(id) << UInt64(place * bits)
    count += 1
  }
}

extension TokenSequence: RandomAccessCollection {
  /// 0.
  public var startIndex: Int { 0 }
  /// The number of tokens.
  public var endIndex: Int { count }

  /// A token.
  public subscript(index: Int) -> Int32 {
    trapUnless(index >= 0 && index < count, "TokenSequence: no token \(index) of \(count)")
    let (word, place) = index.quotientAndRemainder(dividingBy: tokensInWord)
    let (chunk, own) = word.quotientAndRemainder(dividingBy: TokenSequence.wordsInChunk)
    return Int32(chunks[chunk][own] >> UInt64(place * bits) & (1 << UInt64(bits) - 1))
  }
}

extension TokenSequence: Equatable {
  /// Whether the tokens are the same.
  public static func == (a: TokenSequence, b: TokenSequence) -> Bool { a.elementsEqual(b) }
}

extension TokenSequence: ExpressibleByArrayLiteral {
  /// Tokens by their numbers in the vocabulary.
  public init(arrayLiteral ids: Int32...) { self.init(ids) }
}
