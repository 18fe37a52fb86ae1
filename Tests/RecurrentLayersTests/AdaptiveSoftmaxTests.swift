import RecurrentTestSupport
import Testing

@Suite struct AdaptiveSoftmaxTests {
  private let key = RandomKey(seed: 86)

  private func layer(hasHeadBias: Bool = true) -> AdaptiveSoftmax {
    AdaptiveSoftmax(
      inputSize: 10, classCount: 17, cutoffs: [3, 7, 12], division: 2, hasHeadBias: hasHeadBias, key: key)
  }

  private let labels = Indices([0, 16, 5, 2, -100, 8, 7, 3], shape: [4, 2])

  @Test func shapes() throws {
    let layer = layer()
    #expect(
      layer.parameters.map { "\($0.name) \($0.value.shape)" } == [
        "head.weight [6, 10]", "head.bias [6]", "tail.0.0.weight [5, 10]", "tail.0.1.weight [4, 5]",
        "tail.1.0.weight [2, 10]", "tail.1.1.weight [5, 2]", "tail.2.0.weight [1, 10]",
        "tail.2.1.weight [5, 1]",
      ])
    try mirrorCheck(layer)
    try mirrorCheck(layer.packed())
  }

  @Test func gradients() throws {
    let input = Tensor.random([4, 2, 10], key: key.child(1))
    try checkGradient(of: layer(), inputs: [input]) { layer, inputs in layer.loss(inputs[0], labels) }
    try checkGradient(of: layer(), inputs: [input]) { layer, inputs in
      (layer.logProbabilities(inputs[0]) * Tensor.random([4, 2, 17], key: key.child(2))).sum()
    }
  }

  /// The loss is the mean of what the log-probabilities say; these are those of a distribution.
  @Test func lossAndProbabilities() throws {
    let layer = layer(hasHeadBias: false)
    let input = Tensor.random([4, 2, 10], bound: 4, key: key.child(1))
    let logarithms = layer.logProbabilities(input)
    for sum in exp(logarithms).sum(axis: 2).scalars { #expect(abs(sum - 1) < 1e-5) }
    let all = logarithms.scalars
    let counted = labels.values.enumerated().filter { $0.element >= 0 }
    let mean = counted.reduce(0.0) { $0 - Double(all[$1.offset * 17 + Int($1.element)]) } / 7
    #expect(abs(Double(layer.loss(input, labels).scalar) - mean) < 1e-5)
    let rows = layer.losses(input, labels).rows.scalars
    #expect(rows.count == 7)
    for (row, item) in zip(rows, counted) {
      #expect(abs(row + all[item.offset * 17 + Int(item.element)]) < 1e-5)
    }
    try requireSameBits(layer.packed().logProbabilities(input), logarithms, "prepared")
    #expect(layer.loss(input, labels, lengths: [0, 0]).scalar == 0)
    let first = layer.loss(input, labels, lengths: [1, 0])
    #expect(abs(first.scalar + all[0]) < 1e-5)
  }

  @Test func sameBits() throws {
    try checkSameBits("adaptive softmax") {
      let layer = AdaptiveSoftmax(inputSize: 33, classCount: 300, cutoffs: [20, 70], key: key)
      let labels = Indices(key.integers(90, below: 300).map { Int32($0) })
      let point = ModelWithInputs(model: layer, inputs: [Tensor.random([90, 33], key: key.child(1))])
      let (loss, gradient) = valueAndGradient(of: point) { $0.model.loss($0.inputs[0], labels) }
      return [loss, layer.logProbabilities(point.inputs[0])] + gradient.parameters.map(\.value)
    }
  }

  @Test(arguments: [[], [0], [5, 5], [6, 4], [17], [3, 40]])
  func wrongCutoffs(_ cutoffs: [Int]) {
    #expect(!AdaptiveSoftmax.isValid(cutoffs: cutoffs, classCount: 17))
    #expect(AdaptiveSoftmax.isValid(cutoffs: [16], classCount: 17))
  }

  @Test func widths() {
    #expect(AdaptiveSoftmax.widths(inputSize: 100, clusterCount: 5, division: 4) == [25, 6, 1, 1, 1])
    #expect(AdaptiveSoftmax.widths(inputSize: 7, clusterCount: 2, division: 1) == [7, 7])
  }
}
