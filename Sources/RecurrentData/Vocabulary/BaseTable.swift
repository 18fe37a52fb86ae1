/// The tokens of nucleotide sequences: all words of 1 to k bases.
///
/// | number | token |
/// |---|---|
/// | 0 | any other letter: `N`, the codes of IUPAC for several bases, a gap |
/// | 1 | the end of a sequence, a line feed |
/// | 2 and more | A, C, G, T; then AA, AC, ... TT; and so on to k bases |
///
/// Where case is kept there are eight letters, `A C G T a c g t`. Uracil is read as thymine.
struct BaseTable: Sendable, Equatable {
  /// k: the bases of the longest token.
  let length: Int
  /// Whether letters in lower case are tokens of their own.
  let keepsCase: Bool
  /// The number of tokens, V.
  let count: Int
  /// The first token of each length from 1 on.
  private let starts: [Int]

  /// The number of the unknown letter, and that of the end of a sequence.
  static let unknown: Int32 = 0, end: Int32 = 1

  /// Tokens of up to `length` bases; nil where those are more than 100,000.
  init?(length: Int, keepsCase: Bool) {
    guard (1...8).contains(length) else { return nil }
    (self.length, self.keepsCase) = (length, keepsCase)
    var (starts, next, power) = ([Int](), 2, 1)
    for _ in 1...length {
      power *= keepsCase ? 8 : 4
      starts.append(next)
      next += power
    }
    guard next <= 100_000 else { return nil }
    (self.starts, count) = (starts, next)
  }

  /// Different letters: 4, or 8 where case is kept.
  var letterCount: Int { keepsCase ? 8 : 4 }

  /// The number of a letter among the letters; nil for any other byte.
  @inline(__always)
  func letter(_ byte: UInt8) -> Int? {
    let base: Int
    switch byte | 0x20 {
    case UInt8(ascii: "a"): base = 0
    case UInt8(ascii: "c"): base = 1
    case UInt8(ascii: "g"): base = 2
    case UInt8(ascii: "t"), UInt8(ascii: "u"): base = 3
    default: return nil
    }
    return keepsCase && byte & 0x20 != 0 ? base + 4 : base
  }

  /// The token of a word.
  ///
  /// - Parameters:
  ///   - code: its letters as the digits of a number.
  ///   - letters: how many there are, 1 to k.
  @inline(__always)
  func token(_ code: Int, letters: Int) -> Int32 { Int32(starts[letters - 1] + code) }

  /// The letters of a token by their numbers; empty for those that are no words.
  private func digits(_ id: Int32) -> [Int] {
    guard let place = starts.lastIndex(where: { $0 <= Int(id) }) else { return [] }
    var code = Int(id) - starts[place]
    var digits = [Int](repeating: 0, count: place + 1)
    for index in digits.indices.reversed() {
      (code, digits[index]) = code.quotientAndRemainder(dividingBy: letterCount)
    }
    return digits
  }

  /// The letters of a token.
  func letters(of id: Int32) -> [UInt8] {
    switch id {
    case BaseTable.unknown: [UInt8(ascii: "N")]
    case BaseTable.end: [0x0A]
    default: digits(id).map { Array("ACGTacgt".utf8)[$0] }
    }
  }

  /// The token of the opposite strand: the complements of its letters in the opposite order.
  func complement(_ id: Int32) -> Int32 {
    let digits = digits(id)
    guard !digits.isEmpty else { return id }
    // A C G T are 0 1 2 3, and 4 5 6 7 in lower case
    let code = digits.reversed().reduce(0) { $0 * letterCount + ($1 < 4 ? 3 - $1 : 11 - $1) }
    return token(code, letters: digits.count)
  }
}

/// The tokens of a nucleotide sequence that comes part by part: words of k bases one behind the other, of fewer before what is
/// no base.
struct BaseEncoder {
  private let table: BaseTable
  /// The word that is not whole yet: its letters as digits, and how many there are.
  private var code = 0, letters = 0

  init(_ table: BaseTable) { self.table = table }

  /// Takes a part of the text. Blanks are left out, lines without anything in them too.
  mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, into result: inout EncodedText) {
    for (place, byte) in bytes.enumerated() {
      if let letter = table.letter(byte) {
        (code, letters) = (code * table.letterCount + letter, letters + 1)
        if letters == table.length { endWord(into: &result) }
        continue
      }
      switch byte {
      case 0x20, 0x09, 0x0D: continue
      case 0x0A:
        endWord(into: &result)
        if let last = result.ids.last, last != BaseTable.end { result.ids.append(BaseTable.end) }
      // the second and further bytes of a character
      case 0x80...0xBF: continue
      default:
        endWord(into: &result)
        result.ids.append(BaseTable.unknown)
        let count = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        result.noteUnknown(UnsafeBufferPointer(rebasing: bytes[place..<min(place + count, bytes.count)]))
      }
    }
  }

  /// Ends the text.
  mutating func finish(into result: inout EncodedText) { endWord(into: &result) }

  private mutating func endWord(into result: inout EncodedText) {
    guard letters > 0 else { return }
    result.ids.append(table.token(code, letters: letters))
    (code, letters) = (0, 0)
  }
}

extension TextVocabulary {
  /// The tokens of the opposite strand of nucleotide sequences, one behind the other: in the opposite order, each as its complement.
  ///
  /// - Precondition: the tokens are made of bases.
  public func oppositeStrand(_ ids: TokenSequence) -> TokenSequence {
    guard let bases else { fatalError("TextVocabulary.oppositeStrand: the tokens are no bases") }
    let complements = (0..<Int32(count)).map { bases.complement($0) }
    var opposite = TokenSequence(vocabularySize: count)
    for id in ids.reversed() { opposite.append(complements[Int(id)]) }
    return opposite
  }
}
