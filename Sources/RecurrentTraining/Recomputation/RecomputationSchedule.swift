/// The order in which a chain of chunks is computed, differentiated and computed again when only a few of the states
/// between chunks can be kept (Griewank and Walther 2000, "Algorithm 799: revolve"; Gruslys et al. 2016,
/// arXiv:1606.03401, the memorisation of hidden states).
///
/// Chunk k leads from state k to state k + 1. State 0 is given; the backward pass goes from the last chunk to the first
/// and needs state k for chunk k. The last chunk is never computed twice.
///
///     for action in RecomputationSchedule(chunkCount: 3, keptStates: 1) { print(action) }
///     // advance 0 to 1, keep; advance 1 to 2; differentiate 2; differentiate 1; differentiate 0
public struct RecomputationSchedule: Sendable, Equatable {
  /// n: chunks in the chain.
  public let chunkCount: Int
  /// s: how many states between chunks are kept at once, besides state 0 and the state at hand.
  public let keptStates: Int

  /// What is done next.
  public enum Action: Sendable, Equatable {
    /// Goes from a state that is kept to a later one without a tape. When `isKept` the later one is kept too, until its
    /// chunk is differentiated.
    case advance(from: Int, to: Int, isKept: Bool)
    /// Computes a chunk on a tape, from the state at hand, and differentiates it.
    case differentiate(Int)
  }

  /// A schedule. Traps unless there is at least one chunk.
  public init(chunkCount: Int, keptStates: Int) {
    trapUnless(
      chunkCount >= 1 && keptStates >= 0,
      "RecomputationSchedule: expected a chunk and no negative number of states, received \(chunkCount) and \(keptStates)"
    )
    self.chunkCount = chunkCount
    self.keptStates = Swift.min(keptStates, chunkCount - 1)
  }

  /// How many chunks a chain of n = `chunks` with s = `states` advances without a tape, the least that is possible:
  ///
  ///     r n - binomial(s + r + 1, s + 2),   r the least number with binomial(s + r + 1, s + 1) >= n
  ///
  /// With s = n - 1 each chunk but the last is computed once more, with s = 0 it is n (n - 1) / 2.
  static func cost(_ chunks: Int, _ states: Int) -> Int {
    let r = repetitions(chunks, states)
    return r == 0 ? 0 : r * chunks - binomial(states + r + 1, states + 2)
  }

  /// r: what one more chunk costs at the end of the chain, and how often a chunk is advanced over at most.
  static func repetitions(_ chunks: Int, _ states: Int) -> Int {
    var r = 0
    while binomial(states + r + 1, states + 1) < chunks { r += 1 }
    return r
  }

  /// Binomial coefficient, at most a number that no chain reaches.
  private static func binomial(_ n: Int, _ k: Int) -> Int {
    let limit = 1 << 62
    guard k <= n else { return 0 }
    let least = Swift.min(k, n - k)
    var result = 1
    for index in 0..<least {
      let (product, overflow) = result.multipliedReportingOverflow(by: n - index)
      if overflow { return limit }
      result = product / (index + 1)
    }
    return result
  }

  /// After how many of `chunks` chunks to keep the next of `states` states.
  ///
  /// The cost y + cost(chunks - y, states - 1) + cost(y, states) is convex in y, and cost grows by `repetitions` a chunk,
  /// so the least y whose successor costs no less is found by bisection.
  static func distance(_ chunks: Int, _ states: Int) -> Int {
    var (low, high) = (1, chunks - 1)
    while low < high {
      let y = (low + high) / 2
      if 1 + repetitions(y + 1, states) >= repetitions(chunks - y, states - 1) {
        high = y
      } else {
        low = y + 1
      }
    }
    return low
  }
}

extension RecomputationSchedule: Sequence {
  /// The actions, in their order.
  public func makeIterator() -> Iterator { Iterator(chunkCount: chunkCount, keptStates: keptStates) }

  /// The actions of a schedule.
  public struct Iterator: IteratorProtocol {
    /// Chunks not differentiated yet.
    private var end: Int
    private let keptStates: Int
    /// The numbers of the states that are kept, state 0 first.
    private var kept = [0]
    /// The state at hand when it is not one of those.
    private var atHand: Int?

    fileprivate init(chunkCount: Int, keptStates: Int) {
      end = chunkCount
      self.keptStates = keptStates
    }

    /// The next action; nil when all chunks are differentiated.
    public mutating func next() -> Action? {
      guard end > 0, let from = kept.last else { return nil }
      if atHand == end - 1 || from == end - 1 {
        end -= 1
        if from == end { kept.removeLast() }
        atHand = nil
        return .differentiate(end)
      }
      let free = keptStates - (kept.count - 1)
      if free == 0 {
        atHand = end - 1
        return .advance(from: from, to: end - 1, isKept: false)
      }
      let to = from + RecomputationSchedule.distance(end - from, free)
      kept.append(to)
      return .advance(from: from, to: to, isKept: true)
    }
  }
}
