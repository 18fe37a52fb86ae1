import RecurrentTestSupport
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct LearningRateScheduleTests {
  @Test(
    arguments: [
      (LearningRateSchedule(.constant), [1, 1, 1, 1, 1]),
      (LearningRateSchedule(.constant, warmUpSteps: 3), [0.25, 0.5, 0.75, 1, 1]),
      (LearningRateSchedule(.cosine(final: 0)), [1, 0.853553, 0.5, 0.146447, 0]),
      (LearningRateSchedule(.cosine(final: 0.2)), [1, 0.882843, 0.6, 0.317157, 0.2]),
      (LearningRateSchedule(.cosine(final: 0), warmUpSteps: 2), [1.0 / 3, 2.0 / 3, 1, 0.5, 0]),
      // two steps an epoch
      (LearningRateSchedule(.step(epochs: 1, factor: 0.5)), [1, 1, 0.5, 0.5, 0.25]),
      (LearningRateSchedule(.step(epochs: 2, factor: 0.1)), [1, 1, 1, 1, 0.1]),
      (LearningRateSchedule(.decay(after: 1, factor: 0.5)), [1, 1, 0.5, 0.5, 0.25]),
      (LearningRateSchedule(.decay(after: 2, factor: 0.1)), [1, 1, 1, 1, 0.1]),
    ] as [(LearningRateSchedule, [Double])])
  func factors(_ schedule: LearningRateSchedule, _ expected: [Double]) throws {
    let found = (0..<5).map { schedule.factor(step: $0, stepCount: 4, epoch: $0 / 2, reductions: 0) }
    try requireClose(found, expected, relative: 1e-6, absolute: 1e-9, "\(schedule)")
  }

  @Test func plateauAndLimits() {
    let schedule = LearningRateSchedule(.plateau(patience: 1, factor: 0.5), warmUpSteps: 1)
    #expect(
      (0..<4).map { schedule.factor(step: 5, stepCount: 9, epoch: 2, reductions: $0) } == [
        1, 0.5, 0.25, 0.125,
      ])
    #expect(schedule.factor(step: 0, stepCount: 9, epoch: 0, reductions: 3) == 0.5)
    // longer than it was planned, shorter than the warm-up
    let cosine = LearningRateSchedule(.cosine(final: 0.1), warmUpSteps: 4)
    #expect(abs(cosine.factor(step: 99, stepCount: 10, epoch: 0, reductions: 0) - 0.1) < 1e-12)
    #expect(cosine.factor(step: 4, stepCount: 2, epoch: 0, reductions: 0) == 1)
  }

  @Test(arguments: [
    LearningRateSchedule.Shape.constant, .cosine(final: 0.05), .step(epochs: 3, factor: 0.3),
    .decay(after: 4, factor: 0.5),
    .plateau(patience: 2, factor: 0.5),
  ])
  func codable(_ shape: LearningRateSchedule.Shape) throws {
    let schedule = LearningRateSchedule(shape, warmUpSteps: 7)
    let data = try JSONEncoder().encode(schedule)
    #expect(try JSONDecoder().decode(LearningRateSchedule.self, from: data) == schedule)
  }
}
