/// How much memory the chunks of a loss take, measured on short ones.
///
/// What is in use at any moment of a pass over L steps is a + b L bytes, so the peak is the largest of such lines and
/// peak(L) / L falls with L: a measured peak bounds that of every longer chunk.
///
///     peak(L) <= peak(M) L / M   for L >= M
///
/// The measurement counts tensors by their shapes. It is the same on every machine, for any number of threads.
public struct ChunkMemory: Sendable, Equatable {
  /// Bytes of a state between chunks.
  public let stateBytes: Int
  /// Peaks in bytes for chunks of some lengths, the shortest first.
  public private(set) var peaks: [Peak] = []

  /// What a chunk took.
  public struct Peak: Sendable, Equatable, Codable {
    /// Steps of the chunk.
    public var steps: Int
    /// The most bytes in use at once, gradients of the parameters and of the states among them.
    public var bytes: Int
  }

  /// The least steps that a chunk is made of, unless the sequence is shorter: with fewer, work that each chunk needs
  /// whatever its length would outweigh the steps.
  static let leastSteps = 16
  /// States besides those that are kept: at hand, the next one, the last one.
  static let statesAtHand = 3
  /// The most steps without a tape for each step of the sequence.
  static let mostAdvances = 4

  /// Measures as much as is needed to fit `loss` into `bytes`.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - loss: the loss; computed and differentiated over its first steps.
  ///   - bytes: for all that a pass makes, the parameters themselves not among it.
  public init<Loss: SequenceLoss>(of model: Loss.Model, _ loss: Loss, upTo bytes: Int) throws {
    let stepCount = loss.stepCount
    let state = try loss.initialState(of: model)
    stateBytes = state.tensors.reduce(0) { $0 + MemoryMeter.size(of: $1.storage.bytes) }
    try measure(Swift.min(stepCount, ChunkMemory.leastSteps), model, loss)
    // the bound is too high by at most the shortest peak for each length of the last chunk that is measured
    while let first = peaks.first, let last = peaks.last, last.bytes <= bytes, last.steps < stepCount {
      let longest = Swift.min(stepCount, bytes / Swift.max(last.bytes / last.steps, 1))
      let excess = first.bytes * (longest - last.steps) / last.steps
      if excess <= bytes / 32 { break }
      let next = Swift.min(longest, Swift.max(longest / 8, 4 * last.steps))
      if next <= last.steps { break }
      try measure(next, model, loss)
    }
  }

  private mutating func measure<Loss: SequenceLoss>(_ steps: Int, _ model: Loss.Model, _ loss: Loss) throws {
    let initial = try loss.initialState(of: model)
    let bytes = try MemoryMeter.peak {
      var gradient: [Tensor?] = model.parameters.map { $0.value.backend.filled(0, shape: $0.value.shape) }
      let upstream = initial.tensors.map { $0.backend.filled(0, shape: $0.shape) }
      _ = try pieceGradient(of: model, state: initial.tensors, upstream: upstream, addingTo: &gradient) {
        model, state -> (loss: Tensor?, state: [Tensor]) in
        let result = try loss.loss(model, over: 0..<steps, from: initial.replacing(state))
        return (result.loss, result.state.tensors)
      }
    }
    peaks.append(Peak(steps: steps, bytes: bytes))
  }

  /// The most bytes that a chunk of so many steps takes.
  public func bytes(steps: Int) -> Int {
    let known = peaks.last { $0.steps <= steps } ?? peaks[0]
    guard steps > known.steps else { return known.bytes }
    return Int((Double(known.bytes) / Double(known.steps) * Double(steps)).rounded(.up))
  }

  /// The fastest way to compute a sequence of T steps within `bytes`; nil when there is none.
  public func recomputation(of stepCount: Int, within bytes: Int) -> Recomputation? {
    var best: (plan: Recomputation, advances: Int)?
    var count = 1
    while count <= stepCount {
      let length = (stepCount - 1) / count + 1
      if length < Swift.min(stepCount, ChunkMemory.leastSteps) { break }
      let left = bytes - self.bytes(steps: length) - overhead
      if left >= 0 {
        let kept = Swift.min(count - 1, left / Swift.max(stateBytes, 1))
        // counted as if each chunk had as many steps as the longest
        let advances = RecomputationSchedule.cost(count, kept) * length
        if advances < best?.advances ?? (ChunkMemory.mostAdvances * stepCount + 1) {
          best = (Recomputation(stepCount: stepCount, chunkLength: length, keptStates: kept), advances)
        }
        if kept == count - 1 { break }  // more and shorter chunks only take longer
      }
      if length == 1 { break }
      count = (stepCount - 1) / (length - 1) + 1  // the least number of chunks that are shorter
    }
    return best?.plan
  }

  /// What is in use besides a chunk and the states that are kept.
  private var overhead: Int { ChunkMemory.statesAtHand * stateBytes + 4096 }

  /// The least bytes within which a sequence of T steps can be computed.
  public func leastBytes(of stepCount: Int) -> Int {
    var (low, high) = (0, bytes(steps: stepCount) + overhead)
    while low < high {
      let middle = (low + high) / 2
      if recomputation(of: stepCount, within: middle) == nil { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
