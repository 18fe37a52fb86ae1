/// What B rows have experienced in T consecutive steps, with everything that an update needs.
struct Rollout: Sendable {
  /// What was observed before each step, on the scale of the network, `[T, B, O]`.
  var observations: Tensor
  /// What was done, `[T, B, A]`: numbers of discrete actions, or continuous ones as they were drawn.
  var actions: Tensor
  /// The logarithms of the probabilities of these when they were drawn, `[T, B]`.
  var logProbabilities: Tensor
  /// The advantages, `[T, B]`, with mean 0 and deviation 1 over all steps.
  var advantages: Tensor
  /// What the critic should have said, `[T, B]`.
  var returns: Tensor
  /// 1 where a step is the first of an episode, `[T, B]`: the state is that of the beginning there.
  var starts: Tensor
  /// The states of actor and critic before the first step, each part `[B, ...]`.
  var actorState, criticState: [Tensor]

  /// Some of the rows, in their order.
  func rows(_ rows: [Int]) -> Rollout {
    func chosen(_ tensor: Tensor) -> Tensor {
      let (steps, count) = (tensor.shape[0], tensor.shape[1])
      let width = tensor.count / max(steps * count, 1)
      let all = tensor.scalars
      var own: [Float] = []
      own.reserveCapacity(steps * rows.count * width)
      for step in 0..<steps {
        for row in rows {
          let start = (step * count + row) * width
          own += all[start..<start + width]
        }
      }
      return Tensor(own, shape: [steps, rows.count] + tensor.shape.dropFirst(2))
    }
    func chosen(_ state: [Tensor]) -> [Tensor] { state.map { $0.rows(rows) } }
    return Rollout(
      observations: chosen(observations), actions: chosen(actions),
      logProbabilities: chosen(logProbabilities), advantages: chosen(advantages), returns: chosen(returns),
      starts: chosen(starts), actorState: chosen(actorState), criticState: chosen(criticState))
  }

  /// The observations with the marks of the starts.
  var batch: SequenceBatch { SequenceBatch(observations, resets: starts.scalars.map { $0 == 1 }) }
}

/// What one step of a training in an environment hands to the next: the last rollout, and where each row stands.
///
/// An environment is a function of its seed and of the actions, so that the actions of the running episode are all that is kept
/// of it.
public struct RolloutCarry: RecurrentState {
  /// The last rollout.
  var rollout: Rollout
  /// The states of actor and critic behind it.
  var actorState, criticState: [Tensor]
  /// For each row the number of its episode, from 0, and the steps in it, `[B, 2]`.
  var places: Tensor
  /// The actions of the running episode of each row, as the environment got them, `[B, L, A]`.
  var log: Tensor
  /// For each epoch the number of episodes that ended in it, the sum of their returns and that of their squares, `[E, 3]`.
  var curve: Tensor

  init(
    rollout: Rollout, actorState: [Tensor], criticState: [Tensor], places: Tensor, log: Tensor,
    curve: Tensor
  ) {
    (self.rollout, self.actorState, self.criticState) = (rollout, actorState, criticState)
    (self.places, self.log, self.curve) = (places, log, curve)
  }

  /// The parts, in a fixed order.
  public var tensors: [Tensor] {
    let own = rollout
    return [
      own.observations, own.actions, own.logProbabilities, own.advantages, own.returns, own.starts, places,
      log, curve,
    ] + own.actorState + own.criticState + actorState + criticState
  }

  /// From its parts.
  public init(tensors: [Tensor]) {
    let fixedCount = 9
    let count = (tensors.count - fixedCount) / 4
    let states = tensors.dropFirst(fixedCount)
    func state(_ index: Int) -> [Tensor] { Array(states.dropFirst(index * count).prefix(count)) }
    rollout = Rollout(
      observations: tensors[0], actions: tensors[1], logProbabilities: tensors[2], advantages: tensors[3],
      returns: tensors[4], starts: tensors[5], actorState: state(0), criticState: state(1))
    (places, log, curve) = (tensors[6], tensors[7], tensors[8])
    (actorState, criticState) = (state(2), state(3))
  }
}
