/// How a sequence of T steps is cut into chunks for backpropagation through time with recomputation, and how many of the
/// states between them are kept (Gruslys et al. 2016, arXiv:1606.03401).
///
/// The gradient is that of the whole sequence whatever the chunks are; they decide memory and time. Only one chunk at a
/// time is on a tape.
public struct Recomputation: Sendable, Equatable {
  /// T.
  public let stepCount: Int
  /// The order of the work.
  public let schedule: RecomputationSchedule

  /// Cuts T steps into as many chunks as give none more than `chunkLength` steps. Their lengths differ by one at most.
  ///
  /// - Parameters:
  ///   - stepCount: T, at least 1.
  ///   - chunkLength: the most steps of a chunk, at least 1.
  ///   - keptStates: the most states between chunks to keep at once; nil for all.
  public init(stepCount: Int, chunkLength: Int, keptStates: Int? = nil) {
    trapUnless(
      stepCount >= 1 && chunkLength >= 1,
      "Recomputation: expected at least one step in all and in a chunk, received \(stepCount) and \(chunkLength)"
    )
    self.stepCount = stepCount
    let count = (stepCount - 1) / chunkLength + 1
    schedule = RecomputationSchedule(chunkCount: count, keptStates: keptStates ?? count - 1)
  }

  /// Chunks.
  public var chunkCount: Int { schedule.chunkCount }
  /// The steps of the longest chunk.
  public var chunkLength: Int { (stepCount - 1) / chunkCount + 1 }

  /// The steps of a chunk.
  public func steps(ofChunk chunk: Int) -> Range<Int> {
    let (length, longer) = (stepCount / chunkCount, stepCount % chunkCount)
    let start = chunk * length + Swift.min(chunk, longer)
    return start..<start + length + (chunk < longer ? 1 : 0)
  }

  /// How many steps are computed without a tape, besides the T steps on it.
  public var advancedStepCount: Int {
    schedule.reduce(0) { sum, action in
      guard case .advance(let from, let to, _) = action else { return sum }
      return sum + steps(ofChunk: to).lowerBound - steps(ofChunk: from).lowerBound
    }
  }
}
