/// How the steps of a piece become tokens: the keys that sound, the highest first, and the end of the step; so every step is written in
/// one way alone.
///
/// Of pieces that tell held tones from struck ones there is a token for either.
public struct MusicTokens: Sendable, Equatable, Codable {
  /// The lowest and the highest key.
  public var lowest, highest: Int
  /// Whether held tones have tokens of their own.
  public var tellsHeld: Bool

  /// Tokens of a range of keys.
  public init(_ range: ClosedRange<Int>, tellsHeld: Bool) {
    (lowest, highest, self.tellsHeld) = (range.lowerBound, range.upperBound, tellsHeld)
  }

  /// The keys.
  public var range: ClosedRange<Int> { lowest...highest }
  /// K, the number of keys.
  public var keyCount: Int { highest - lowest + 1 }
  /// V, the number of tokens: struck keys, held keys, the end of a step, the beginning of a piece.
  public var count: Int { keyCount * (tellsHeld ? 2 : 1) + 2 }
  /// The end of a step.
  public var stepEnd: Int32 { Int32(count - 2) }
  /// The beginning of a piece, which is read and never written.
  public var beginning: Int32 { Int32(count - 1) }

  /// The token of a tone in range.
  public func token(_ tone: MusicPiece.Tone) -> Int32 {
    Int32(tone.key - lowest + (tone.isHeld && tellsHeld ? keyCount : 0))
  }

  /// The tone of a token; nil for the two that are none.
  public func tone(_ token: Int32) -> MusicPiece.Tone? {
    let place = Int(token)
    guard place < count - 2 else { return nil }
    return place < keyCount
      ? MusicPiece.Tone(place + lowest) : MusicPiece.Tone(place - keyCount + lowest, isHeld: true)
  }

  /// The tokens of a step with its end. Traps at keys out of range, and others than the highest first.
  public func tokens(of step: [MusicPiece.Tone]) -> [Int32] {
    for (index, tone) in step.enumerated() {
      trapUnless(
        range.contains(tone.key) && (index == 0 || step[index - 1].key > tone.key),
        "MusicTokens: the tones \(step.map(\.key)) are not of \(lowest) to \(highest), the highest first")
    }
    return step.map { token($0) } + [stepEnd]
  }
}

/// What may come next in a step: no key that is not below the last one, no held one that did not sound before, no more tones than are
/// allowed. What is held or struck can so always be ended.
public struct MusicGrammar: Sendable, Equatable {
  private let tokens: MusicTokens
  /// A bit for each key that sounded before, 64 each.
  private let lowKeys, highKeys: UInt64
  private let voices: Int
  /// The tones of the step so far.
  public private(set) var tones: [MusicPiece.Tone] = []

  /// The beginning of a step.
  ///
  /// - Parameters:
  ///   - tokens: of the keys.
  ///   - before: the tones of the step before.
  ///   - voices: the most tones of a step; nil for any number.
  public init(_ tokens: MusicTokens, after before: [MusicPiece.Tone], voices: Int? = nil) {
    (self.tokens, self.voices) = (tokens, voices ?? .max)
    var (low, high): (UInt64, UInt64) = (0, 0)
    for tone in before {
      if tone.key < 64 { low |= 1 << UInt64(tone.key) } else { high |= 1 << UInt64(tone.key - 64) }
    }
    (lowKeys, highKeys) = (low, high)
  }

  /// Whether a token may come next.
  public func allows(_ token: Int32) -> Bool {
    guard let tone = tokens.tone(token) else { return token == tokens.stepEnd }
    return tones.count < voices && tone.key < tones.last?.key ?? .max
      && (!tone.isHeld || sounded(tone.key))
  }

  private func sounded(_ key: Int) -> Bool {
    (key < 64 ? lowKeys >> UInt64(key) : highKeys >> UInt64(key - 64)) & 1 == 1
  }

  /// Takes a token that is allowed.
  ///
  /// - Returns: whether it ends the step.
  public mutating func push(_ token: Int32) -> Bool {
    guard let tone = tokens.tone(token) else { return true }
    tones.append(tone)
    return false
  }

  /// The scores of all tokens with those that may not come as minus infinity.
  public func masked(_ scores: UnsafeBufferPointer<Float>) -> [Float] {
    scores.indices.map { allows(Int32($0)) ? scores[$0] : -.infinity }
  }
}
