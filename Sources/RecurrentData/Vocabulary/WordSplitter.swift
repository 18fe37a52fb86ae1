/// Splits text into words, punctuation marks, line ends and white space.
///
/// - A line feed is a piece by itself. Other white space (a carriage return too) forms pieces that separate
///   and are no tokens.
/// - A word is a run of letters, marks and digits. An apostrophe, hyphen, full stop, comma, colon or
///   underscore between two of them belongs to it: `don't`, `well-known`, `3.14`, `10:30`.
/// - A name in angle brackets is one piece: `<unk>`, `</s>`.
/// - Every other character is a piece by itself.
///
/// Where `splitsPunctuation` is false, everything between white space is one piece, as text that was already
/// split into words needs it (Penn Treebank, WikiText).
struct WordSplitter: TextSplitter {
  let splitsPunctuation: Bool

  func pieceEnd(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let newline = UInt32(UInt8(ascii: "\n"))
    let (first, length) = scalar(in: bytes, at: start)
    if first == newline { return start + 1 }
    let kind = ScalarClass(first)
    if kind == .space {
      return runEnd(in: bytes, from: start, origin: start) { $0 != newline && ScalarClass($0) == .space }
    }
    guard splitsPunctuation else {
      return runEnd(in: bytes, from: start, origin: start) { ScalarClass($0) != .space }
    }
    if first == UInt32(UInt8(ascii: "<")), let end = tagEnd(in: bytes, from: start) { return end }
    guard kind != .symbol else { return start + length }
    return wordEnd(in: bytes, from: start)
  }

  private func wordEnd(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var end = start
    while true {
      end = runEnd(in: bytes, from: end, origin: start) {
        let kind = ScalarClass($0)
        return kind == .letter || kind == .digit
      }
      guard end < bytes.count else { return end }
      let (joiner, length) = scalar(in: bytes, at: end)
      guard isJoiner(joiner), end + length < bytes.count else { return end }
      let (next, nextLength) = scalar(in: bytes, at: end + length)
      let kind = ScalarClass(next)
      guard kind == .letter || kind == .digit,
        end + length + nextLength - start <= PieceStreamLimits.longestPiece
      else { return end }
      end += length
    }
  }

  private func isJoiner(_ scalar: UInt32) -> Bool {
    switch scalar {
    // ' - . , : _ and the typographic apostrophe and hyphen
    case 0x27, 0x2D, 0x2E, 0x2C, 0x3A, 0x5F, 0x2019, 0x2010: true
    default: false
    }
  }

  /// The end of `<name>` or `</name>` of up to 30 ASCII letters and digits, nil where there is none.
  private func tagEnd(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var index = start + 1
    if index < bytes.count, bytes[index] == UInt8(ascii: "/") { index += 1 }
    let nameStart = index
    while index < bytes.count, index - nameStart < 30, bytes[index] < 0x80 {
      let kind = ScalarClass(UInt32(bytes[index]))
      guard kind == .letter || kind == .digit || bytes[index] == UInt8(ascii: "_") else { break }
      index += 1
    }
    guard index > nameStart, index < bytes.count, bytes[index] == UInt8(ascii: ">") else { return nil }
    return index + 1
  }
}
