import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct RolloutTests {
  private typealias Cases = ReinforcementCases

  /// The first rollouts of a fresh training, the carry behind each.
  private func rollouts(
    _ count: Int, _ task: ReinforcementTask, _ model: PolicyModel, isMemoryless: Bool = false
  ) throws -> [RolloutCarry] {
    let problem = Cases.problem(task, isMemoryless: isMemoryless)
    var carry = problem.initialCarry(model)
    let updates = 2 * task.ppo.passCount
    return try (0..<count).map { number in
      carry = try problem.collected(model, at: StepPosition(epoch: 0, step: updates * number), carry: carry)
      return carry
    }
  }

  /// What an actor gives for a rollout in one pass, from the state and with the starts that are kept.
  private func scores(_ part: SequenceTagger, _ rollout: Rollout, _ state: [Tensor]) -> Tensor {
    let layer = part.network.recurrent
    let begin = layer.initialState(batch: rollout.observations.shape[1]).replacing(state)
    return part.head(layer(rollout.batch, state: begin).outputs)
  }

  /// The bits of what the policy said when it acted: the state before the first step is kept, starts stand at the first step of an
  /// episode, and the state is carried into the next rollout.
  @Test(arguments: [CellCatalog.gru, .lstm, .elman, .minGRU], [1, 2])
  func oneRereadsWhatWasDone(_ cell: CellCatalog, _ layers: Int) throws {
    let task = try Cases.task("t-maze-2", cell: cell, layers: layers)
    let model = Cases.model(task)
    let all = try rollouts(4, task, model)
    #expect(all[0].rollout.starts.scalars.prefix(3) == [1, 1, 1])
    #expect(all.contains { $0.rollout.starts.scalars.prefix(3).contains(0) })
    for carry in all {
      let own = carry.rollout
      let found = scores(model.actor, own, own.actorState).reshaped(to: [21, 3])
      let likelihoods = logSoftmax(found).scalars
      for place in 0..<21 {
        let expected = likelihoods[3 * place + Int(own.actions.scalars[place])]
        #expect(abs(own.logProbabilities.scalars[place] - expected) < 1e-5)
      }
    }
    // the state behind a rollout is the one before the next
    for (before, after) in zip(all, all.dropFirst()) {
      #expect(before.actorState.map(\.scalars) == after.rollout.actorState.map(\.scalars))
      #expect(before.criticState.map(\.scalars) == after.rollout.criticState.map(\.scalars))
    }
  }

  /// Advantages and returns by their definition, from the values of whole episodes, which the critic reads in one pass and with
  /// their last observation.
  @Test func returnsByTheDefinition() throws {
    try Cases.withCounter {
      let task = try Cases.task("counter") { ($0.discount, $0.trace, $0.rolloutSteps) = (0.9, 0.8, 11) }
      let model = Cases.model(task)
      let all = try rollouts(2, task, model)
      let estimate = GeneralizedAdvantages(discount: 0.9, trace: 0.8)
      for row in 0..<3 {
        func column(_ tensor: (Rollout) -> Tensor, _ width: Int = 1, _ place: Int = 0) -> [Float] {
          all.flatMap { carry in
            (0..<11).map { tensor(carry.rollout).scalars[($0 * 3 + row) * width + place] }
          }
        }
        let starts = column(\.starts).indices.filter { column(\.starts)[$0] == 1 } + [22]
        #expect(starts.count >= 5)
        var found: [Double] = []
        for (first, next) in zip(starts, starts.dropFirst()) {
          let count = next - first
          let odd = task.scaler.restored(column(\.observations, 2, 1)[first], channel: 1) > 0
          // one more than there are steps, but for the episode that goes on
          let seen = (0...count).flatMap { step in
            [Float(step) / 4, odd ? 1 : -1].enumerated().map {
              task.scaler.scaled($0.element, channel: $0.offset)
            }
          }
          let layer = model.critic.network.recurrent
          let values = model.critic.head(
            layer(SequenceBatch(Tensor(seen, shape: [count + 1, 1, 2]))).outputs
          ).scalars.map { Double($0) }
          let hasEnded = next < 22
          #expect(!hasEnded || count == (odd ? 4 : 5))
          let actions = column(\.actions, 2, 0)[first..<next].map { ActionBounds("u", -1...3).value($0) }
          let rewards = (0..<count).map { 0.5 * (Double($0 + 1) + Double(actions[$0])) }
          var ends = [Double?](repeating: nil, count: count)
          if hasEnded { ends[count - 1] = odd ? 0 : values[count] }
          let advantages = estimate(
            rewards: rewards, values: Array(values.dropLast()), ends: ends, next: values[count])
          // what was collected in the first rollout knows no rewards of the second
          found += zip(advantages, values).map { $0 + $1 }
        }
        let kept = column(\.returns)
        let lastStart = starts.last { $0 < 11 } ?? 0
        for step in 0..<22 where step < lastStart || step >= 11 {
          #expect(abs(Double(kept[step]) - found[step]) < 1e-4, "row \(row), step \(step)")
        }
      }
      // with mean 0 and deviation 1 over all steps
      for carry in all {
        let own = carry.rollout.advantages.scalars.map { Double($0) }
        let mean = own.reduce(0, +) / 33
        #expect(abs(mean) < 1e-5)
        #expect(abs(own.reduce(0) { $0 + $1 * $1 } / 33 - 1) < 1e-4)
      }
    }
  }

  /// A policy without memory sees each observation alone.
  @Test func withoutMemory() throws {
    let task = try Cases.task("cartpole-no-velocity")
    let model = Cases.model(task)
    for carry in try rollouts(2, task, model, isMemoryless: true) {
      let own = carry.rollout
      let layer = model.actor.network.recurrent
      for place in 0..<21 {
        let one = Tensor(Array(own.observations.scalars[2 * place..<2 * place + 2]), shape: [1, 1, 2])
        let likelihoods = logSoftmax(model.actor.head(layer(SequenceBatch(one)).outputs)).scalars
        let expected = likelihoods[Int(own.actions.scalars[place])]
        #expect(abs(own.logProbabilities.scalars[place] - expected) < 1e-5)
      }
    }
  }

  /// Another process goes on from what a carry holds: in the middle of episodes, to the same bits.
  @Test(arguments: ["cartpole-no-velocity", "pendulum", "t-maze-4"])
  func goesOnElsewhere(_ name: String) throws {
    let task = try Cases.task(name)
    let model = Cases.model(task)
    let all = try rollouts(4, task, model)
    for number in 1..<4 {
      let before = RolloutCarry(tensors: all[number - 1].tensors)
      let position = StepPosition(epoch: 0, step: 2 * task.ppo.passCount * number)
      let after = try Cases.problem(task).collected(model, at: position, carry: before)
      try requireSameBits(after.tensors, all[number].tensors, "rollout \(number) elsewhere")
    }
  }

  /// What does not repeat itself cannot be gone on with.
  @Test func whatDoesNotRepeatItself() throws {
    struct Fickle: Environment {
      let limit: Int
      var count = 0
      var spaces: EnvironmentSpaces {
        EnvironmentSpaces(observations: ["x"], actions: .discrete(["a", "b"]), stepLimit: 30)
      }
      mutating func reset(seed: UInt64) -> [Float] {
        count = 0
        return [0]
      }
      mutating func step(_ action: [Float]) -> EnvironmentStep {
        count += 1
        return EnvironmentStep(observation: [0], reward: 0, isTerminated: count == limit, isTruncated: false)
      }
    }
    func collect(_ limit: Int, _ carry: RolloutCarry?, _ step: Int) throws -> RolloutCarry {
      try EnvironmentCatalog.$additional.withValue(["fickle": { Fickle(limit: limit) }]) {
        let task = try Cases.task("fickle")
        let (problem, model) = (Cases.problem(task), Cases.model(task))
        return try problem.collected(
          model, at: StepPosition(epoch: 0, step: step), carry: carry ?? problem.initialCarry(model))
      }
    }
    let carry = try collect(20, nil, 0)
    let error = #expect(throws: EnvironmentError.self) { try collect(5, carry, 4) }
    #expect(error?.description.contains("step 5: it does not repeat itself") ?? false)
  }
}
