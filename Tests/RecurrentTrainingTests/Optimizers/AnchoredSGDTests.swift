import RecurrentTestSupport
import Testing

@Suite struct AnchoredSGDTests {
  private let key = RandomKey(seed: 44)

  /// Its formula in double precision, over steps; what has no gradient stays to the bit.
  @Test func isItsFormula() throws {
    let start = Linear(weight: Tensor.random([5, 19], key: key), bias: Tensor.random([5], key: key.child(1)))
    var (model, optimizer) = (start, AnchoredSGD(at: start, learningRate: 0.3, pull: 0.1))
    var expected = start.parameters.map { $0.value.scalars.map { Double($0) } }
    for step in 0..<4 {
      var gradient = start.mappingParameters { Tensor.random($1.shape, key: key.child($0.count).child(step)) }
      var numbers = gradient.weight.scalars
      for place in 0..<19 { numbers[place] = 0 }
      gradient.weight = Tensor(numbers, shape: [5, 19])
      optimizer.update(&model, gradient)
      for (index, pair) in zip(start.parameters, gradient.parameters).enumerated() {
        let (anchor, own) = (pair.0.value.scalars, pair.1.value.scalars)
        for place in own.indices where own[place] != 0 {
          expected[index][place] +=
            0.1 * (Double(anchor[place]) - expected[index][place]) - 0.3 * Double(own[place])
        }
      }
    }
    for (found, wanted) in zip(model.parameters, expected) {
      try requireClose(
        found.value.scalars.map(Double.init), wanted, relative: 1e-5, absolute: 1e-6, found.name)
    }
    try requireSameBits(
      model.weight.sliced(axis: 0, 0..<1), start.weight.sliced(axis: 0, 0..<1), "without a gradient")
    #expect(optimizer.state.stepCount == 4)
  }
}
