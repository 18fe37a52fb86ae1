/// Turns pieces of text into tokens and remembers them, as most pieces of a text are repeated.
struct BytePairEncoder {
  private let table: BytePairTable
  private var known = ByteStringTable()
  private var tokens: [Int32] = []
  private var starts: [Int] = [0]
  /// Per position of the piece at hand: its token, and the token that it becomes with the next, `Int32.max`
  /// for none.
  private var symbols: [Int32] = []
  private var merged: [Int32] = []

  /// The memory is given up when it has this many bytes of pieces, and filled anew.
  private static let memoryLimit = 4 << 20

  init(_ table: BytePairTable) { self.table = table }

  /// Appends the tokens of `piece` to `ids`.
  mutating func encode(_ piece: UnsafeBufferPointer<UInt8>, into ids: inout [Int32]) {
    if let number = known.number(of: piece) {
      ids.append(contentsOf: tokens[starts[number]..<starts[number + 1]])
      return
    }
    if known.byteCount > Self.memoryLimit {
      known = ByteStringTable()
      tokens.removeAll(keepingCapacity: true)
      starts = [0]
    }
    merge(piece)
    _ = known.insert(piece)
    tokens.append(contentsOf: symbols)
    starts.append(tokens.count)
    ids.append(contentsOf: symbols)
  }

  /// Merges the pair that was learnt first, again and again, until none is left.
  private mutating func merge(_ piece: UnsafeBufferPointer<UInt8>) {
    symbols.removeAll(keepingCapacity: true)
    for byte in piece { symbols.append(Int32(byte)) }
    merged.removeAll(keepingCapacity: true)
    for index in symbols.indices { merged.append(mergedToken(at: index)) }
    while true {
      var best = Int32.max
      for token in merged where token < best { best = token }
      guard best < .max, let index = merged.firstIndex(of: best) else { return }
      symbols[index] = best
      symbols.remove(at: index + 1)
      merged.remove(at: index + 1)
      merged[index] = mergedToken(at: index)
      if index > 0 { merged[index - 1] = mergedToken(at: index - 1) }
    }
  }

  private func mergedToken(at index: Int) -> Int32 {
    guard index + 1 < symbols.count else { return .max }
    return table.token(merging: symbols[index], symbols[index + 1]) ?? .max
  }
}
