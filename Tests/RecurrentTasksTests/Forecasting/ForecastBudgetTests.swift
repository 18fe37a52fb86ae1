import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct ForecastBudgetTests {
  private func sizes(_ kind: ForecastKind, context: Int, targets: Int) -> ForecastNetworkConfiguration {
    var sizes = ForecastNetworkConfiguration(
      kind, context: context, horizon: 24, targetCount: targets,
      output: kind == .segments ? .quantiles : .negativeBinomial)
    if kind == .segments { sizes.segment = context / 15 }
    return sizes
  }

  private func wanted(_ windows: Int) -> Int { min(60, max(8, 600 / max(1, windows / 64))) }

  @Test func ordinaryTrainingsAreNotCut() {
    for (sizes, windows) in [
      (sizes(.segments, context: 720, targets: 7), 4000), (sizes(.segments, context: 15, targets: 1), 40),
      (sizes(.autoregressive, context: 28, targets: 1), 4000),
    ] {
      let budget = ForecastBudget(sizes, windowCount: windows, epochs: wanted)
      #expect(budget.windows == windows && budget.epochs == wanted(windows), "\(budget)")
    }
  }

  /// Many targets, and long contexts that are read step by step: what they cost stays below the limit.
  @Test(arguments: [1, 7, 80, 321, 862], [(ForecastKind.segments, 720), (.autoregressive, 2880)])
  func largeTrainingsAreCut(_ targets: Int, _ size: (ForecastKind, Int)) {
    let sizes = sizes(size.0, context: size.1, targets: targets)
    let budget = ForecastBudget(sizes, windowCount: 4000, epochs: wanted)
    let isLeast = budget.windows == 256 && budget.epochs == 4
    #expect(budget.total <= ForecastBudget.multiplications || isLeast, "\(budget)")
    #expect(
      budget.windows >= 256 && budget.epochs >= 4 && budget.windows * budget.epochs <= 4000 * wanted(4000))
    if size.0 == .segments { #expect(!isLeast) }
    #expect(ForecastBudget.evaluated(sizes) >= 100)
  }

  @Test func inWords() {
    let budget = ForecastBudget(
      sizes(.segments, context: 720, targets: 321), windowCount: 4000, epochs: wanted)
    #expect(
      budget.text.hasPrefix("\(budget.epochs) epochs of \(budget.windows) windows, about "), "\(budget.text)")
  }
}
