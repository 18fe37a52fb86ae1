/// Computes steps in shards, alone or among ranks.
///
/// Each rank computes its shards and adds them up to its node of the tree. Then every rank adds the upper tree for a part of
/// the parameters, and all get all parts.
struct ShardedSteps {
  /// The ranks.
  let ranks: any Communicator
  /// S.
  let count: Int
  /// The shards of this rank.
  let block: Range<Int>
  /// Tells the configuration of the training from others.
  let configuration: UInt64
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
    let parameterCount = model.parameterCount
    let sliceCount = (parameterCount + ranks.size - 1) / ranks.size
    var carries = shards.map { problem.rows(of: carry, in: $0) }
    var tree = GradientTree()
    var parts: [StepHeader.Part?] = []
    for index in block {
      let shard = Shard(index, of: count, block: block)
      let result = try problem.gradient(
        model, at: position, carry: carries[index],
        mode: .training(key, observer: observer).inShard(index), of: shard)
      guard let result else {
        parts.append(nil)
        tree.add(nil)
        continue
      }
      carries[index] = result.step.carry
      parts.append(
        StepHeader.Part(
          loss: Double(result.step.loss.scalar), weight: result.step.weight,
          unitCount: result.step.unitCount, learningRateFactor: result.step.learningRateFactor))
      tree.add(
        result.step.weight > 0
          ? result.gradient.flattened(times: Float(result.step.weight), count: sliceCount * ranks.size) : nil)
    }
    let header = StepHeader(
      stepCount: stepCount, wishes: wishes, configuration: configuration,
      parameters: ranks.size > 1 && stepCount % ShardedSteps.checkInterval == 0 ? model.fingerprint : 0,
      parts: parts)
    let headers = try header.exchanged(among: ranks)
    let all = headers.flatMap(\.parts).compactMap { $0 }
    let counted = all.filter { $0.weight > 0 }
    let weight = counted.reduce(0) { $0 + $1.weight }
    let sum = try added(
      tree.finish() ?? [Float](repeating: 0, count: sliceCount * ranks.size),
      isPresent: headers.map { $0.parts.contains { ($0?.weight ?? 0) > 0 } }, times: Float(1 / weight))
    return Result(
      loss: weight > 0 ? counted.reduce(0) { $0 + $1.loss * $1.weight } / weight : 0, weight: weight,
      unitCount: all.reduce(0) { $0 + $1.unitCount }, learningRateFactor: all.first?.learningRateFactor ?? 1,
      gradient: model.unflattened(sum), carry: problem.joined(carries),
      wishes: headers.reduce(into: []) { $0.formUnion($1.wishes) })
  }

  private var shards: [Shard] {
    (0..<count).map { Shard($0, of: count, block: block.contains($0) ? block : $0..<$0 + 1) }
  }

  /// The sum of the nodes of all ranks by the upper tree, times a factor.
  private func added(_ node: [Float], isPresent: [Bool], times factor: Float) throws -> [Float] {
    let slices = try ranks.exchangeValues(node)
    let length = slices.count / ranks.size
    var tree = GradientTree()
    for rank in 0..<ranks.size {
      tree.add(isPresent[rank] ? Array(slices[rank * length..<(rank + 1) * length]) : nil)
    }
    var slice = [Float](repeating: 0, count: length)
    if let sum = tree.finish() {
      slice = sum
      for index in slice.indices { slice[index] *= factor }
    }
    return try ranks.gatherValues(slice)
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
