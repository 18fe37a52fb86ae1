import Recurrent
import Testing

@testable import RecurrentTasks

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Voices below two tones, of which there are so few that all can be counted.
@Suite struct HarmonyTests {
  private let trained: TrainedTask<MusicTask>
  private let melody = MusicPiece(keys: [[63], [62]])
  /// All harmonies, and how likely the model finds each in nats.
  private let all: [(keys: [[Int]], nats: Double)]

  init() {
    var task = MusicTaskTests.task(.events)
    task.tokens = MusicTokens(60...71, tellsHeld: false)
    let model = task.makeModel(key: RandomKey(seed: 21))
    trained = TrainedTask(task, model)
    var all: [(keys: [[Int]], nats: Double)] = []
    for first in 0..<8 {
      for second in 0..<4 {
        func step(_ top: Int, _ pattern: Int) -> [Int] {
          [top] + (60..<top).reversed().filter { pattern >> ($0 - 60) & 1 == 1 }
        }
        let keys = [step(63, first), step(62, second)]
        all.append((keys, HarmonyTests.nats(keys, task, model)))
      }
    }
    self.all = all
  }

  private static func nats(_ keys: [[Int]], _ task: MusicTask, _ model: MusicModel) -> Double {
    let steps = keys.map { $0.map { MusicPiece.Tone($0) } }
    return task.predictions(model, to: [.init(steps: steps)])[0].steps.reduce(0) { $0 + Double($1.nats) }
  }

  /// A wider search finds nothing that is less likely, and an unlimited one the likeliest of all.
  @Test func theSearchFindsTheLikeliest() throws {
    let likeliest = MusicSampler(Sampler(temperature: 0))
    let best = all.map(\.nats).min() ?? 0
    func found(_ width: Int) throws -> Double {
      let keys = try trained.harmonise(melody, width: width, sampler: likeliest, key: RandomKey(seed: 0))
        .piece.keys
      return HarmonyTests.nats(keys, trained.task, trained.model)
    }
    #expect(abs(try found(64) - best) < 1e-4, "the best \(best)")
    #expect(try found(1) >= best - 1e-4)
  }

  /// Each harmony is drawn as often as its probability given the melody says.
  @Test func drawsAreOfTheProbabilityGivenTheMelody() throws {
    let sum = all.reduce(0) { $0 + exp(-$1.nats) }
    var counts: [[[Int]]: Int] = [:]
    let draws = 1500
    for seed in 0..<draws {
      counts[
        try trained.harmonise(melody, width: 16, key: RandomKey(seed: UInt64(seed))).piece.keys, default: 0] +=
        1
    }
    #expect(
      counts.values.reduce(0, +) == draws
        && counts.keys.allSatisfy { keys in all.contains { $0.keys == keys } })
    // half the sum of what differs; of so many draws from the probabilities themselves it is about 0.05
    let distance =
      all.reduce(0) { $0 + abs(exp(-$1.nats) / sum - Double(counts[$1.keys] ?? 0) / Double(draws)) } / 2
    #expect(distance < 0.09, "\(distance)")
    // what is below the first tone is drawn knowing the second one
    var first: [[Int]: Double] = [:]
    for own in all { first[own.keys[0], default: 0] += exp(-own.nats) / sum }
    for (step, expected) in first {
      let count = counts.filter { $0.key[0] == step }.values.reduce(0, +)
      let error = (expected * (1 - expected) / Double(draws)).squareRoot()
      #expect(
        abs(Double(count) / Double(draws) - expected) < 4 * error + 0.01,
        "\(step): \(count), expected \(expected)")
    }
  }

  /// Copies at even distances: as often as a share says, rounded up or down.
  @Test func copies() {
    #expect(HarmonyDraw.chosen([0.5, 0.25, 0.25], count: 4, uniform: 0.5) == [0, 0, 1, 2])
    #expect(HarmonyDraw.chosen([0, 1, 0], count: 3, uniform: 0.99) == [1, 1, 1])
    #expect(HarmonyDraw.chosen([0.1, 0.9], count: 1, uniform: 0.05) == [0])
    #expect(HarmonyDraw.chosen([0.1, 0.9], count: 1, uniform: 0.1) == [1])
  }
}
