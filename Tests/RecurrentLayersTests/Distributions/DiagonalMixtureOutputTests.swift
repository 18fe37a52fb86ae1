import RecurrentTestSupport
import Testing

@testable import RecurrentLayers

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Mixtures of normal distributions of vectors, against the density written out.
@Suite struct DiagonalMixtureOutputTests {
  private let output = DiagonalMixtureOutput(count: 3, size: 2, leastDeviation: 0.05)

  private func density(_ parameters: [Double], _ y: [Double]) -> Double {
    let weights = parameters[0..<3].map { exp($0) }
    return (0..<3).reduce(0.0) { sum, k in
      sum + weights[k] / weights.reduce(0, +)
        * (0..<2).reduce(1.0) { product, d in
          let (m, s) = (parameters[3 + 2 * k + d], parameters[9 + 2 * k + d])
          return product * exp(-(y[d] - m) * (y[d] - m) / (2 * s * s)) / (s * (2 * .pi).squareRoot())
        }
    }
  }

  @Test func lossIsThatOfTheDensity() {
    let numbers = Tensor.random([4, 15], key: RandomKey(seed: 1))
    let targets = Tensor.random([4, 2], key: RandomKey(seed: 2))
    let weights: [Float] = [1, 0, 2, 0.5]
    var expected = 0.0
    for row in 0..<4 {
      let own = output.parameters(numbers.scalars[row * 15..<(row + 1) * 15])
      let y = targets.scalars[2 * row..<2 * row + 2].map { Double($0) }
      expected -= Double(weights[row]) * log(density(own, y)) / 3.5
    }
    let loss = output.loss(numbers, targets, weights: Tensor(weights))
    #expect(abs(Double(loss.scalar) - expected) < 1e-4)
    // far from all components it grows and stays a number
    let far = output.loss(numbers, targets + 1000, weights: nil)
    #expect(far.scalar.isFinite && far.scalar > 1000)
  }

  @Test func gradients() throws {
    let numbers = Tensor.random([3, 15], key: RandomKey(seed: 3))
    let targets = Tensor.random([3, 2], key: RandomKey(seed: 4))
    try checkGradient(of: Dropout(rate: 0), inputs: [numbers]) {
      output.loss($1[0], Tensor(targets.scalars, shape: targets.shape), weights: nil)
    }
  }

  @Test func momentsOfDraws() {
    let parameters = output.parameters(Tensor.random([15], key: RandomKey(seed: 5)).scalars)
    let count = 20_000
    var sums = [0.0, 0.0]
    var below = [0, 0]
    let (mean, median) = (output.mean(parameters), output.quantile(0.5, parameters))
    for index in 0..<count {
      for (place, value) in output.sample(parameters, key: RandomKey(seed: 6), index: index).enumerated() {
        sums[place] += Double(value)
        if Double(value) < median[place] { below[place] += 1 }
      }
    }
    for place in 0..<2 {
      #expect(abs(sums[place] / Double(count) - mean[place]) < 0.05)
      #expect(abs(Double(below[place]) / Double(count) - 0.5) < 0.02)
    }
  }
}
