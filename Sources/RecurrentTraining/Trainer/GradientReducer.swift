/// Puts together what several shards of a step computed: parts of a batch that do not fit at once, or machines.
///
/// A ``Trainer`` that has a reducer computes the gradient of its own shard, hands it to the reducer, and goes on with what
/// that gives: norm, clipping, the optimiser, the report. Where every shard gets the same from its reducer, all models stay
/// the same.
public protocol GradientReducer: Sendable {
  /// Takes what this shard computed and gives what all have computed together; usually ``GradientShard/mean(of:)``.
  ///
  /// - Throws: what ends the training.
  mutating func reduce<M: Module>(_ shard: GradientShard<M>) throws -> GradientShard<M>
}

/// What one shard of a step computed.
public struct GradientShard<Model: Module>: Sendable {
  /// The mean loss over the shard.
  public var loss: Double
  /// Over how much that is the mean; see ``StepLoss/weight``.
  public var weight: Double
  /// Units that the shard read.
  public var unitCount: Int
  /// The gradient of the mean loss.
  public var gradient: Model

  /// What one shard computed.
  public init(loss: Double, weight: Double, unitCount: Int, gradient: Model) {
    self.loss = loss
    self.weight = weight
    self.unitCount = unitCount
    self.gradient = gradient
  }

  /// The step of all shards together: means by weight, sums of weights and units. Shards are added in their order, so that
  /// the same shards in the same order give the same bits everywhere. Traps without any.
  public static func mean(of shards: [GradientShard]) -> GradientShard {
    trapUnless(!shards.isEmpty, "GradientShard.mean(of:): expected at least one shard")
    let weight = shards.reduce(0) { $0 + $1.weight }
    let shares = shards.map { weight > 0 ? $0.weight / weight : 0 }
    let parts = zip(shards, shares).map { shard, share in
      shard.gradient.parameters.map { _, value in
        value.mappingNonzero { $0.combined(.multiply, $0.constant(Float(share))) }
      }
    }
    var sums = parts[0]
    for part in parts.dropFirst() {
      for (index, value) in part.enumerated() { sums[index].accumulate(value) }
    }
    var rest = sums[...]
    return GradientShard(
      loss: zip(shards, shares).reduce(0) { $0 + $1.0.loss * $1.1 }, weight: weight,
      unitCount: shards.reduce(0) { $0 + $1.unitCount },
      gradient: shards[0].gradient.mappingParameters { _, _ in rest.removeFirst() })
  }
}
