#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How often n-grams occur, each order with the counts that Kneser-Ney smoothing takes: of the longest n-grams and those that
/// begin a sentence how often they occur, of all others how many different words stand before them.
///
/// Each n-gram is a number under the key (context, word); the context is itself an n-gram or a word. Only where an n-gram is
/// new are the shorter ones that end it looked up, so that a repeated one costs a single access. An n-gram of any order takes 16
/// bytes and 8 to 16 of the hash table, and up to 8 as reserve.
final class NGramCounts {
  let order: Int
  /// The number of n-grams above the unigrams.
  private(set) var count = 0
  /// The counts of words.
  private(set) var unigrams: [UInt32] = []
  private var capacity = 1 << 10
  /// The n-grams. Memory by malloc, for realloc moves pages in place of bytes.
  private var grams: UnsafeMutablePointer<Gram>
  /// Open addressing: the number of an n-gram, or ``empty``. The size is a power of two, at most half are in use.
  private var slots: UnsafeMutablePointer<UInt32>
  private var slotCount = 1 << 11

  private struct Gram {
    /// The context in the upper, the last word in the lower half.
    let key: UInt64
    var count: UInt32
    /// The n-gram after the first word.
    var link: UInt32
  }

  private static let empty = UInt32.max
  /// The bit of a context that is a word.
  private static let wordBit: UInt32 = 1 << 31

  init(order: Int) {
    self.order = order
    grams = NGramCounts.resized(nil, capacity)
    slots = NGramCounts.resized(nil, slotCount)
    slots.initialize(repeating: NGramCounts.empty, count: slotCount)
  }

  deinit {
    free(grams)
    free(slots)
  }

  private static func resized<Element>(
    _ memory: UnsafeMutablePointer<Element>?, _ count: Int
  ) -> UnsafeMutablePointer<Element> {
    guard let new = realloc(memory, count * MemoryLayout<Element>.stride) else {
      fatalError("NGramCounts: no memory for \(count) n-grams")
    }
    return new.bindMemory(to: Element.self, capacity: count)
  }

  /// Whether a further sentence of that length may make more than `limit` n-grams, `words` unigrams among them.
  func isFull(for tokens: Int, words: Int, limit: Int) -> Bool { count + tokens * order >= limit - words }

  /// Counts the n-grams of a sentence, which stand after the word `begin`; the last of its words is its end.
  func add(_ sentence: [UInt32], after begin: UInt32) {
    if let largest = sentence.max(), largest >= unigrams.count || begin >= unigrams.count {
      let needed = Int(max(largest, begin)) + 1
      unigrams += [UInt32](repeating: 0, count: needed - unigrams.count)
    }
    guard order > 1 else {
      for word in sentence { unigrams[Int(word)] += 1 }
      return
    }
    var (context, length) = (begin | NGramCounts.wordBit, 1)
    for word in sentence {
      let gram = record(word, after: context)
      if length + 1 < order {
        (context, length) = (gram, length + 1)
      } else {
        context = grams[Int(gram)].link
      }
    }
  }

  /// Counts the longest n-gram at a place.
  private func record(_ word: UInt32, after context: UInt32) -> UInt32 {
    let (gram, isNew) = number(word, after: context)
    grams[Int(gram)].count += 1
    guard isNew else { return gram }
    // the shorter ones have one more word before them
    var (current, context) = (gram, context)
    while context & NGramCounts.wordBit == 0 {
      context = grams[Int(context)].link
      let (shorter, isNew) = number(word, after: context)
      grams[Int(current)].link = shorter
      grams[Int(shorter)].count += 1
      guard isNew else { return gram }
      current = shorter
    }
    grams[Int(current)].link = word | NGramCounts.wordBit
    unigrams[Int(word)] += 1
    return gram
  }

  @inline(__always)
  private func slot(_ key: UInt64) -> Int {
    var hash = key &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 32
    hash = hash &* 0xD6E8_FEB8_6659_FD93
    return Int(truncatingIfNeeded: hash >> 32) & (slotCount - 1)
  }

  /// The number of an n-gram, a new one where it had none.
  private func number(_ word: UInt32, after context: UInt32) -> (gram: UInt32, isNew: Bool) {
    let key = UInt64(context) << 32 | UInt64(word)
    var place = slot(key)
    while slots[place] != NGramCounts.empty {
      if grams[Int(slots[place])].key == key { return (slots[place], false) }
      place = (place + 1) & (slotCount - 1)
    }
    let gram = UInt32(count)
    if count == capacity {
      capacity += capacity / 2
      grams = NGramCounts.resized(grams, capacity)
    }
    slots[place] = gram
    grams[count] = Gram(key: key, count: 0, link: 0)
    count += 1
    if count * 2 > slotCount { grow() }
    return (gram, true)
  }

  private func grow() {
    free(slots)
    slotCount *= 2
    slots = NGramCounts.resized(nil, slotCount)
    slots.initialize(repeating: NGramCounts.empty, count: slotCount)
    for gram in 0..<count {
      var place = slot(grams[gram].key)
      while slots[place] != NGramCounts.empty { place = (place + 1) & (slotCount - 1) }
      slots[place] = UInt32(gram)
    }
  }

  /// The n-grams of each order from 2 on, by their numbers.
  func gramsByOrder() -> [[UInt32]] {
    var orders = [UInt8](repeating: 2, count: count)
    var counts = [Int](repeating: 0, count: max(order - 1, 0))
    for gram in 0..<count {
      // a context has a smaller number than what continues it
      let context = UInt32(truncatingIfNeeded: grams[gram].key >> 32)
      if context & NGramCounts.wordBit == 0 { orders[gram] = orders[Int(context)] + 1 }
      counts[Int(orders[gram]) - 2] += 1
    }
    var sorted = counts.map { count in
      var numbers: [UInt32] = []
      numbers.reserveCapacity(count)
      return numbers
    }
    for gram in 0..<count { sorted[Int(orders[gram]) - 2].append(UInt32(gram)) }
    return sorted
  }

  /// The last word of an n-gram.
  func word(_ gram: UInt32) -> UInt32 { UInt32(truncatingIfNeeded: grams[Int(gram)].key) }
  /// The context of an n-gram: an n-gram, or a word where it has two words.
  func context(_ gram: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: grams[Int(gram)].key >> 32) & ~NGramCounts.wordBit
  }
  /// The n-gram after the first word of an n-gram: an n-gram, or a word where it has two words.
  func link(_ gram: UInt32) -> UInt32 { grams[Int(gram)].link & ~NGramCounts.wordBit }
  /// The count of an n-gram.
  func count(_ gram: UInt32) -> UInt32 { grams[Int(gram)].count }
}
