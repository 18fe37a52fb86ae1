import Testing

@testable import RecurrentDecoding

@Suite struct WeightSearchTests {
  @Test func findsTheLowestPoint() {
    let result = WeightSearch(refinementCount: 4).run { alpha, beta in
      (alpha - 0.8) * (alpha - 0.8) + (beta - 1.3) * (beta - 1.3) + 0.5 * (alpha - 0.8) * (beta - 1.3)
    }
    #expect(abs(result.best.alpha - 0.8) < 0.05 && abs(result.best.beta - 1.3) < 0.05)
    #expect(result.trials.contains(result.best) && result.trials.count < 150)
    #expect(result.trials.allSatisfy { (0...3).contains($0.alpha) && (-2...4).contains($0.beta) })
    // each pair once
    #expect(Set(result.trials.map { [$0.alpha, $0.beta] }).count == result.trials.count)
  }

  @Test func takesTheMiddleOfAPlateau() {
    let result = WeightSearch().run { alpha, _ in (0.4...1.6).contains(alpha) ? 0.1 : 0.3 }
    #expect(result.best.error == 0.1 && (0.7...1.3).contains(result.best.alpha))
  }

  @Test func repeatsItselfAndSurvivesNumbersThatAreNone() {
    func run() -> WeightSearch.Result {
      WeightSearch().run { alpha, beta in alpha > 2 ? .nan : (alpha - beta) * (alpha - beta) }
    }
    #expect(run() == run() && run().best.error < 0.01)
    #expect(WeightSearch().run { _, _ in .nan }.best.error == .infinity)
  }

  @Test func aFixedWeightStays() {
    let result = WeightSearch(alphas: 0.5...0.5).run { alpha, beta in abs(beta - 1) + abs(alpha) }
    #expect(result.trials.allSatisfy { $0.alpha == 0.5 } && abs(result.best.beta - 1) < 0.15)
  }

  private struct Failure: Error {}

  @Test func passesErrorsOn() {
    #expect(throws: Failure.self) {
      try WeightSearch().run { alpha, _ throws(Failure) in
        if alpha > 2 { throw Failure() }
        return 1
      }
    }
  }
}
