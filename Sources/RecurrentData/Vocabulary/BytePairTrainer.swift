/// Learns a byte-pair encoding: the most frequent pair of neighbours becomes a token, again and again.
///
/// Works on the different pieces of a text with their counts. The counts of pairs are kept up to date merge
/// by merge, and a heap finds the next pair, so that a merge costs as much as the pieces that it changes.
/// Among pairs that are equally frequent the one with the lower left, then the lower right token comes first.
struct BytePairTrainer {
  private typealias Pair = BytePairTable.Pair

  /// The tokens of all pieces, one piece after the other; merged pieces leave room unused at their end.
  private var symbols: [Int32] = []
  private var starts: [Int] = [0]
  private var lengths: [Int] = []
  private let counts: [Int]

  /// Each pair that has occurred has a number, by which its count and the pieces where it may stand are
  /// found.
  private var numbers: [Pair: Int] = [:]
  private var pairs: [Pair] = []
  private var pairCounts: [Int] = []
  private var places: [[Int32]] = []
  private var heap = CandidateHeap()
  /// The pairs whose counts the merge at hand has raised.
  private var raised: [Int] = []

  init(_ counter: PieceCounter<BytePairSplitter>) {
    counts = counter.counts
    symbols.reserveCapacity(counter.table.byteCount)
    for piece in 0..<counter.table.count {
      counter.table.withBytes(of: piece) { bytes in
        for byte in bytes { symbols.append(Int32(byte)) }
      }
      lengths.append(symbols.count - starts[piece])
      starts.append(symbols.count)
    }
  }

  /// The merges of a vocabulary of `size` tokens; fewer where no other pair occurs `minimumCount` times.
  mutating func merges(size: Int, minimumCount: Int) -> [BytePairTable.Pair] {
    for piece in counts.indices {
      for index in starts[piece]..<max(starts[piece], starts[piece + 1] - 1) {
        raise(Pair(left: symbols[index], right: symbols[index + 1]), by: counts[piece], piece: piece)
      }
    }
    pushRaised()
    var merges: [Pair] = []
    while 256 + merges.count < size, let number = mostFrequent(), pairCounts[number] >= minimumCount {
      apply(number, token: Int32(256 + merges.count))
      merges.append(pairs[number])
    }
    return merges
  }

  /// Takes the most frequent pair from the heap. Counts that fell are noticed only here.
  private mutating func mostFrequent() -> Int? {
    while let top = heap.pop() {
      let count = pairCounts[top.number]
      if top.count == count { return count > 0 ? top.number : nil }
      if count > 0, count < top.count {
        heap.push(CandidateHeap.Candidate(count: count, pair: top.pair, number: top.number))
      }
    }
    return nil
  }

  private mutating func apply(_ number: Int, token: Int32) {
    let pair = pairs[number]
    var last: Int32 = -1
    for piece in places[number] where piece != last {
      last = piece
      replace(pair, by: token, inPiece: Int(piece))
    }
    places[number] = []
    pairCounts[number] = 0
    pushRaised()
  }

  private mutating func replace(_ pair: BytePairTable.Pair, by token: Int32, inPiece piece: Int) {
    let start = starts[piece]
    let end = start + lengths[piece]
    let count = counts[piece]
    var read = start
    var write = start
    while read < end {
      let isMatch = symbols[read] == pair.left && read + 1 < end && symbols[read + 1] == pair.right
      if isMatch {
        if write > start {
          lower(Pair(left: symbols[write - 1], right: pair.left), by: count)
          raise(Pair(left: symbols[write - 1], right: token), by: count, piece: piece)
        }
        if read + 2 < end {
          lower(Pair(left: pair.right, right: symbols[read + 2]), by: count)
          raise(Pair(left: token, right: symbols[read + 2]), by: count, piece: piece)
        }
        symbols[write] = token
        read += 2
      } else {
        symbols[write] = symbols[read]
        read += 1
      }
      write += 1
    }
    lengths[piece] = write - start
  }

  private mutating func lower(_ pair: BytePairTable.Pair, by count: Int) {
    if let number = numbers[pair] { pairCounts[number] -= count }
  }

  private mutating func raise(_ pair: BytePairTable.Pair, by count: Int, piece: Int) {
    let number: Int
    if let known = numbers[pair] {
      number = known
    } else {
      number = pairs.count
      numbers[pair] = number
      pairs.append(pair)
      pairCounts.append(0)
      places.append([])
    }
    if pairCounts[number] == 0 || raised.last != number { raised.append(number) }
    pairCounts[number] += count
    if places[number].last != Int32(piece) { places[number].append(Int32(piece)) }
  }

  private mutating func pushRaised() {
    raised.sort()
    var last = -1
    for number in raised where number != last {
      last = number
      if pairCounts[number] > 0 {
        heap.push(
          CandidateHeap.Candidate(count: pairCounts[number], pair: pairs[number], number: number))
      }
    }
    raised.removeAll(keepingCapacity: true)
  }
}

/// Candidates for the next merge, the most frequent on top.
struct CandidateHeap {
  struct Candidate {
    let count: Int
    let pair: BytePairTable.Pair
    let number: Int

    @inline(__always)
    func precedes(_ other: Candidate) -> Bool {
      if count != other.count { return count > other.count }
      return (pair.left, pair.right) < (other.pair.left, other.pair.right)
    }
  }

  private var items: [Candidate] = []

  mutating func push(_ candidate: Candidate) {
    items.append(candidate)
    var child = items.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard items[child].precedes(items[parent]) else { return }
      items.swapAt(child, parent)
      child = parent
    }
  }

  mutating func pop() -> Candidate? {
    guard let top = items.first, let last = items.popLast() else { return nil }
    guard !items.isEmpty else { return top }
    items[0] = last
    var parent = 0
    while true {
      var best = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < items.count && items[child].precedes(items[best]) {
        best = child
      }
      guard best != parent else { return top }
      items.swapAt(parent, best)
      parent = best
    }
  }
}
