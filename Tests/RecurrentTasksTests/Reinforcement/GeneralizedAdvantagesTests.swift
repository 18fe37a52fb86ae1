import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct GeneralizedAdvantagesTests {
  /// The definition: the exponentially weighted mean of all n-step advantages of an episode,
  ///
  ///     A_t = (1 - λ) Σ_n λ^(n-1) A_t^(n) + λ^(N-1) A_t^(N),   A_t^(n) = Σ_k γ^k r_(t+k) + γ^n V_(t+n) - V_t
  private func definition(
    _ estimate: GeneralizedAdvantages, _ rewards: [Double], _ values: [Double], _ ends: [Double?],
    _ next: Double
  ) -> [Double] {
    func power(_ base: Double, _ exponent: Int) -> Double {
      (0..<exponent).reduce(1) { own, _ in own * base }
    }
    return rewards.indices.map { t in
      // the steps to the end of the episode, or of the row
      let last = (t..<rewards.count).first { ends[$0] != nil } ?? rewards.count - 1
      let count = last - t + 1
      func advantage(_ n: Int) -> Double {
        let sum = (0..<n).reduce(0) { $0 + power(estimate.discount, $1) * rewards[t + $1] }
        let behind = t + n - 1 == last ? ends[last] ?? next : values[t + n]
        return sum + power(estimate.discount, n) * behind - values[t]
      }
      return (1..<count).reduce(0) {
        $0 + (1 - estimate.trace) * power(estimate.trace, $1 - 1) * advantage($1)
      } + power(estimate.trace, count - 1) * advantage(count)
    }
  }

  @Test(arguments: [(0.9, 0.8), (1, 1), (0.99, 0), (0, 0.5), (1, 0.95)])
  func areTheDefinition(_ discount: Double, _ trace: Double) {
    let estimate = GeneralizedAdvantages(discount: discount, trace: trace)
    for length in [1, 2, 9, 30] {
      let key = RandomKey(seed: UInt64(length))
      let numbers = key.uniforms(4 * length + 1).map { Double($0) * 4 - 2 }
      let (rewards, values) = (Array(numbers[..<length]), Array(numbers[length..<2 * length]))
      // a step in four ends an episode; half of them are broken off, with a value behind
      let ends = (0..<length).map { step -> Double? in
        let draw = numbers[2 * length + step]
        return draw > 1 ? (draw > 1.5 ? 0 : numbers[3 * length + step]) : nil
      }
      let next = numbers[4 * length]
      let found = estimate(rewards: rewards, values: values, ends: ends, next: next)
      let expected = definition(estimate, rewards, values, ends, next)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-9 }, "\(length): \(found), \(expected)")
    }
  }

  /// What comes behind the end of an episode does not matter to it, and a value behind a time limit does.
  @Test func episodesAreApart() {
    let estimate = GeneralizedAdvantages(discount: 0.9, trace: 0.7)
    let (values, ends) = ([0.5, 0.25, 1, 2], [nil, 0, nil, nil] as [Double?])
    let one = estimate(rewards: [1, 2, 3, 4], values: values, ends: ends, next: 5)
    let other = estimate(rewards: [1, 2, -30, 40], values: values, ends: ends, next: -5)
    #expect(one[..<2] == other[..<2] && one[2] != other[2])
    let limited = estimate(rewards: [1, 2, 3, 4], values: values, ends: [nil, 10, nil, nil], next: 5)
    #expect(abs(limited[1] - one[1] - 9) < 1e-12 && limited[2...] == one[2...])
  }
}
