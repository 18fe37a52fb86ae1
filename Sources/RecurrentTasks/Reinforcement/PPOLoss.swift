#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The clipped loss of proximal policy optimisation over whole rows. With ρ the ratio of the probability of an action now to
/// that when it was drawn, A its advantage, V the value and R the return:
///
///     loss = - mean min(ρ A, clip(ρ, 1 - ε, 1 + ε) A) + w_V mean (R - V)² - w_H mean entropy
struct PPOLoss: Sendable {
  /// What can be done.
  let actions: ActionSpace
  /// The weights.
  let settings: PPOSettings
  /// Whether the state is that of the beginning before each step.
  let isMemoryless: Bool

  /// The loss, of shape [].
  ///
  /// - Parameters:
  ///   - model: on the tape.
  ///   - rollout: T steps of B rows.
  ///   - clipRange: ε.
  ///   - mode: of the step.
  func callAsFunction(
    _ model: PolicyModel, _ rollout: Rollout, clipRange: Double, mode: Mode
  ) -> Tensor {
    var batch = rollout.batch
    if isMemoryless { batch.resets = batch.resets?.map { _ in true } }
    let count = batch.stepCount * batch.batchSize
    func scores(_ part: SequenceTagger, _ state: [Tensor], _ key: Int) -> Tensor {
      let layer = part.network.recurrent
      let begin = layer.initialState(batch: batch.batchSize).replacing(state)
      return part.head(layer(batch, state: begin, mode: mode.child(key)).outputs)
        .reshaped(to: [count, part.head.weight.shape[0]])
    }
    let (logProbabilities, entropy) = likelihoods(
      scores(model.actor, rollout.actorState, 0), rollout.actions, model.logDeviations)
    let ratio = exp(logProbabilities - rollout.logProbabilities.reshaped(to: [count]))
    let advantages = rollout.advantages.reshaped(to: [count])
    let low = Tensor(Float(1 - clipRange))
    let high = Tensor(Float(1 + clipRange))
    let clipped = minimum(maximum(ratio, low), high)
    let gain = minimum(ratio * advantages, clipped * advantages).mean()
    let values = scores(model.critic, rollout.criticState, 1).reshaped(to: [count])
    let error = square(rollout.returns.reshaped(to: [count]) - values).mean()
    var loss = error * Float(settings.valueWeight) - gain
    if settings.entropyWeight > 0 { loss = loss - entropy * Float(settings.entropyWeight) }
    return loss
  }

  /// The logarithm of the probability of each action, `[N]`, and the mean entropy of the policy.
  private func likelihoods(
    _ scores: Tensor, _ taken: Tensor, _ logDeviations: Tensor?
  ) -> (logProbabilities: Tensor, entropy: Tensor) {
    guard let logDeviations else {
      let labels = Indices(taken.scalars.map { Int32($0) })
      let losses = crossEntropyLosses(
        logits: scores, labels: labels, classWeights: nil, labelSmoothing: 0, ignoredLabel: -1)
      guard settings.entropyWeight > 0 else { return (losses * -1, Tensor(0)) }
      let all = logSoftmax(scores)
      return (losses * -1, (exp(all) * all).sum() * (-1 / Float(scores.shape[0])))
    }
    let distances = (taken.reshaped(to: scores.shape) - scores) * exp(logDeviations * -1)
    let constant = Float(0.5 * log(2 * Double.pi))
    let each = square(distances) * -0.5 - logDeviations - constant
    return (each.sum(axis: 1), (logDeviations + (constant + 0.5)).sum())
  }
}
