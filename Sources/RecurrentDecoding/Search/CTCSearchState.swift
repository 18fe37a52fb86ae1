/// What a search keeps of the frames that it has read. A value: a copy goes its own way, and is equal in every bit.
///
/// It does not grow with the frames where the words that all hypotheses agree on are taken out on the way; with
/// ``CTCSearchSettings/commitAfter`` they do so in time.
public struct CTCSearchState: Sendable {
  /// The number of frames that were read.
  public internal(set) var frameCount = 0
  /// The hypotheses, the best first.
  var beam = [CTCHypothesis()]
  /// Their tokens.
  var tree = HypothesisTree()
  /// The tokens before those of the tree, which nothing changes any more, and nobody has taken yet.
  var settled: [Spike] = []
  /// The states of the scorer, one for each hypothesis of the beam; nil without a scorer.
  var scorer: (any ScorerStates)?
  /// Memory that is kept from frame to frame.
  var workspace = CTCWorkspace()

  init(scorer: (any ScorerStates)?) {
    self.scorer = scorer
    tree.reserve(2 * CTCSearchState.smallestLimit)
  }

  /// The number of nodes from which on the tree is cleared of those that no longer matter.
  var treeLimit = CTCSearchState.smallestLimit
  static let smallestLimit = 1024
}

/// What may follow in a frame.
struct CTCCandidate: Sendable {
  var hypothesis: CTCHypothesis
  /// The node that the last token follows, and where that one's token ended; -1 where no token is added.
  var parent: Int32 = -1
  var parentEnd = -1
  /// The logarithm of the probability of the token that is added.
  var tokenScore: Float = 0
}

/// Memory of a search.
struct CTCWorkspace: Sendable {
  var tokens = RankedHeap()
  var ranking = RankedHeap()
  var candidates: [CTCCandidate] = []
  var spare: [CTCHypothesis] = []
  var states: [Int32] = []
  /// Candidates by the hash of their texts: the number of the frame, then that of the candidate.
  private var table: [UInt64] = []
  private var generation: UInt64 = 0

  /// Empties the table and makes room for so many candidates.
  mutating func clearTable(_ count: Int) {
    if table.count < 2 * count {
      var size = max(256, table.count)
      while size < 2 * count { size *= 2 }
      table = [UInt64](repeating: 0, count: size)
      generation = 0
    }
    generation += 1
    if generation > UInt64(UInt32.max) {
      for place in table.indices { table[place] = 0 }
      generation = 1
    }
  }

  /// Where the search for a text with a last output begins.
  @inline(__always)
  func place(_ text: TextFingerprint, _ last: Int32) -> Int {
    let key = (text.first ^ UInt64(UInt32(bitPattern: last)) &<< 20) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: key &>> 32) & (table.count &- 1)
  }

  /// The candidate at a place; nil where it is free.
  @inline(__always)
  func candidate(at place: Int) -> Int? {
    let entry = table[place]
    return entry &>> 32 == generation ? Int(entry & 0xFFFF_FFFF) : nil
  }

  /// The place after another one.
  @inline(__always)
  func place(after place: Int) -> Int { (place &+ 1) & (table.count &- 1) }

  /// Puts a candidate at a free place.
  @inline(__always)
  mutating func put(_ candidate: Int, at place: Int) { table[place] = generation &<< 32 | UInt64(candidate) }
}
