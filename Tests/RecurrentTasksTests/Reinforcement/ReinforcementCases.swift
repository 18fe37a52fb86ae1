import RecurrentTestSupport

@testable import RecurrentTasks

/// Small policies.
enum ReinforcementCases {
  /// A task of an environment with a network of a few units.
  static func task(
    _ environment: String, cell: CellCatalog = .gru, layers: Int = 1,
    _ change: (inout PPOSettings) -> Void = { _ in }
  ) throws -> ReinforcementTask {
    let spaces = try EnvironmentCatalog.make(environment).spaces
    let network = SequenceNetworkConfiguration(
      featureCount: spaces.observations.count, isCausal: true, cell: cell, hiddenSize: 5, layerCount: layers,
      dropoutRate: 0)
    let scaler = ChannelScaler(
      method: .standard, fitting: spaces.observations.indices.map { [Float($0) - 0.4, Float($0) + 0.3] })
    var ppo = PPOSettings(
      stepCount: 100, rowCount: 3, rolloutSteps: 7, passCount: 2, entropyWeight: 0.01, logDeviation: -0.3,
      validationEpisodes: 2)
    change(&ppo)
    return ReinforcementTask(
      environment: environment, spaces: spaces, scaler: scaler, rewardScale: 0.5, network: network, ppo: ppo)
  }

  /// A training of two epochs on batches of so many rows.
  static func problem(
    _ task: ReinforcementTask, batchRows: Int = 2, isMemoryless: Bool = false
  ) -> ReinforcementProblem {
    ReinforcementProblem(
      task, in: task.choice,
      TaskSettings(batchSize: batchRows, training: TrainerSettings(epochs: 2, seed: 4)),
      isMemoryless: isMemoryless)
  }

  /// A model whose actions are not all equally likely.
  static func model(_ task: ReinforcementTask) -> PolicyModel {
    var model = task.makeModel(key: RandomKey(seed: 8))
    model.actor.head.weight = model.actor.head.weight * 100
    return model
  }

  /// Counts its steps, ends itself in odd episodes behind four steps and is broken off in even ones behind five.
  struct Counter: Environment {
    private var (isOdd, step) = (false, 0)
    var spaces: EnvironmentSpaces {
      EnvironmentSpaces(
        observations: ["step", "odd"],
        actions: .continuous([ActionBounds("u", -1...3), ActionBounds("v", 0...1)]),
        stepLimit: 5)
    }
    mutating func reset(seed: UInt64) -> [Float] {
      (isOdd, step) = (seed % 2 == 1, 0)
      return observation
    }
    private var observation: [Float] { [Float(step) / 4, isOdd ? 1 : -1] }
    mutating func step(_ action: [Float]) -> EnvironmentStep {
      step += 1
      return EnvironmentStep(
        observation: observation, reward: Double(step) + Double(action[0]), isTerminated: isOdd && step == 4,
        isTruncated: false)
    }
  }

  /// Runs `body` where `counter` is an environment.
  static func withCounter<R>(_ body: () throws -> R) rethrows -> R {
    try EnvironmentCatalog.$additional.withValue(["counter": { Counter() }], operation: body)
  }
}
