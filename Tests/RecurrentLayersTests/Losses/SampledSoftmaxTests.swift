import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentLayers

@Suite struct SampledSoftmaxTests {
  private let key = RandomKey(seed: 31)
  private let counts = [50, 30, 10, 5, 3, 1, 1, 0]

  @Test func classesHoldTheLabels() {
    let sampler = ClassSampler(counts: counts, power: 0.5)
    let labels = Indices([3, -100, 0, 3, 6], shape: [5, 1])
    let sampled = sampler.classes(labels, count: 2, key: key)
    #expect(sampled.classes.values == sampled.classes.values.sorted())
    #expect(Set(sampled.classes.values).count == sampled.classes.count && sampled.classes.count >= 3)
    for (place, label) in zip(sampled.labels.values, labels.values) {
      #expect(label == -100 ? place == -100 : sampled.classes.values[Int(place)] == label)
    }
    #expect(sampled.labels.shape == labels.shape)
    #expect(sampler.classes(labels, count: 2, key: key) == sampled)
    #expect(sampler.classes(labels, count: 2, key: key.child(1)) != sampled)
  }

  /// The class of a number is the first whose sum is above it, the sums themselves and their neighbours among the numbers, also where
  /// many classes share a part of the table that is looked up, or one has most of its parts.
  @Test(arguments: [
    [1], [50, 30, 10, 5, 3, 1, 1, 0], [1_000_000, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1_000_000],
    (0..<500).map { 1 + $0 * $0 % 97 * ($0 % 5) },
  ])
  func placesAreThoseOfASearch(_ counts: [Int]) {
    for power in [0.0, 0.5, 1] {
      let sampler = ClassSampler(counts: counts, power: power)
      let sums = sampler.sums
      let drawn = key.uniforms(300).map { Double($0) * sums[sums.count - 1] }
      for number in (sums + drawn + [0]).flatMap({ [$0.nextDown, $0, $0.nextUp] }) {
        let expected = sums.firstIndex { $0 > number } ?? sums.count - 1
        #expect(sampler.place(of: number) == Int32(expected), "\(number), power \(power)")
      }
    }
  }

  /// How often a class is among those of a step is what its logarithm says.
  @Test(arguments: [0.0, 0.5, 1]) func probabilitiesAreTrue(_ power: Double) {
    let sampler = ClassSampler(counts: counts, power: power)
    let total = counts.reduce(0) { $0 + max($1, 1) }
    let trials = 20_000
    var (met, claimed) = ([Int](repeating: 0, count: 8), [Double](repeating: 0, count: 8))
    for trial in 0..<trials {
      // labels as the counts have them, of which the first is given
      let draws = key.child(trial).integers(3, below: total)
      let labels = draws.map { draw -> Int32 in
        var rest = draw
        return Int32(
          counts.firstIndex { count in
            rest -= max(count, 1)
            return rest < 0
          } ?? 7)
      }
      let sampled = sampler.classes(Indices([7] + labels), count: 4, key: key.child(-1 - trial))
      for (number, log) in zip(sampled.classes.values, sampled.logProbabilities) {
        met[Int(number)] += 1
        claimed[Int(number)] = exp(Double(log))
      }
    }
    for number in 0..<7 {
      #expect(abs(Double(met[number]) / Double(trials) - claimed[number]) < 0.015, "class \(number)")
    }
  }

  /// With all classes and no doubt which they are, it is the cross-entropy.
  @Test func ofAllClassesItIsTheWhole() {
    let (x, weight, bias) = (
      Tensor.random([6, 4], key: key), Tensor.random([8, 4], key: key.child(1)),
      Tensor.random([8], key: key.child(2))
    )
    let labels = Indices([0, 7, -100, 3, 3, 5])
    let all = SampledClasses(
      classes: Indices(Array(0..<8)), labels: labels, logProbabilities: [Float](repeating: 0, count: 8))
    let own = sampledSoftmax(x, weight: weight, bias: bias, all).scalar
    let whole = linearCrossEntropy(x, weight: weight, bias: bias, labels).scalar
    #expect(abs(own - whole) < 1e-6)
  }

  /// Minimised over many draws, the estimate gives the distribution of the labels, and not that of the draws.
  @Test func theLeastIsThatOfTheWhole() {
    let shares: [Double] = [0.4, 0.3, 0.15, 0.1, 0.05]
    let sampler = ClassSampler(counts: [40, 30, 15, 10, 5], power: 0)
    var bias = Tensor(zeros: [5])
    let (x, weight) = (Tensor(zeros: [20, 1]), Tensor(zeros: [5, 1]))
    let labels = Indices((0..<20).map { Int32($0 < 8 ? 0 : $0 < 14 ? 1 : $0 < 17 ? 2 : $0 < 19 ? 3 : 4) })
    var mean = [Double](repeating: 0, count: 5)
    let steps = 3000
    for step in 0..<steps {
      let part = key.child(step).integers(4, below: 20).map { labels.values[$0] }
      let sampled = sampler.classes(Indices(part), count: 1, key: key.child(-1 - step))
      let rows = x.sliced(axis: 0, 0..<4)
      let point = Biased(bias: bias)
      let (_, gradient) = valueAndGradient(of: point) {
        sampledSoftmax(rows, weight: weight, bias: $0.bias, sampled)
      }
      bias = bias - gradient.bias * 0.1
      if step >= steps / 3 {
        for (place, share) in softmax(bias.reshaped(to: [1, 5])).scalars.enumerated() {
          mean[place] += Double(share) / Double(steps - steps / 3)
        }
      }
    }
    for (own, share) in zip(mean, shares) { #expect(abs(own - share) < 0.03, "\(mean)") }
  }

  private struct Biased: Module {
    var bias: Tensor
    mutating func walk(_ visitor: inout some ParameterVisitor) { visitor.visit("bias", &bias) }
  }

  private func sampled(_ classes: [Int32], _ labels: [Int32]) -> SampledClasses {
    SampledClasses(
      classes: Indices(classes), labels: Indices(labels),
      logProbabilities: classes.map { -0.1 * Float($0) })
  }

  /// BPR-max against its formula in double.
  @Test func bprMaxByHand() {
    let (x, weight, bias) = (
      Tensor.random([3, 2], bound: 2, key: key), Tensor.random([6, 2], bound: 2, key: key.child(1)),
      Tensor.random([6], key: key.child(2))
    )
    let (classes, labels): ([Int32], [Int32]) = ([0, 2, 3, 5], [1, -100, 3])
    let own = bprMax(x, weight: weight, bias: bias, sampled(classes, labels), regularization: 0.3).scalar
    var expected = 0.0
    for (row, label) in labels.enumerated() where label >= 0 {
      let scores = classes.map { item -> Double in
        let first = Double(x.scalars[2 * row]) * Double(weight.scalars[2 * Int(item)])
        let second = Double(x.scalars[2 * row + 1]) * Double(weight.scalars[2 * Int(item) + 1])
        return first + second + Double(bias.scalars[Int(item)])
      }
      let others = scores.indices.filter { $0 != Int(label) }
      let total = others.reduce(0) { $0 + exp(scores[$1]) }
      var (above, size) = (0.0, 0.0)
      for other in others {
        let share = exp(scores[other]) / total
        above += share / (1 + exp(scores[other] - scores[Int(label)]))
        size += share * scores[other] * scores[other]
      }
      expected += (-log(above) + 0.3 * size) / 2
    }
    #expect(abs(Double(own) - expected) < 1e-5)
    let none = bprMax(x, weight: weight, bias: bias, sampled(classes, [-100, -100, -100]), regularization: 1)
    #expect(none.scalar == 0)
  }

  @Test func gradients() throws {
    let inputs = [
      Tensor.random([5, 3], key: key), Tensor.random([7, 3], key: key.child(1)),
      Tensor.random([7], key: key.child(2)),
    ]
    let sampled = sampled([0, 1, 4, 6], [0, 3, -100, 2, 2])
    try checkGradient(of: Dropout(rate: 0), inputs: inputs) { _, inputs in
      sampledSoftmax(inputs[0], weight: inputs[1], bias: inputs[2], sampled)
    }
    try checkGradient(of: Dropout(rate: 0), inputs: inputs) { _, inputs in
      bprMax(inputs[0], weight: inputs[1], bias: inputs[2], sampled, regularization: 0.2)
    }
  }
}
