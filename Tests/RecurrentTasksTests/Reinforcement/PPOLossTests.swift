import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct PPOLossTests {
  private typealias Cases = ReinforcementCases

  /// A rollout of an environment whose actions were likelier, or less so, than they are now.
  private func moved(_ task: ReinforcementTask, _ model: PolicyModel) throws -> Rollout {
    let problem = Cases.problem(task)
    var rollout = try problem.collected(model, at: StepPosition(), carry: problem.initialCarry(model)).rollout
    let count = rollout.logProbabilities.count
    let shifts = RandomKey(seed: 3).uniforms(count).map { $0 - 0.5 }
    rollout.logProbabilities =
      rollout.logProbabilities + Tensor(shifts, shape: rollout.logProbabilities.shape)
    // states in the middle of an episode
    rollout.actorState = rollout.actorState.map {
      Tensor(uniformIn: -1...1, shape: $0.shape, key: RandomKey(seed: 4))
    }
    rollout.criticState = rollout.criticState.map {
      Tensor(uniformIn: -1...1, shape: $0.shape, key: RandomKey(seed: 5))
    }
    rollout.starts = Tensor(
      rollout.starts.scalars.enumerated().map { $0.offset % 5 == 2 ? 1 : 0 }, shape: rollout.starts.shape)
    return rollout
  }

  /// The loss by its definition, in double precision, step by step from the scores of the networks.
  private func definition(
    _ task: ReinforcementTask, _ model: PolicyModel, _ rollout: Rollout, clipRange: Double
  ) -> Double {
    let (steps, rows) = (rollout.starts.shape[0], rollout.starts.shape[1])
    func outputs(_ part: SequenceTagger, _ state: [Tensor]) -> [[Double]] {
      var all = [[Double]](repeating: [], count: steps * rows)
      let layer = part.network.recurrent
      for row in 0..<rows {
        var now = layer.initialState(batch: 1).replacing(state.map { $0.rows([row]) })
        for step in 0..<steps {
          let place = step * rows + row
          if rollout.starts.scalars[place] == 1 { now = layer.initialState(batch: 1) }
          let width = rollout.observations.shape[2]
          let seen = Tensor(
            Array(rollout.observations.scalars[place * width..<(place + 1) * width]), shape: [1, width])
          let (output, next) = layer.step(seen, now)
          now = next
          all[place] = part.head(output).scalars.map { Double($0) }
        }
      }
      return all
    }
    let (scores, values) = (
      outputs(model.actor, rollout.actorState), outputs(model.critic, rollout.criticState)
    )
    let deviations = model.logDeviations?.scalars.map { exp(Double($0)) } ?? []
    var (gain, error, entropy) = (0.0, 0.0, 0.0)
    for place in 0..<steps * rows {
      let own = scores[place]
      var logProbability = 0.0
      if deviations.isEmpty {
        let total = own.reduce(0) { $0 + exp($1) }
        let shares = own.map { exp($0) / total }
        logProbability = log(shares[Int(rollout.actions.scalars[place])])
        entropy -= shares.reduce(0) { $0 + $1 * log($1) }
      } else {
        for (index, deviation) in deviations.enumerated() {
          let distance = Double(rollout.actions.scalars[place * own.count + index]) - own[index]
          logProbability += log(
            exp(-distance * distance / (2 * deviation * deviation)) / (deviation * (2 * .pi).squareRoot()))
          entropy += 0.5 * log(2 * .pi * M_E * deviation * deviation)
        }
      }
      let ratio = exp(logProbability - Double(rollout.logProbabilities.scalars[place]))
      let advantage = Double(rollout.advantages.scalars[place])
      gain += min(ratio * advantage, min(max(ratio, 1 - clipRange), 1 + clipRange) * advantage)
      let miss = Double(rollout.returns.scalars[place]) - values[place][0]
      error += miss * miss
    }
    let count = Double(steps * rows)
    return (task.ppo.valueWeight * error - gain - task.ppo.entropyWeight * entropy) / count
  }

  @Test(arguments: ["t-maze-2", "counter"], [CellCatalog.gru, .lstm])
  func isTheDefinition(_ name: String, _ cell: CellCatalog) throws {
    try Cases.withCounter {
      let task = try Cases.task(name, cell: cell) { ($0.valueWeight, $0.entropyWeight) = (0.7, 0.3) }
      let model = Cases.model(task)
      let rollout = try moved(task, model)
      let loss = PPOLoss(actions: task.spaces.actions, settings: task.ppo, isMemoryless: false)
      for clipRange in [0.1, 0.3] {
        let found = Double(loss(model, rollout, clipRange: clipRange, mode: .inference).scalar)
        let expected = definition(task, model, rollout, clipRange: clipRange)
        #expect(abs(found - expected) < 1e-5 * max(1, abs(expected)))
      }
    }
  }

  /// Central differences in double precision, where some ratios are clipped, episodes begin inside rows, and states are any.
  @Test(arguments: ["t-maze-2", "counter"]) func gradient(_ name: String) throws {
    try Cases.withCounter {
      let task = try Cases.task(name) { ($0.valueWeight, $0.entropyWeight) = (0.7, 0.3) }
      let model = Cases.model(task)
      let tensors = { (rollout: Rollout) in
        RolloutCarry(
          rollout: rollout, actorState: rollout.actorState, criticState: rollout.criticState,
          places: Tensor(0), log: Tensor(0), curve: Tensor(0)
        ).tensors
      }(try moved(task, model))
      let loss = PPOLoss(actions: task.spaces.actions, settings: task.ppo, isMemoryless: false)
      try checkGradient(of: model) { model, _ in
        let carry = RolloutCarry(tensors: tensors.map { Tensor($0.scalars, shape: $0.shape) })
        return loss(model, carry.rollout, clipRange: 0.15, mode: .inference)
      }
    }
  }

  /// Starts inside a row give the bits of the parts as rows of their own.
  @Test(arguments: [CellCatalog.gru, .lstm]) func startsAreRowsOfTheirOwn(_ cell: CellCatalog) throws {
    let task = try Cases.task("cartpole-no-velocity", cell: cell)
    let model = Cases.model(task)
    var rollout = try moved(task, model)
    rollout.starts = Tensor((0..<21).map { $0 / 3 == 4 ? 1 : 0 }, shape: [7, 3])
    let layer = model.actor.network.recurrent
    let begin = layer.initialState(batch: 3).replacing(rollout.actorState)
    let whole = layer(rollout.batch, state: begin).outputs.scalars
    let first = layer(SequenceBatch(rollout.observations.sliced(axis: 0, 0..<4)), state: begin).outputs
    let second = layer(SequenceBatch(rollout.observations.sliced(axis: 0, 4..<7))).outputs
    #expect(whole == first.scalars + second.scalars)
  }

  /// Rows by themselves are the rows of the whole: the mean of their losses is that of all.
  @Test func rowsOfARollout() throws {
    let task = try Cases.task("pendulum-no-velocity")
    let model = Cases.model(task)
    let rollout = try moved(task, model)
    let loss = PPOLoss(actions: task.spaces.actions, settings: task.ppo, isMemoryless: false)
    func value(_ rollout: Rollout) -> Double {
      Double(loss(model, rollout, clipRange: 0.2, mode: .inference).scalar)
    }
    let parts = [[2], [0], [1]].map { value(rollout.rows($0)) }
    #expect(abs(parts.reduce(0, +) / 3 - value(rollout)) < 1e-5)
    #expect(rollout.rows([2, 0]).rows([1]).actions.scalars == rollout.rows([0]).actions.scalars)
  }
}
