/// Pieces side by side as zeros and ones.
struct MusicRollBatch {
  private let pieces: [[[MusicPiece.Tone]]]
  private let tokens: MusicTokens
  /// T: the steps of the longest piece.
  let stepCount: Int

  /// B pieces, in the range of the tokens.
  init(_ pieces: [[[MusicPiece.Tone]]], _ tokens: MusicTokens) {
    (self.pieces, self.tokens) = (pieces, tokens)
    stepCount = pieces.map(\.count).max() ?? 0
  }

  /// `[T, B, K + 1]` of T steps: at each the keys of the one before, or the mark of the beginning.
  func inputs(_ steps: Range<Int>) -> Tensor {
    let (rows, width) = (pieces.count, tokens.keyCount + 1)
    var given = [Float](repeating: 0, count: steps.count * rows * width)
    for (row, piece) in pieces.enumerated() {
      for (place, step) in steps.enumerated() where step <= piece.count {
        let first = (place * rows + row) * width
        if step == 0 {
          given[first + tokens.keyCount] = 1
        } else {
          for tone in piece[step - 1] { given[first + tone.key - tokens.lowest] = 1 }
        }
      }
    }
    return Tensor(given, shape: [steps.count, rows, width])
  }

  /// `[T B, K]`: at each step its keys.
  var targets: Tensor {
    let (rows, keys) = (pieces.count, tokens.keyCount)
    var wanted = [Float](repeating: 0, count: stepCount * rows * keys)
    for (row, piece) in pieces.enumerated() {
      for (step, tones) in piece.enumerated() {
        for tone in tones { wanted[(step * rows + row) * keys + tone.key - tokens.lowest] = 1 }
      }
    }
    return Tensor(wanted, shape: [stepCount * rows, keys])
  }
}
