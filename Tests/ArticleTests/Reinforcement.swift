import Recurrent
import Testing

// article: begin
/// Says a number, and wants to hear that of the step before.
struct Echo: Environment {
  private var key = RandomKey(seed: 0)
  private var step = 0

  var spaces: EnvironmentSpaces {
    EnvironmentSpaces(
      observations: ["number"], actions: .discrete(["low", "high"]), stepLimit: 8, successReturn: 7)
  }

  private func number(_ step: Int) -> Float { key.uniform(at: step) < 0.5 ? -1 : 1 }

  mutating func reset(seed: UInt64) -> [Float] {
    (key, step) = (RandomKey(seed: seed), 0)
    return [number(0)]
  }

  mutating func step(_ action: [Float]) -> EnvironmentStep {
    let isRight = step > 0 && (action[0] == 1) == (number(step - 1) > 0)
    step += 1
    return EnvironmentStep(
      observation: [number(step)], reward: isRight ? 1 : 0, isTerminated: false, isTruncated: step == 8)
  }
}
// article: end

@Test func reinforcement() throws {
  // article: begin
  var settings = Settings()
  (settings[.environment], settings[.experience]) = ("echo", 30_000)
  (settings[.hidden], settings[.control]) = (16, false)
  let outcome = try EnvironmentCatalog.$additional.withValue(["echo": { Echo() }]) {
    try TaskTraining<ReinforcementTask>(TaskRequest([], settings: settings)).run()
  }
  let figures = outcome.trained?.description.results.figures ?? [:]
  precondition(figures["test mean return"] ?? 0 > 6.5)
  // article: end
}
