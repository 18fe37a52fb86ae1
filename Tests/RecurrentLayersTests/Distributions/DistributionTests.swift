import RecurrentTestSupport
import Testing

@testable import RecurrentCore
@testable import RecurrentLayers

@Suite struct DistributionTests {
  @Test func specialFunctions() throws {
    let fixture = try FixtureFile("forecasting")
    let x = try fixture.tensor("functions/x")
    try requireClose(
      logGamma(x), try fixture.tensor("functions/log_gamma"), relative: 1e-6, absolute: 1e-6, "logGamma")
    let point = ModelWithInputs(model: Dropout(rate: 0), inputs: [x])
    let (_, gradient) = valueAndGradient(of: point) { logGamma($0.inputs[0]).sum() }
    try requireClose(
      gradient.inputs[0], try fixture.tensor("functions/digamma"), relative: 1e-6, absolute: 1e-6, "digamma")
    #expect(logGammaValue(0).isNaN && digammaValue(-1).isNaN)
  }

  @Test func gammaGradients() throws {
    let x = Tensor.random([5], key: RandomKey(seed: 1)) + 1.5
    let rise = Tensor.random([5], key: RandomKey(seed: 2)) + 2
    try checkGradient(of: Dropout(rate: 0), inputs: [x, rise]) {
      (logGamma($1[0]) * $1[1] + logGammaRise($1[0], $1[1])).sum()
    }
  }

  /// Large arguments agree in all digits of a float but the last: their difference keeps its own.
  @Test func riseKeepsItsDigits() {
    let rise = logGammaRise(Tensor([1e6]), Tensor([0.5])).scalar
    // log Γ(x + 1/2) - log Γ(x) = log(x) / 2 - 1 / (8 x) + ...
    #expect(abs(Double(rise) - 6.907_755_153_982) < 1e-6)
  }

  @Test func quantiles() throws {
    let fixture = try FixtureFile("forecasting")
    let levels = try fixture.tensor("quantiles/levels").scalars.map { Double($0) }
    let degrees = try fixture.tensor("quantiles/student_t.degrees").scalars
    let expected = try fixture.tensor("quantiles/student_t").scalars
    for (row, own) in degrees.enumerated() {
      let distribution = StudentT(location: 0.5, scale: 2, degrees: Double(own))
      for (column, level) in levels.enumerated() {
        let (found, right) = (distribution.quantile(level), Double(expected[row * levels.count + column]))
        #expect(abs(found - right) <= 2e-7 * max(1, abs(right)), "t, \(own) degrees, level \(level)")
        #expect(abs(distribution.cumulative(found) - level) < 1e-10)
      }
    }
    let pairs = try fixture.tensor("quantiles/negative_binomial.parameters").scalars
    let counts = try fixture.tensor("quantiles/negative_binomial").scalars
    for row in 0..<pairs.count / 2 {
      let distribution = NegativeBinomial(
        mean: Double(pairs[2 * row]), dispersion: Double(pairs[2 * row + 1]))
      for (column, level) in levels.enumerated() {
        let right = Double(counts[row * levels.count + column])
        #expect(distribution.quantile(level) == right, "mean \(pairs[2 * row]), level \(level)")
      }
    }
    let normal = Gaussian(mean: 3, deviation: 2)
    #expect(abs(normal.quantile(0.975) - 6.919_927_969_080_108) < 1e-12)
    #expect(abs(normal.cumulative(normal.quantile(0.2)) - 0.2) < 1e-14)
  }

  /// Draws have the quantiles of the distribution: their share below each is its level.
  @Test(arguments: [0, 1, 2])
  func samples(_ kind: Int) {
    let distribution: any Distribution = [
      Gaussian(mean: 1, deviation: 3), StudentT(location: 1, scale: 3, degrees: 3),
      NegativeBinomial(mean: 12, dispersion: 0.5),
    ][kind]
    let count = 4000
    let numbers = RandomKey(seed: 5).uniforms(2 * count).map { Double($0) + 0x1p-25 }
    let draws = (0..<count).map { distribution.sample(numbers[2 * $0], numbers[2 * $0 + 1]) }
    for level in [0.05, 0.25, 0.5, 0.9] {
      let border = distribution.quantile(level)
      let share = Double(draws.count { $0 <= border }) / Double(count)
      // four standard deviations of a share
      #expect(
        abs(share - distribution.cumulative(border)) < 4 * (level * (1 - level) / Double(count)).squareRoot())
    }
    #expect(distribution.sample(0.3, 0.7) == distribution.sample(0.3, 0.7))
  }

  @Test func moments() {
    #expect(NegativeBinomial(mean: 4, dispersion: 0.25).deviation == 8.0.squareRoot())
    #expect(abs(StudentT(location: 2, scale: 3, degrees: 4).deviation - 18.0.squareRoot()) < 1e-14)
    #expect(StudentT(location: 2, scale: 3, degrees: 2).deviation == .infinity)
    #expect(StudentT(location: 2, scale: 3, degrees: 1).mean.isNaN)
  }
}
