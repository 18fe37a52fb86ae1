/// 122 bits that stand for a text: those of two texts put together follow from theirs, so that texts cut into different
/// tokens are alike.
///
/// Each half is the value of the text as a polynomial modulo 2^61 - 1 (Karp and Rabin 1987). Different texts of a search have
/// the same bits by chance alone, less than once in 10^20 frames.
struct TextFingerprint: Equatable, Sendable {
  private(set) var first: UInt64 = 0
  private(set) var second: UInt64 = 0

  /// The empty text.
  init() {}

  /// Bits that were kept.
  init(first: UInt64, second: UInt64) { (self.first, self.second) = (first, second) }

  /// A piece of text to be appended.
  struct Piece: Sendable {
    fileprivate var text = TextFingerprint()
    fileprivate var firstScale: UInt64 = 1
    fileprivate var secondScale: UInt64 = 1

    /// The piece of symbols, each of which is a byte or larger.
    init(_ symbols: some Sequence<UInt64>) {
      for symbol in symbols {
        text.first = multiplied(text.first, firstBase, adding: symbol + 1)
        text.second = multiplied(text.second, secondBase, adding: symbol + 1)
        firstScale = multiplied(firstScale, firstBase, adding: 0)
        secondScale = multiplied(secondScale, secondBase, adding: 0)
      }
    }
  }

  /// This text and a piece after it.
  @inline(__always)
  func appending(_ piece: Piece) -> TextFingerprint {
    TextFingerprint(
      first: multiplied(first, piece.firstScale, adding: piece.text.first),
      second: multiplied(second, piece.secondScale, adding: piece.text.second))
  }
}

private let modulus: UInt64 = (1 << 61) - 1
private let firstBase: UInt64 = 0x0F3A_61C8_9D27_B54E
private let secondBase: UInt64 = 0x1B97_0E5D_4C82_36F1

/// (a b + c) modulo 2^61 - 1 of numbers below it.
@inline(__always)
private func multiplied(_ a: UInt64, _ b: UInt64, adding c: UInt64) -> UInt64 {
  let (high, low) = a.multipliedFullWidth(by: b)
  let folded = (low & modulus) &+ (high &<< 3 | low &>> 61) &+ c
  let once = (folded & modulus) &+ folded &>> 61
  return once >= modulus ? once &- modulus : once
}
