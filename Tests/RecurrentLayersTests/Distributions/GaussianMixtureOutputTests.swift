import RecurrentTestSupport
import Testing

@testable import RecurrentCore
@testable import RecurrentLayers

/// Mixtures of bivariate normal distributions against PyTorch, against numbers that are known, and far out.
@Suite struct GaussianMixtureOutputTests {
  static let cases = ["plain", "weights", "narrow", "far", "steep"]

  private func output(_ fixture: FixtureFile, _ name: String) throws -> GaussianMixtureOutput {
    let least = try #require(fixture.cases[name]?["least"]?.number)
    return GaussianMixtureOutput(
      count: try fixture.tensor(name + "/input").shape[1] / 6, leastDeviation: Float(least))
  }

  @Test(arguments: cases) func parity(_ name: String) throws {
    let fixture = try FixtureFile("mixtures")
    let output = try output(fixture, name)
    let (numbers, targets) = (try fixture.tensor(name + "/input"), try fixture.tensor(name + "/target"))
    let weights = fixture.contains(name + "/weights") ? try fixture.tensor(name + "/weights") : nil
    let point = ModelWithInputs(model: Dropout(rate: 0), inputs: [numbers])
    let (value, gradient) = valueAndGradient(of: point) {
      output.loss($0.inputs[0], targets, weights: weights)
    }
    try requireClose(value, try fixture.tensor(name + "/loss"), relative: 1e-5, absolute: 1e-5, name)
    try requireClose(
      gradient.inputs[0], try fixture.tensor(name + "/grad.input"), relative: 1e-4, absolute: 1e-7, name)
    // point by point, in double precision
    let known = try fixture.tensor(name + "/losses").scalars
    let (all, places, width) = (numbers.scalars, targets.scalars, numbers.shape[1])
    for row in known.indices {
      let parameters = output.parameters(all[row * width..<(row + 1) * width])
      let own = output.loss(parameters, x: Double(places[2 * row]), y: Double(places[2 * row + 1]))
      #expect(abs(own - Double(known[row])) < 2e-6 * max(1, abs(own)), "\(name), row \(row)")
    }
  }

  @Test(arguments: cases) func gradient(_ name: String) throws {
    let fixture = try FixtureFile("mixtures")
    let output = try output(fixture, name)
    let targets = try fixture.tensor(name + "/target")
    try checkGradient(of: Dropout(rate: 0), inputs: [try fixture.tensor(name + "/input")]) {
      output.loss($1[0], targets.moved(to: $1[0].backend), weights: nil)
    }
  }

  /// Whatever a network gives out and however far a point is, loss and gradient are numbers.
  @Test func nothingIsEndless() {
    let output = GaussianMixtureOutput(count: 2)
    for size: Float in [0, 1, 30, 200, 1e4] {
      for far: Float in [0, 1, 1e3, 1e6] {
        let numbers = Tensor.random([16, 12], key: RandomKey(seed: 3)) * (2 * size)
        let targets = Tensor.random([16, 2], key: RandomKey(seed: 5)) * far
        let point = ModelWithInputs(model: Dropout(rate: 0), inputs: [numbers])
        let (value, gradient) = valueAndGradient(of: point) {
          output.loss($0.inputs[0], targets, weights: nil)
        }
        #expect(value.scalar.isFinite, "\(size), \(far)")
        #expect(gradient.inputs[0].scalars.allSatisfy { $0.isFinite }, "\(size), \(far)")
        let own = output.parameters(numbers.scalars[..<12])
        #expect(output.loss(own, x: Double(far), y: 0).isFinite)
        #expect(output.sample(own, key: RandomKey(seed: 1), index: 0).allSatisfy { $0.isFinite })
      }
    }
  }

  /// One normal distribution: draws have its correlation, and a temperature takes its variances times itself.
  @Test(arguments: [1, 0.25, 0]) func drawsFollowTheTemperature(_ temperature: Double) {
    let output = GaussianMixtureOutput(count: 1)
    let parameters = [0, 3, -2, 2, 0.5, 0.8]
    let draws = (0..<4000).map {
      output.sample(parameters, temperature: temperature, key: RandomKey(seed: 2), index: $0).map(Double.init)
    }
    func mean(_ of: ([Double]) -> Double) -> Double { draws.reduce(0) { $0 + of($1) } / 4000 }
    let (x, y) = (mean { $0[0] }, mean { $0[1] })
    let (xx, yy) = (mean { ($0[0] - x) * ($0[0] - x) }, mean { ($0[1] - y) * ($0[1] - y) })
    #expect(abs(x - 3) < 0.15 && abs(y + 2) < 0.04)
    #expect(
      abs(xx - 4 * temperature) <= 0.3 * temperature && abs(yy - 0.25 * temperature) <= 0.02 * temperature)
    guard temperature > 0 else { return #expect(Set(draws).count == 1 && draws[0] == [3, -2]) }
    // 0.999 tanh(0.8)
    let correlation = mean { ($0[0] - x) * ($0[1] - y) } / (xx * yy).squareRoot()
    #expect(abs(correlation - 0.6634) < 0.04)
  }

  /// A low temperature chooses the likelier of two, and equal ones by their order.
  @Test func temperatureChooses() {
    let output = GaussianMixtureOutput(count: 2)
    func first(_ weights: [Double], _ temperature: Double) -> Int {
      let parameters = weights + [-100, 100, 0, 0, 1, 1, 1, 1, 0, 0]
      return (0..<500).count {
        output.sample(parameters, temperature: temperature, key: RandomKey(seed: 8), index: $0)[0] < 0
      }
    }
    // softmax of (1, 0) at 1, 1/2 and 0: 0.731, 0.881, 1
    #expect(abs(first([1, 0], 1) - 366) < 40 && abs(first([1, 0], 0.5) - 440) < 30)
    #expect(first([1, 0], 0) == 500 && first([0, 1], 0) == 0 && first([1, 1], 0) == 500)
    #expect(CategoricalOutput(count: 3).tempered([1, 3, 3], temperature: 0) == [-.infinity, 0, -.infinity])
    #expect(CategoricalOutput(count: 2).tempered([3, 1], temperature: 0.5) == [0, -4])
  }
}
