/// Counts the n-grams that sequences of symbols share, in memory that is used again.
///
/// An n-gram is numbered by the number of the n-gram before its last symbol and that symbol, so that one of any order costs one
/// look into a table, and only those of the hypothesis are stored.
struct NGramMatcher {
  private let order: Int
  /// Open addressing: a key, the number of its n-gram, and when it was written; older ones are empty.
  private var keys: [UInt64] = []
  private var values: [Int32] = []
  private var stamps: [UInt32] = []
  private var generation: UInt32 = 0
  private var mask = 0

  /// By the number of an n-gram, from 1: how often it stands in the hypothesis, in the reference at hand, and in the one that
  /// has it most often.
  private var own: [Int32] = []
  private var current: [Int32] = []
  private var most: [Int32] = []
  /// The first number of each order, and one more for the end.
  private var starts: [Int] = []
  /// The n-grams that end or would end at each place, of the order before the one at hand.
  private var places: [Int32] = []
  /// The length of the hypothesis.
  private(set) var length = 0

  /// - Parameter order: the longest n-grams that count, at least 1.
  init(order: Int) { self.order = order }

  /// Begins with a hypothesis.
  mutating func begin(_ symbols: [Int32]) {
    length = symbols.count
    reserve(2 * order * (symbols.count + 1))
    own.removeAll(keepingCapacity: true)
    own.append(0)
    starts.removeAll(keepingCapacity: true)
    starts.append(1)
    places.removeAll(keepingCapacity: true)
    places.append(contentsOf: repeatElement(0, count: symbols.count))
    for n in 1...order {
      if n <= symbols.count {
        for place in 0...(symbols.count - n) {
          let key = NGramMatcher.key(places[place], symbols[place + n - 1])
          let slot = slot(of: key)
          if stamps[slot] == generation {
            own[Int(values[slot])] += 1
            places[place] = values[slot]
          } else {
            let number = Int32(own.count)
            (keys[slot], values[slot], stamps[slot]) = (key, number, generation)
            own.append(1)
            places[place] = number
          }
        }
      }
      starts.append(own.count)
    }
    most.removeAll(keepingCapacity: true)
    most.append(contentsOf: repeatElement(0, count: own.count))
    current.removeAll(keepingCapacity: true)
    current.append(contentsOf: repeatElement(0, count: own.count))
  }

  /// Compares the hypothesis with a reference.
  ///
  /// - Parameter matches: gets how many n-grams of each order both have, an n-gram as often as the rarer side has it.
  mutating func compare(_ symbols: [Int32], matches: inout [Int]) {
    for index in current.indices { current[index] = 0 }
    places.removeAll(keepingCapacity: true)
    places.append(contentsOf: repeatElement(0, count: symbols.count))
    for n in 1...order where n <= symbols.count {
      for place in 0...(symbols.count - n) where places[place] >= 0 {
        let slot = slot(of: NGramMatcher.key(places[place], symbols[place + n - 1]))
        // what is not in the hypothesis does not begin anything that is
        guard stamps[slot] == generation else {
          places[place] = -1
          continue
        }
        current[Int(values[slot])] += 1
        places[place] = values[slot]
      }
    }
    for n in 0..<order {
      var sum = 0
      for number in starts[n]..<starts[n + 1] {
        sum += Int(min(own[number], current[number]))
        if current[number] > most[number] { most[number] = current[number] }
      }
      matches[n] = sum
    }
  }

  /// How many n-grams of an order the hypothesis shares with its references, an n-gram as often as the one that has it most often.
  func clippedMatches(order n: Int) -> Int {
    var sum = 0
    for number in starts[n - 1]..<starts[n] { sum += Int(min(own[number], most[number])) }
    return sum
  }

  @inline(__always)
  private static func key(_ number: Int32, _ symbol: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: number)) << 32 | UInt64(UInt32(bitPattern: symbol))
  }

  /// The slot that holds a key, or the empty one where it belongs.
  @inline(__always)
  private func slot(of key: UInt64) -> Int {
    var hash = key &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 29
    hash = hash &* 0xBF58_476D_1CE4_E5B9
    var slot = Int(truncatingIfNeeded: hash >> 32) & mask
    while stamps[slot] == generation, keys[slot] != key { slot = (slot + 1) & mask }
    return slot
  }

  /// Empties the table and sees to it that it has so many slots.
  private mutating func reserve(_ count: Int) {
    if generation == .max || count > keys.count {
      var size = max(256, keys.count)
      while size < count { size *= 2 }
      keys = [UInt64](repeating: 0, count: size)
      values = [Int32](repeating: 0, count: size)
      stamps = [UInt32](repeating: 0, count: size)
      (mask, generation) = (size - 1, 0)
    }
    generation += 1
  }
}
