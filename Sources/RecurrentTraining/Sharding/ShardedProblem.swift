/// A problem whose steps can be cut by rows.
///
/// The gradient of a step in S shards is defined by S alone: each shard is computed by itself, as if it were a batch of its
/// own, with the random numbers of its number; then all are added in the order of a binary tree, each by its weight. Whoever
/// computes them, and however many do, the sum has the same bits.
public protocol ShardedProblem<Model, Carry>: TrainingProblem {
  /// The gradient of the rows of a shard; nil where it has none.
  ///
  /// - Parameters:
  ///   - model: off the tape.
  ///   - position: which step.
  ///   - carry: that of the shard, see ``rows(of:in:)``.
  ///   - mode: training, with the key of the step, in the shard.
  ///   - shard: which rows.
  /// - Returns: the mean loss over the rows with its gradient and weight, and what the rows carry on.
  func gradient(
    _ model: Model, at position: StepPosition, carry: Carry, mode: Mode, of shard: Shard
  ) throws -> StepGradient<Model, Carry>?

  /// The same, which tells of each parameter's gradient as soon as it is whole, while others are still computed: it is exchanged
  /// meanwhile. By default nothing is told.
  ///
  /// - Parameter whole: to be called with gradients of the mean loss that are exactly those of the result.
  func gradient(
    _ model: Model, at position: StepPosition, carry: Carry, mode: Mode, of shard: Shard,
    whole: WholeGradient?
  ) throws -> StepGradient<Model, Carry>?

  /// Whether several shards may be computed at the same time, each by a thread; by default they are. It takes the memory of as many.
  var computesShardsTogether: Bool { get }

  /// What the rows of a shard carry; by default these rows of each tensor.
  func rows(of carry: Carry, in shard: Shard) -> Carry

  /// The carry of all rows from those of all shards in their order; by default one behind the other.
  func joined(_ parts: [Carry]) -> Carry

  /// Evaluates as ``TrainingProblem/validate(_:)`` does, all ranks together; by default rank 0 does it, and the others learn
  /// what came of it.
  func validate(_ model: Model, among ranks: any Communicator) throws -> Validation?
}

/// Told that the gradient of a parameter is whole: its number in the order of the walk, the gradient, nil for zeros, and the weight of the
/// shard.
public typealias WholeGradient = (_ parameter: Int, _ gradient: Tensor?, _ weight: Double) -> Void

extension ShardedProblem {
  /// The gradient, of which nothing is told before.
  public func gradient(
    _ model: Model, at position: StepPosition, carry: Carry, mode: Mode, of shard: Shard,
    whole: WholeGradient?
  ) throws -> StepGradient<Model, Carry>? {
    try gradient(model, at: position, carry: carry, mode: mode, of: shard)
  }

  /// They are computed at the same time.
  public var computesShardsTogether: Bool { true }

  /// These rows of each tensor; no tensors where there are no rows.
  public func rows(of carry: Carry, in shard: Shard) -> Carry {
    let rows = shard.rows(of: carry.tensors.first?.shape[0] ?? 0)
    return Carry(tensors: rows.isEmpty ? [] : carry.tensors.map { $0.sliced(axis: 0, rows) })
  }

  /// The rows of all shards, one behind the other.
  public func joined(_ parts: [Carry]) -> Carry {
    let parts = parts.map(\.tensors).filter { !$0.isEmpty }
    guard let first = parts.first else { return Carry(tensors: []) }
    return Carry(tensors: first.indices.map { index in concatenate(parts.map { $0[index] }, axis: 0) })
  }

  /// Rank 0 evaluates.
  public func validate(_ model: Model, among ranks: any Communicator) throws -> Validation? {
    let own = ranks.rank == 0 ? try validate(model) : nil
    let bits: [UInt64] = try ranks.gatherValues([own == nil ? 0 : 1, own?.loss.bitPattern ?? 0])
    return bits[0] == 1 ? Validation(loss: Double(bitPattern: bits[1])) : nil
  }
}
