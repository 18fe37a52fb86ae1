import Testing

@testable import RecurrentCore

/// A thread that was woken for the next step waits no longer than 0.2 ms: where a step of one thread takes as long as that, it must be woken for
/// the step itself, or it never takes part.
@Suite struct StepCostTests {
  @Test(arguments: [
    (1_000, 2, true, false), (2_000, 2, true, true), (2_000, 2, false, false), (99_999, 2, false, false),
    (100_000, 2, false, true), (336_000, 2, false, true), (336_000, 1, true, false),
  ])
  func whoTakesPart(_ cost: Int, _ members: Int, _ isAwake: Bool, _ isShared: Bool) {
    #expect(StepCost.isShared(cost, members: members, isAwake: isAwake) == isShared)
  }

  @Test func noStepIsLeftToSleepers() { #expect(StepCost.long < 200_000 && StepCost.waking < StepCost.long) }
}
