/// Lets a policy act in B rows for T steps and finds out what that was worth.
struct RolloutCollector {
  /// The rows.
  let worker: RolloutWorker
  /// What is observed and done.
  let spaces: EnvironmentSpaces
  /// To the scale of the network.
  let scaler: ChannelScaler
  /// How it is trained.
  let settings: PPOSettings
  /// What rewards are multiplied with.
  let rewardScale: Double
  /// Whether the state is that of the beginning before each step.
  let isMemoryless: Bool

  /// Numbers of all steps, `[t * B + row]`.
  private struct Numbers {
    var observations, actions, starts: [Float]
    var logProbabilities, rewards, values: [Double]
    var ends: [Double?]

    init(count: Int, inputs: Int, width: Int) {
      observations = [Float](repeating: 0, count: count * inputs)
      actions = [Float](repeating: 0, count: count * width)
      starts = [Float](repeating: 0, count: count)
      logProbabilities = [Double](repeating: 0, count: count)
      (rewards, values) = (logProbabilities, logProbabilities)
      ends = [Double?](repeating: nil, count: count)
    }
  }

  /// The carry with a new rollout.
  ///
  /// - Parameters:
  ///   - model: off the tape.
  ///   - carry: where the rows stand.
  ///   - epoch: for the curve.
  ///   - key: of the actions.
  /// - Throws: ``EnvironmentError``.
  func callAsFunction(
    _ model: PolicyModel, _ carry: RolloutCarry, epoch: Int, key: RandomKey
  ) throws -> RolloutCarry {
    try worker.withRows(carry) { rows in
      try collect(model, carry, epoch, key, &rows)
    }
  }

  private func collect(
    _ model: PolicyModel, _ carry: RolloutCarry, _ epoch: Int, _ key: RandomKey,
    _ rows: inout [RolloutWorker.Row]
  ) throws -> RolloutCarry {
    let (steps, count) = (settings.rolloutSteps, settings.rowCount)
    let (inputs, width) = (spaces.observations.count, spaces.actions.size)
    let distribution = PolicyDistribution(spaces.actions, model)
    var actor = PolicyRows(model.actor, scaler: scaler, rowCount: count, state: carry.actorState)
    var critic = PolicyRows(model.critic, scaler: scaler, rowCount: count, state: carry.criticState)
    var own = Numbers(count: steps * count, inputs: inputs, width: width)
    var curve = carry.curve.scalars
    var action = [Float](repeating: 0, count: width)
    var fresh = rows.indices.filter { rows[$0].stepCount == 0 }
    for t in 0..<steps {
      for row in fresh { own.starts[t * count + row] = 1 }
      reset(&actor, fresh)
      reset(&critic, fresh)
      fresh = []
      for row in rows.indices {
        actor.load(rows[row].observation, row: row)
        critic.load(rows[row].observation, row: row)
      }
      own.observations.replaceSubrange(t * count * inputs..<(t + 1) * count * inputs, with: actor.inputs)
      actor.advance()
      critic.advance()
      let uniforms = key.uniforms(count * width, from: t * count * width)
      var truncated: [Int] = []
      for row in rows.indices {
        let place = t * count + row
        own.values[place] = critic.value(row: row)
        own.logProbabilities[place] = actor.withScores(row: row) {
          Double(
            distribution.sample(
              $0, uniforms: Array(uniforms[row * width..<(row + 1) * width]), into: &action))
        }
        own.actions.replaceSubrange(place * width..<(place + 1) * width, with: action)
        let step = try worker.step(&rows[row], distribution.value(action))
        own.rewards[place] = step.reward * rewardScale
        guard step.hasEnded else { continue }
        own.ends[place] = 0
        if !step.isTerminated { truncated.append(row) }
        fresh.append(row)
        let (total, start) = (rows[row].totalReward, 3 * epoch)
        curve[start] += 1
        curve[start + 1] += Float(total)
        curve[start + 2] += Float(total * total)
      }
      if !truncated.isEmpty {
        // the critic that has seen the steps of the episode sees its last observation
        let values = values(critic, rows, afresh: [])
        for row in truncated { own.ends[t * count + row] = values[row] }
      }
      for row in fresh { try worker.begin(&rows[row], row, rows[row].episode + 1) }
    }
    let next = values(critic, rows, afresh: fresh)
    var result = carry
    result.rollout = rollout(own, next, carry)
    (result.actorState, result.criticState) = (actor.state, critic.state)
    result.curve = Tensor(curve, shape: carry.curve.shape)
    place(rows, in: &result)
    return result
  }

  private func reset(_ part: inout PolicyRows, _ rows: [Int]) {
    if isMemoryless { part.resetAll() } else { part.reset(rows: rows) }
  }

  /// What a critic says of the observations of all rows, some of them at the beginning of their episodes; it goes on as if it had
  /// not been asked.
  private func values(_ critic: PolicyRows, _ rows: [RolloutWorker.Row], afresh: [Int]) -> [Double] {
    var critic = critic
    reset(&critic, afresh)
    for row in rows.indices { critic.load(rows[row].observation, row: row) }
    critic.advance()
    return rows.indices.map { critic.value(row: $0) }
  }

  /// The rollout of the numbers, with what the steps were worth.
  private func rollout(_ own: Numbers, _ next: [Double], _ carry: RolloutCarry) -> Rollout {
    let (steps, count) = (settings.rolloutSteps, settings.rowCount)
    let estimate = GeneralizedAdvantages(discount: settings.discount, trace: settings.trace)
    var advantages = [Double](repeating: 0, count: steps * count)
    for row in 0..<count {
      func column<Number>(_ numbers: [Number]) -> [Number] { (0..<steps).map { numbers[$0 * count + row] } }
      let found = estimate(
        rewards: column(own.rewards), values: column(own.values), ends: column(own.ends), next: next[row])
      for (step, advantage) in found.enumerated() { advantages[step * count + row] = advantage }
    }
    let returns = zip(advantages, own.values).map { Float($0 + $1) }
    let mean = advantages.reduce(0, +) / Double(advantages.count)
    let variance = advantages.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(advantages.count)
    let deviation = variance.squareRoot() + 1e-8
    let shape = [steps, count]
    return Rollout(
      observations: Tensor(own.observations, shape: shape + [spaces.observations.count]),
      actions: Tensor(own.actions, shape: shape + [spaces.actions.size]),
      logProbabilities: Tensor(own.logProbabilities.map { Float($0) }, shape: shape),
      advantages: Tensor(advantages.map { Float(($0 - mean) / deviation) }, shape: shape),
      returns: Tensor(returns, shape: shape), starts: Tensor(own.starts, shape: shape),
      actorState: carry.actorState, criticState: carry.criticState)
  }

  /// Writes down where the rows stand.
  private func place(_ rows: [RolloutWorker.Row], in carry: inout RolloutCarry) {
    let width = carry.log.shape[1] * carry.log.shape[2]
    var log = [Float](repeating: 0, count: rows.count * width)
    for (row, own) in rows.enumerated() {
      log.replaceSubrange(row * width..<row * width + own.actions.count, with: own.actions)
    }
    carry.log = Tensor(log, shape: carry.log.shape)
    let places = rows.flatMap { [Float($0.episode), Float($0.stepCount)] }
    carry.places = Tensor(places, shape: [rows.count, 2])
  }
}
