/// A policy that remembers, and what it is trained with: the actor gives scores of actions, the critic what is still to be
/// gained. Each has recurrent layers of its own and a linear map behind them.
public struct PolicyModel: RecurrentModel {
  /// To a score for each discrete action, or to the mean of each continuous one, `[T, B, P]`.
  public var actor: SequenceTagger
  /// To the discounted sum of the rewards to come, `[T, B, 1]`.
  public var critic: SequenceTagger
  /// The logarithms of the standard deviations of continuous actions, `[P]`; nil for discrete ones.
  public var logDeviations: Tensor?

  /// A model with fresh parameters, whose first actions are nearly equally likely.
  ///
  /// - Parameters:
  ///   - configuration: of both networks.
  ///   - actions: what can be done.
  ///   - memory: steps that the gates keep the state for at first.
  ///   - logDeviation: where the logarithms of the deviations begin.
  ///   - key: of the random numbers.
  public init(
    _ configuration: SequenceNetworkConfiguration, actions: ActionSpace, memory: Int = 0,
    logDeviation: Float, key: RandomKey
  ) {
    actor = SequenceTagger(
      configuration, labelCount: actions.scoreCount, usesCRF: false, key: key.child(0))
    critic = SequenceTagger(configuration, labelCount: 1, usesCRF: false, key: key.child(1))
    actor.network = actor.network.remembering(memory, key: key.child(2))
    critic.network = critic.network.remembering(memory, key: key.child(3))
    actor.head.weight = actor.head.weight * 0.01
    actor.head.bias = Tensor(zeros: [actions.scoreCount])
    critic.head.bias = Tensor(zeros: [1])
    if case .continuous(let bounds) = actions {
      logDeviations = Tensor([Float](repeating: logDeviation, count: bounds.count))
    }
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("actor", &actor)
    visitor.visit("critic", &critic)
    visitor.visit("logDeviations", &logDeviations)
  }

  /// The cell of the recurrent layers.
  public var cellChoice: CellChoice { actor.cellChoice }

  /// The same model with its weights in the form that kernels read.
  public func packed() -> PolicyModel {
    var copy = self
    (copy.actor, copy.critic) = (actor.packed(), critic.packed())
    return copy
  }

  /// The same model with the operands of the products in its recurrent layers rounded to `precision`.
  public func with(precision: Precision) -> PolicyModel {
    var copy = self
    (copy.actor, copy.critic) = (actor.with(precision: precision), critic.with(precision: precision))
    return copy
  }
}
