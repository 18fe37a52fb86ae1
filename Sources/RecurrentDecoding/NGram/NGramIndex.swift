/// Finds the n-grams that continue contexts with many continuations, by a hash table: bisection would touch as many lines of
/// the cache as there are steps.
struct NGramIndex: Sendable {
  /// Open addressing: the number of an n-gram, or ``empty``. The size is a power of two, at most half are in use.
  private var slots: [UInt32]
  private let mask: Int

  /// Contexts with at most so many continuations are not in the index: they fill two lines of the cache or three.
  static let smallest = 12
  private static let empty = UInt32.max

  /// An index of the n-grams of a tree.
  init(_ grams: [NGramTrie.Gram], _ contexts: [NGramTrie.Context]) {
    func children(_ context: Int) -> Range<Int> {
      Int(contexts[context].firstChild)..<Int(contexts[context + 1].firstChild)
    }
    let large = (0..<contexts.count - 1).filter { children($0).count > NGramIndex.smallest }
    let count = large.reduce(0) { $0 + children($1).count }
    var size = 1
    while size < 2 * count { size *= 2 }
    slots = [UInt32](repeating: NGramIndex.empty, count: size)
    mask = size - 1
    for context in large {
      for gram in children(context) {
        var place = slot(context, grams[gram].word)
        while slots[place] != NGramIndex.empty { place = (place + 1) & mask }
        slots[place] = UInt32(gram)
      }
    }
  }

  @inline(__always)
  private func slot(_ context: Int, _ word: UInt32) -> Int {
    var hash = (UInt64(UInt(bitPattern: context)) << 32 | UInt64(word)) &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 32
    return Int(truncatingIfNeeded: (hash &* 0xD6E8_FEB8_6659_FD93) >> 32) & mask
  }

  /// The n-gram of `range`, which are those that continue a context, whose last word is `word`; nil where there is none.
  @inline(__always)
  func find(_ word: UInt32, of context: Int, in range: Range<Int>, _ grams: [NGramTrie.Gram]) -> Int? {
    var place = slot(context, word)
    while slots[place] != NGramIndex.empty {
      let gram = Int(slots[place])
      if range.contains(gram), grams[gram].word == word { return gram }
      place = (place + 1) & mask
    }
    return nil
  }
}
