/// Splits text into the pieces inside which byte pairs are merged; together the pieces are the text.
///
/// A piece is a run of letters, of digits, or of symbols, each with one space before it where there is one,
/// or a run of white space. Of several spaces before a word the last belongs to the word.
struct BytePairSplitter: TextSplitter {
  func pieceEnd(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var (first, length) = scalar(in: bytes, at: start)
    var body = start
    if first == 0x20, start + 1 < bytes.count {
      body = start + 1
      (first, length) = scalar(in: bytes, at: body)
    }
    let kind = ScalarClass(first)
    if kind != .space {
      return runEnd(in: bytes, from: body + length, origin: start) { ScalarClass($0) == kind }
    }
    let end = runEnd(in: bytes, from: start, origin: start) { ScalarClass($0) == .space }
    // The last space is left to what follows, unless the run ends with the text or at the longest piece.
    guard end < bytes.count, bytes[end - 1] == 0x20, end - start > 1,
      ScalarClass(scalar(in: bytes, at: end).value) != .space
    else { return end }
    return end - 1
  }
}
