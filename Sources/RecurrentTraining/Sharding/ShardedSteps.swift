import RecurrentCore

/// Computes steps in shards, alone or among ranks.
///
/// Each rank computes its shards, and a ``StepExchange`` adds them up.
struct ShardedSteps {
  /// The ranks.
  let ranks: any Communicator
  /// S.
  let count: Int
  /// The shards of this rank.
  let block: Range<Int>
  /// Tells the configuration of the training from others.
  let configuration: UInt64
  /// By which gradients are exchanged.
  private let line: ExchangeLine
  /// The fewest elements of what is exchanged at a time: 1 MiB, and 16 kB for each rank, so that links and not latencies count.
  var leastSlice: Int
  /// How many steps lie between comparisons of the parameters.
  private static let checkInterval = 100

  /// Steps in `count` shards.
  ///
  /// - Throws: ``ShardError/ranks(_:shards:)``.
  init(_ ranks: any Communicator, shards count: Int, configuration: UInt64) throws(ShardError) {
    guard let block = Shard.block(ofRank: ranks.rank, of: ranks.size, shards: count) else {
      throw .ranks(ranks.size, shards: count)
    }
    (self.ranks, self.count, self.block, self.configuration) = (ranks, count, block, configuration)
    line = ExchangeLine(hasThread: ranks.size > 1)
    leastSlice = max(1 << 18, ranks.size << 12)
  }

  /// A step as all ranks have computed it.
  struct Result<Model: Module, Carry: RecurrentState> {
    let loss, weight: Double
    let unitCount: Int
    let learningRateFactor: Double
    let gradient: Model
    /// Of the rows of this rank; others are as they were.
    let carry: Carry
    let wishes: StepHeader.Wishes
  }

  /// Computes a step.
  ///
  /// - Parameters:
  ///   - problem: what is trained on.
  ///   - model: the parameters.
  ///   - position: which step.
  ///   - carry: of all rows; those of this rank count.
  ///   - key: of the step.
  ///   - stepCount: steps taken before.
  ///   - wishes: of this rank.
  ///   - observer: what recurrent layers show rows to.
  /// - Throws: what the problem throws, or ``CommunicationError``.
  func step<Model: Module, Carry: RecurrentState>(
    _ problem: any ShardedProblem<Model, Carry>, _ model: Model, at position: StepPosition, carry: Carry,
    key: RandomKey, stepCount: Int, wishes: StepHeader.Wishes, observer: RecurrentObserver? = nil
  ) throws -> Result<Model, Carry> {
    let beginnings = shards.map { problem.rows(of: carry, in: $0) }
    var carries = beginnings
    let exchange = StepExchange(
      ranks, line, counts: model.parameters.map(\.value.count), leastSlice: leastSlice,
      header: StepHeader(
        stepCount: stepCount, wishes: wishes, configuration: configuration,
        parameters: ranks.size > 1 && stepCount % ShardedSteps.checkInterval == 0 ? model.fingerprint : 0))
    var own: [StepHeader.Part?] = []
    func compute(_ index: Int, whole: WholeGradient? = nil) throws -> StepGradient<Model, Carry>? {
      try problem.gradient(
        model, at: position, carry: beginnings[index],
        mode: .training(key, observer: observer).inShard(index), of: Shard(index, of: count), whole: whole)
    }
    func add(_ index: Int, _ result: StepGradient<Model, Carry>?) {
      if let step = result?.step { carries[index] = step.carry }
      own.append(
        result.map { result in
          StepHeader.Part(
            loss: Double(result.step.loss.scalar), weight: result.step.weight,
            unitCount: result.step.unitCount, learningRateFactor: result.step.learningRateFactor)
        })
      let gradient = result?.gradient.parameters.map(\.value)
      if index + 1 == block.upperBound {
        exchange.addLast(gradient, weight: result?.step.weight ?? 0)
      } else {
        exchange.add(gradient, weight: result?.step.weight ?? 0)
      }
    }
    // an observer is shown the rows in their order
    let isTogether = problem.computesShardsTogether && observer == nil
    // other ranks wait for the last shard, which is computed by all threads and tells of each gradient as soon as it is whole
    let last = ranks.size > 1 ? block.last : nil
    let together = isTogether ? block.filter { $0 != last } : []
    try Backends.current.concurrently(together.count) {
      (together[$0], try compute(together[$0]))
    } inOrder: {
      add($0.0, $0.1)
    }
    for index in block.dropFirst(together.count) {
      add(index, try compute(index, whole: index == last ? { exchange.take($0, $1, weight: $2) } : nil))
    }
    let (parts, gradient, wishes) = try exchange.finish(own, like: model)
    let all = parts.compactMap { $0 }
    let counted = all.filter { $0.weight > 0 }
    let weight = counted.reduce(0) { $0 + $1.weight }
    return Result(
      loss: weight > 0 ? counted.reduce(0) { $0 + $1.loss * $1.weight } / weight : 0, weight: weight,
      unitCount: all.reduce(0) { $0 + $1.unitCount }, learningRateFactor: all.first?.learningRateFactor ?? 1,
      gradient: gradient, carry: problem.joined(carries), wishes: wishes)
  }

  private var shards: [Shard] {
    (0..<count).map { Shard($0, of: count) }
  }

  /// The carry of all rows, on all ranks.
  ///
  /// - Throws: ``CommunicationError``.
  func gathered<Model: Module, Carry: RecurrentState>(
    _ carry: Carry, of problem: any ShardedProblem<Model, Carry>
  ) throws -> Carry {
    guard ranks.size > 1, !carry.tensors.isEmpty else { return carry }
    var carries = shards.map { problem.rows(of: carry, in: $0) }
    let own = block.flatMap { carries[$0].tensors.flatMap(\.scalars) }
    let all: [[UInt8]] = try ranks.gather(own.withUnsafeBytes { Array($0) })
    for (rank, bytes) in all.enumerated() where rank != ranks.rank {
      let values = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
      var place = 0
      guard let block = Shard.block(ofRank: rank, of: ranks.size, shards: count) else { continue }
      for index in block {
        let tensors = carries[index].tensors.map { old in
          defer { place += old.count }
          return Tensor(Array(values[place..<place + old.count]), shape: old.shape, like: old)
        }
        carries[index] = Carry(tensors: tensors)
      }
    }
    return problem.joined(carries)
  }
}

/// Why steps are not cut into shards.
public enum ShardError: Error, Equatable, Sendable, CustomStringConvertible {
  /// So many ranks cannot share so many shards.
  case ranks(Int, shards: Int)
  /// The steps of the problem are not cut by rows.
  case notSharded

  /// What is wrong, and what helps.
  public var description: String {
    switch self {
    case .ranks(let ranks, let shards):
      "\(shards) shards cannot be shared by \(ranks) ranks; possible are "
        + Shard.possibleRanks(shards: shards).map { "\($0)" }.joined(separator: ", ")
        + ", or as many shards as ranks times a power of two"
    case .notSharded: "the steps of this training cannot be cut into shards"
    }
  }
}
