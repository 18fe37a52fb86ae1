import RecurrentCore
import Testing

@testable import RecurrentTasks

@Suite struct DrawingEndTests {
  /// The steps until the end of a drawing whose steps are the end with these probabilities, the last one for all behind it.
  private static func length(_ probabilities: [Double], temperature: Double, seed: UInt64) -> Int {
    var end = DrawingEnd(temperature: temperature, key: RandomKey(seed: seed))
    return (0...).first { end.push(probabilities[min($0, probabilities.count - 1)]) } ?? 0
  }

  /// Lengths are distributed as the probabilities say, at each temperature.
  @Test(arguments: [0.2, 0.7, 1, 1.5]) func lengthsAreThoseOfTheModel(_ temperature: Double) {
    let probabilities = [0, 0.1, 0.3, 0.05, 0.45]
    let count = 20_000
    let lengths = (0..<count).map {
      Self.length(probabilities, temperature: temperature, seed: UInt64($0))
    }
    var survival = 1.0
    for (step, probability) in probabilities.enumerated() {
      let share = Double(lengths.count { $0 == step }) / Double(count)
      // four deviations of such a share
      #expect(abs(share - survival * probability) < 4 * (0.25 / Double(count)).squareRoot(), "\(step)")
      survival *= 1 - probability
    }
  }

  @Test func nothingIsRandomAtZero() {
    for seed in 0..<5 as Range<UInt64> {
      #expect(Self.length([0.1, 0.3, 0.3, 0.9], temperature: 0, seed: seed) == 2)
      #expect(Self.length([0, 0, 0, 1], temperature: 0, seed: seed) == 3)
    }
  }
}
