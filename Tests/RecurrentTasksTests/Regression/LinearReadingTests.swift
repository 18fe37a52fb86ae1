import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct LinearReadingTests {
  /// Sequences of two numbers a step, of lengths from `lengths`.
  private func sequences(_ lengths: [Int]) -> [FeatureSequence] {
    lengths.enumerated().map { index, length in
      FeatureSequence(
        featureCount: 2,
        values: Tensor.random([length * 2], key: RandomKey(seed: 40).child(index)).scalars)
    }
  }

  @Test func readsTheMeanAndTheLastSteps() throws {
    let reading = LinearReading(steps: 2, featureCount: 2, weights: [1, 10, 100, 1_000, 10_000, 100_000, 5])
    var window = LinearWindow(reading)
    #expect(window.value == 5)
    for step in [[Float(1), 2], [3, 4], [5, 9]] { step.withUnsafeBufferPointer { window.add($0) } }
    // the mean is 3 and 5, the last steps are 3, 4 and 5, 9
    #expect(window.value == 5 + 3 + 50 + 300 + 4_000 + 50_000 + 900_000)
    // of a shorter sequence the steps before are zero
    var short = LinearWindow(reading)
    [Float(2), 3].withUnsafeBufferPointer { short.add($0) }
    #expect(short.value == 5 + 2 + 30 + 20_000 + 300_000)
  }

  @Test(arguments: [40, 9]) func findsALinearMap(_ count: Int) throws {
    let lengths = (0..<count).map { 4 + $0 % 3 }
    let zero = try #require(LinearReading.zero(featureCount: 2, longest: 6))
    #expect(zero.steps == 6)
    let truth = LinearReading(
      steps: 6, featureCount: 2, weights: Tensor.random([15], key: RandomKey(seed: 41)).scalars)
    var examples = LinearExamples(width: 14)
    for sequence in sequences(lengths) {
      var window = LinearWindow(truth)
      for step in 0..<sequence.stepCount {
        Array(sequence.values[2 * step..<2 * step + 2]).withUnsafeBufferPointer { window.add($0) }
      }
      examples.add(sequence, Double(window.value), zero)
    }
    let fit = try #require(zero.fitted(to: examples, validation: LinearExamples(width: 14)))
    for index in 0..<count {
      var value = Double(fit.reading.weights[14])
      for (number, weight) in zip(examples.row(index), fit.reading.weights) {
        value += number * Double(weight)
      }
      // of fewer sequences than weights many maps are left
      #expect(abs(value - examples.targets[index]) < (count == 40 ? 1e-3 : 0.5))
    }
  }

  /// The gradient of the ridge loss is zero at its solution, whichever matrix of products was used.
  @Test(arguments: [30, 8]) func solvesTheRidgeEquations(_ count: Int) throws {
    var examples = LinearExamples(width: 14)
    let zero = try #require(LinearReading.zero(featureCount: 2, longest: 6))
    for (index, sequence) in sequences((0..<count).map { 3 + $0 % 5 }).enumerated() {
      examples.add(sequence, Double((index * 7) % 11), zero)
    }
    let means = examples.means
    var trace = 0.0
    for index in 0..<count {
      for (value, mean) in zip(examples.row(index), means.numbers) {
        trace += (value - mean) * (value - mean)
      }
    }
    for ridge in [0.01, 1] {
      let weights = try #require(
        RidgeRegression(examples).solved(ridge: ridge, findsError: count == 30)
      ).weights
      var gradient = weights.dropLast().map { ridge * trace / 14 * $0 }
      var bias = 0.0
      for index in 0..<count {
        var error = weights[14] - examples.targets[index]
        for (number, weight) in zip(examples.row(index), weights) { error += number * weight }
        for (place, number) in examples.row(index).enumerated() { gradient[place] += error * number }
        bias += error
      }
      #expect(gradient.allSatisfy { abs($0) < 1e-8 * trace })
      #expect(abs(bias) < 1e-8 * trace)
    }
  }

  /// Generalised cross-validation is what leaving sequences out would give, were all of the same leverage.
  @Test func expectsTheErrorOfUnseenSequences() throws {
    var (seen, unseen) = (LinearExamples(width: 14), LinearExamples(width: 14))
    let zero = try #require(LinearReading.zero(featureCount: 2, longest: 6))
    let noise = Tensor.random([600], key: RandomKey(seed: 42)).scalars
    for (index, sequence) in sequences([Int](repeating: 6, count: 600)).enumerated() {
      let target = Double(sequence.values[3]) + Double(noise[index])
      if index < 100 { seen.add(sequence, target, zero) } else { unseen.add(sequence, target, zero) }
    }
    let solution = try #require(RidgeRegression(seen).solved(ridge: 1e-6, findsError: true))
    let error = unseen.meanSquaredError(solution.weights)
    #expect(abs(solution.error / error - 1) < 0.25)
    #expect(seen.meanSquaredError(solution.weights) < 0.9 * error)
  }

  @Test func theNetworkCountsAsTheValidationPartLikes() {
    #expect(ResidualScale.share(of: [], left: []) == 1)
    #expect(ResidualScale.share(of: [1, -2], left: [0.5, -1]) == 0.5)
    #expect(ResidualScale.share(of: [1, -2], left: [-1, 1]) == 0)
    #expect(ResidualScale.share(of: [1, -2], left: [3, -7]) == 1)
    // one that helps as often as it harms helps by chance
    let network = [1.0, -1, 1, -1, 1, -1, 1, -1]
    #expect(ResidualScale.share(of: network, left: [2, 2, -2, -2, 2.1, 2, -2, -2]) == 0)
  }

  @Test func nearestNeighboursAreNear() throws {
    var training = LinearExamples(width: 4)
    let zero = LinearReading(steps: 1, featureCount: 2, weights: [0, 0, 0, 0, 0])
    for value in 0..<20 {
      training.add(FeatureSequence(featureCount: 2, values: [Float(value), 1]), Double(value * value), zero)
    }
    var asked = LinearExamples(width: 4)
    asked.add(FeatureSequence(featureCount: 2, values: [7.2, 1]), 49, zero)
    let one = NearestNeighbours(training, validation: asked)
    #expect(one.count == 1)
    #expect(one.value(asked.row(0)) == 49)
    let five = NearestNeighbours(training, validation: LinearExamples(width: 4))
    #expect(five.value(asked.row(0)) == (25 + 36 + 49 + 64 + 81) / 5)
  }
}
