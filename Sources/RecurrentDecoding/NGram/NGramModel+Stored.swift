extension NGramModel: StorableScorer {
  /// A state as integers: its 128 bits, the lower half first.
  public func stored(_ state: State) -> [Int64] {
    [Int64(truncatingIfNeeded: state.bits), Int64(truncatingIfNeeded: state.bits >> 64)]
  }

  /// The state of integers that were kept; nil where this model has no such state.
  public func state(of stored: [Int64]) -> State? {
    guard stored.count == 2 else { return nil }
    let (lower, upper) = (UInt64(bitPattern: stored[0]), UInt64(bitPattern: stored[1]))
    let state = State(bits: UInt128(upper) << 64 | UInt128(lower))
    switch storage {
    case .trie(let trie, _):
      // a context has 32 bits, the others are zero
      let isContext = state.bits >> 32 == 0 && (-1..<Int32(trie.contextCount)).contains(state.context)
      return isContext ? state : nil
    case .hashed(let tables): return tables.contains(state) ? state : nil
    }
  }
}
