import RecurrentTestSupport
import Testing

@testable import RecurrentLayers

@Suite struct NormalOutputTests {
  private let output = NormalOutput(leastDeviation: 0.5)

  /// The loss of a tensor is that of one number, worked out by hand: mean 1, deviation log(1 + e^0) + 0.5 = 1.1931.
  @Test func lossesOfOneNumber() {
    let parameters = output.parameters([1, 0])
    #expect(abs(parameters[1] - 1.193_147_18) < 1e-6)
    // log 1.1931 + (2 / 1.1931)² / 2 + log(2π) / 2
    #expect(abs(output.loss(parameters, of: 3) - 2.500_422) < 1e-5)
    let loss = output.loss(
      Tensor([1, 0, 9, 9], shape: [2, 2]), Tensor([3, 0], shape: [2, 1]), weights: Tensor([1, 0]))
    #expect(abs(Double(loss.scalar) - output.loss(parameters, of: 3)) < 1e-5)
    // no deviation falls below the least
    #expect(abs(output.parameters([0, -1000])[1] - 0.5) < 1e-6)
  }

  @Test func coldDrawsAreTheMean() {
    let parameters = output.parameters([2, 1])
    #expect(output.sample(parameters, temperature: 0, key: RandomKey(seed: 1), index: 5) == [2])
    let draws = (0..<2000).map {
      Double(output.sample(parameters, temperature: 0.25, key: RandomKey(seed: 1), index: $0)[0]) - 2
    }
    let deviation = (draws.reduce(0) { $0 + $1 * $1 } / 2000).squareRoot()
    #expect(abs(deviation / parameters[1] - 0.5) < 0.03)
  }
}
