import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct ClassWeightsTests {
  @Test func weightsAreBoundedAndOneInTheMean() {
    let counts = [8300, 1100, 300, 200, 1, 0]
    let weights = ClassWeights.balanced(counts)
    let mean = zip(weights, counts).reduce(0) { $0 + Double($1.0) * Double($1.1) } / 9901
    #expect(abs(mean - 1) < 1e-5)
    // inversely to the frequency, up to the bound
    #expect(abs(weights[1] / weights[0] - 83 / 11) < 1e-4)
    for place in 2..<5 { #expect(abs(weights[place] / weights[0] - 10) < 1e-4) }
    #expect(weights[5] == 1)
    #expect(ClassWeights.balanced([7, 7]) == [1, 1] && ClassWeights.balanced([]) == [])
  }

  /// By hand: each example counts with the weight of its class, and smoothing spreads over all classes alike.
  @Test func smoothingIsNotWeightedByTheClassesThatGetIt() {
    let scores: [[Double]] = [[2, 0, -1], [0.5, 1, 0]]
    let (labels, weights, smoothing) = ([0, 2], [0.5, 1, 20], 0.3)
    var expected = 0.0
    for (row, label) in zip(scores, labels) {
      let total = row.reduce(0) { $0 + exp($1) }
      let logs = row.map { $0 - log(total) }
      let smooth = logs.reduce(0, +) * smoothing / 3
      expected -= weights[label] * ((1 - smoothing) * logs[label] + smooth)
    }
    expected /= 20.5
    let loss = ClassWeights.smoothedLoss(
      Tensor(scores.flatMap { $0.map { Float($0) } }, shape: [2, 3]), labels,
      weights: weights.map { Float($0) }, smoothing: Float(smoothing))
    #expect(abs(Double(loss.scalar) - expected) < 1e-5)
    // without weights it is the cross-entropy of the library
    let same = ClassWeights.smoothedLoss(
      Tensor([2, 0, -1, 0.5, 1, 0], shape: [2, 3]), labels, weights: [1, 1, 1], smoothing: 0.3)
    let library = crossEntropy(
      Tensor([2, 0, -1, 0.5, 1, 0], shape: [2, 3]), Indices([0, 2]), labelSmoothing: 0.3)
    #expect(abs(same.scalar - library.scalar) < 1e-6)
  }
}
