/// Says where a piece of text ends.
protocol TextSplitter {
  /// The end of the piece that begins at `start` of valid UTF-8, at most `PieceStreamLimits.longestPiece`
  /// bytes further.
  ///
  /// It must not depend on bytes further than `PieceStreamLimits.lookahead` behind that end.
  func pieceEnd(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int
}

/// Splits a text that comes in parts; the pieces do not depend on where the parts are cut.
struct PieceStream<Splitter: TextSplitter> {
  private let splitter: Splitter
  /// The end of what has come, in which a piece may still go on.
  private var pending: [UInt8] = []

  init(_ splitter: Splitter) { self.splitter = splitter }

  /// Takes valid UTF-8 that ends between two scalars and hands each piece that is certain to `emit`.
  mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ emit: (UnsafeBufferPointer<UInt8>) -> Void) {
    if pending.isEmpty {
      let end = split(bytes, upTo: bytes.count - PieceStreamLimits.lookahead, emit)
      pending.append(contentsOf: bytes[end...])
    } else {
      pending.append(contentsOf: bytes)
      let end = pending.withUnsafeBufferPointer {
        split($0, upTo: $0.count - PieceStreamLimits.lookahead, emit)
      }
      pending.removeFirst(end)
    }
  }

  /// Hands the last pieces to `emit`.
  mutating func finish(_ emit: (UnsafeBufferPointer<UInt8>) -> Void) {
    pending.withUnsafeBufferPointer { _ = split($0, upTo: $0.count, emit) }
    pending = []
  }

  /// Emits the pieces that end at `limit` or before, and returns the end of the last.
  private func split(
    _ bytes: UnsafeBufferPointer<UInt8>, upTo limit: Int, _ emit: (UnsafeBufferPointer<UInt8>) -> Void
  ) -> Int {
    var start = 0
    while start < limit {
      let end = splitter.pieceEnd(in: bytes, from: start)
      if end > limit { break }
      emit(UnsafeBufferPointer(rebasing: bytes[start..<end]))
      start = end
    }
    return start
  }
}

/// What every splitter keeps to.
enum PieceStreamLimits {
  /// The longest piece in bytes; longer ones are cut, so that neither memory nor time can be made to explode.
  static let longestPiece = 512
  /// How many bytes behind a piece may decide about its end.
  static let lookahead = 48
}

/// The end of the run of scalars from `start` for which `belongs` holds, not longer than a piece that began
/// at `origin` may be.
@inline(__always)
func runEnd(
  in bytes: UnsafeBufferPointer<UInt8>, from start: Int, origin: Int, _ belongs: (UInt32) -> Bool
) -> Int {
  var index = start
  while index < bytes.count {
    let (value, length) = scalar(in: bytes, at: index)
    guard index + length - origin <= PieceStreamLimits.longestPiece, belongs(value) else { break }
    index += length
  }
  return index
}
