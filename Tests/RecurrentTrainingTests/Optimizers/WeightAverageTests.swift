import RecurrentTestSupport
import Testing

@Suite struct WeightAverageTests {
  private func model(_ value: Float) -> LayerNorm {
    LayerNorm(size: 2).mappingParameters { _, parameter in Tensor(filled: value, shape: parameter.shape) }
  }

  @Test(arguments: [
    (WeightAverage<LayerNorm>.Kind.mean, [1, 1.5, 3] as [Float]),
    (.exponential(decay: 0.75), [1, 1.25, 2.4375]),
    (.exponential(decay: 0), [1, 2, 6]),
  ])
  func averages(_ kind: WeightAverage<LayerNorm>.Kind, _ expected: [Float]) throws {
    var average = WeightAverage<LayerNorm>(kind)
    #expect(average.average == nil)
    for (value, expected) in zip([1, 2, 6] as [Float], expected) {
      average.update(model(value))
      for parameter in try #require(average.average).parameters {
        try requireClose(
          parameter.value, Tensor(filled: expected, shape: parameter.value.shape), relative: 1e-6,
          absolute: 0, "\(kind)")
      }
    }
  }

  @Test(arguments: [WeightAverage<LayerNorm>.Kind.mean, .exponential(decay: 0.9)])
  func restoring(_ kind: WeightAverage<LayerNorm>.Kind) throws {
    var whole = WeightAverage<LayerNorm>(kind)
    for value in [1, 5] as [Float] { whole.update(model(value)) }
    var other = WeightAverage<LayerNorm>(kind)
    other.restore(try #require(whole.average), count: whole.count)
    whole.update(model(3))
    other.update(model(3))
    for (a, b) in zip(try #require(whole.average).parameters, try #require(other.average).parameters) {
      try requireSameBits(a.value, b.value, "\(kind)")
    }
  }

  /// Bit for bit what the operations one after the other give; averages that somebody kept, and models, stay as they were.
  @Test func bits() throws {
    let models = (0..<3).map { LSTM(inputSize: 5, hiddenSize: 37, key: RandomKey(seed: 7).child($0)) }
    func next(_ mean: LSTM, _ model: LSTM) -> [Tensor] {
      zip(mean.parameters, model.parameters).map { $0.value + ($1.value - $0.value) * Float(1 - 0.995) }
    }
    var average = WeightAverage<LSTM>(.exponential(decay: 0.995))
    let first = models[0].parameters.map { Tensor($0.value.scalars, shape: $0.value.shape) }
    average.update(models[0])
    average.update(models[1])
    let kept = try #require(average.average)
    average.update(models[2])
    let last = try #require(average.average)
    for (index, expected) in next(models[0], models[1]).enumerated() {
      try requireSameBits(kept.parameters[index].value, expected, "after two models")
      try requireSameBits(models[0].parameters[index].value, first[index], "the first model")
    }
    for (index, expected) in next(kept, models[2]).enumerated() {
      try requireSameBits(last.parameters[index].value, expected, "after three models")
    }
  }
}
