import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentLayers

@Suite struct BernoulliOutputTests {
  private let output = BernoulliOutput(count: 3)

  @Test func lossIsTheSumOverQuestions() {
    let scores: [Float] = [0.5, -2, 3, 0, 40, -40]
    let values: [Float] = [1, 0, 0, 1, 1, 0]
    func nats(_ row: Int) -> Double {
      (0..<3).reduce(0.0) { sum, place in
        let p = 1 / (1 + exp(-Double(scores[row * 3 + place])))
        return sum - log(values[row * 3 + place] == 1 ? p : 1 - p)
      }
    }
    let (numbers, targets) = (Tensor(scores, shape: [2, 3]), Tensor(values, shape: [2, 3]))
    func loss(_ weights: [Float]?) -> Double {
      Double(output.loss(numbers, targets, weights: weights.map { Tensor($0) }).scalar)
    }
    #expect(abs(loss(nil) - (nats(0) + nats(1)) / 2) < 1e-5)
    #expect(abs(loss([1, 3]) - (nats(0) + 3 * nats(1)) / 4) < 1e-5)
    #expect(loss([0, 0]) == 0)
    for row in 0..<2 {
      let own = output.negativeLogLikelihood(scores[row * 3..<row * 3 + 3]) { values[row * 3 + $0] == 1 }
      #expect(abs(own - nats(row)) < 1e-6)
    }
    // what is impossible in floats has a finite loss
    let certain = output.negativeLogLikelihood([200, -200, 0]) { $0 == 1 }
    #expect(abs(certain - (400 + log(2))) < 1e-9)
  }

  @Test func gradients() throws {
    let numbers = Tensor.random([4, 3], key: RandomKey(seed: 6))
    try checkGradient(of: Dropout(rate: 0), inputs: [numbers]) { _, inputs in
      let targets = Tensor([1, 0, 1, 0, 0, 0, 1, 1, 1, 0, 1, 0], shape: [4, 3], like: inputs[0])
      return output.loss(inputs[0], targets, weights: Tensor([1, 0, 2, 1], shape: [4], like: inputs[0]))
    }
  }

  @Test func drawsHaveTheirProbabilities() {
    let scores = [0.0, log(0.2 / 0.8), 60]
    let key = RandomKey(seed: 4)
    let draws = (0..<4000).map { output.sample(scores, key: key, index: $0) }
    let shares = (0..<3).map { place in draws.reduce(0) { $0 + Double($1[place]) } / 4000 }
    #expect(abs(shares[0] - 0.5) < 0.03 && abs(shares[1] - 0.2) < 0.03 && shares[2] == 1)
    #expect(output.sample(scores, key: key, index: 7) == draws[7])
    for (mean, expected) in zip(output.mean(scores), [0.5, 0.2, 1]) { #expect(abs(mean - expected) < 1e-9) }
    #expect(output.quantile(0.7, scores) == [1, 0, 1] && output.quantile(0.4, scores) == [0, 0, 1])
    #expect(output.size == 3 && output.parameters.count == 3)
  }
}
