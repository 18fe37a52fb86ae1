import RecurrentTestSupport
import Testing

@testable import RecurrentCore

/// The derivative of every operation against central differences in double, and on the CPU against that.
@Suite struct GradientTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let shapes: [[Int]]
    /// Added to the inputs, which are uniform in ± 1.
    var shift: Float = 0
    let function: @Sendable ([Tensor]) -> Tensor

    init(
      _ name: String, _ shapes: [Int]..., shift: Float = 0,
      _ function: @escaping @Sendable ([Tensor]) -> Tensor
    ) {
      testDescription = name
      self.shapes = shapes
      self.shift = shift
      self.function = function
    }
  }

  static let cases = [
    Case("+", [3, 4], [4]) { $0[0] + $0[1] }, Case("+, both repeated", [3, 1, 4], [5, 1]) { $0[0] + $0[1] },
    Case("-", [3, 1], [2, 3, 4]) { $0[0] - $0[1] }, Case("*", [2, 3, 4], [3, 1]) { $0[0] * $0[1] },
    Case("/", [3, 4], [1, 4], shift: 2) { $0[0] / $0[1] },
    Case("/, scalar", [], [3], shift: 2) { $0[0] / $0[1] },
    Case("prefix -", [5]) { -$0[0] },
    Case("numbers", [5], shift: 2) { (3 - 2 * $0[0]) / 4 + 1 / $0[0] - 0.5 },
    Case("a tensor with itself", [3, 3], shift: 2) { $0[0] * $0[0] / ($0[0] + $0[0]) - $0[0] },
    Case("exp", [7]) { exp($0[0]) }, Case("log", [7], shift: 2) { log($0[0]) },
    Case("sqrt", [7], shift: 2) { sqrt($0[0]) }, Case("square", [7]) { square($0[0]) },
    Case("abs", [7]) { abs($0[0]) }, Case("sigmoid", [7]) { sigmoid($0[0]) },
    Case("tanh", [7]) { tanh($0[0]) },
    Case("relu", [7]) { relu($0[0]) }, Case("softplus", [7]) { softplus($0[0]) },
    Case("maximum", [5, 7], [7]) { maximum($0[0], $0[1]) },
    Case("minimum", [5, 1], [5, 7]) { minimum($0[0], $0[1]) },
    Case("sum(axis:)", [2, 3, 4]) { $0[0].sum(axis: 1) },
    Case("mean(axis:)", [2, 3, 4]) { $0[0].mean(axis: 2) },
    Case("max(axis:)", [2, 3, 4]) { $0[0].max(axis: 1) }, Case("sum()", [2, 3]) { $0[0].sum() },
    Case("mean()", [2, 3]) { $0[0].mean() }, Case("softmax", [2, 3, 5]) { softmax($0[0]) },
    Case("logSoftmax", [4, 5]) { logSoftmax($0[0]) },
    Case("reshaped", [2, 6]) { $0[0].reshaped(to: [3, 4]) * $0[0].sum() },
    Case("sliced", [3, 5, 2]) { $0[0].sliced(axis: 1, 1..<4) + $0[0].sliced(axis: 1, 2..<5) },
    Case("subscript", [3, 5]) { $0[0][1] * $0[0][2] + $0[0][1] },
    Case("permuted", [2, 3, 4]) { $0[0].permuted([2, 0, 1]) },
    Case("transposed", [3, 4]) { $0[0].transposed },
    Case("concatenate", [2, 3], [2, 1]) { concatenate([$0[0], $0[1], $0[0]], axis: 1) },
    Case("stack", [2, 3], [2, 3]) { stack([$0[0], $0[1], $0[0]]) },
    Case("gather", [4, 3]) { gather($0[0], rows: Indices([1, 3, 1, 0, 1, 1], shape: [3, 2])) },
    Case("matmul", [2, 3, 4], [4, 5], [5]) { matmul($0[0], $0[1], bias: $0[2]) },
    Case("matmul, transposed left", [4, 3], [4, 5], [5]) {
      matmul($0[0], $0[1], transposeA: true, bias: $0[2])
    },
    Case("matmul, transposed right", [3, 4], [5, 4], [5]) {
      matmul($0[0], $0[1], transposeB: true, bias: $0[2])
    },
    Case("matmul, both transposed", [4, 3], [5, 4]) {
      matmul($0[0], $0[1], transposeA: true, transposeB: true)
    },
    Case("matmul of a tensor with itself", [3, 3]) { matmul($0[0], $0[0]) },
    Case("layerNorm", [2, 3, 5], [5], [5]) { layerNorm($0[0], weight: $0[1], bias: $0[2]) },
    Case("dropout", [40]) { dropout($0[0], rate: 0.4, key: RandomKey(seed: 5)) },
    Case("variationalDropout", [3, 2, 5]) { variationalDropout($0[0], rate: 0.4, key: RandomKey(seed: 5)) },
    Case("an unused input", [3], [4]) { $0[0] * 2 },
  ]

  @Test(arguments: cases)
  func gradient(_ c: Case) throws {
    let key = RandomKey(seed: 51)
    let inputs = c.shapes.enumerated().map { Tensor.random($1, key: key.child($0)) + c.shift }
    // a module without parameters: only the inputs are differentiated
    try checkGradient(of: Nothing(), inputs: inputs) { _, inputs in
      let result = c.function(inputs)
      return (result * Tensor.random(result.shape, key: key.child(-1))).sum()
    }
  }

  @Test(arguments: [0, 0.2] as [Float])
  func crossEntropySum(_ smoothing: Float) throws {
    let weights = [0.5, 2, 1, 0.1, 3] as [Float]
    try checkGradient(of: Nothing(), inputs: [.random([4, 5], bound: 3, key: RandomKey(seed: 52))]) {
      _, inputs in
      RecurrentCore.crossEntropySum(
        logits: inputs[0], labels: Indices([4, 0, -1, 2]), classWeights: Tensor(weights),
        labelSmoothing: smoothing,
        ignoredLabel: -1, scale: 0.3)
    }
  }

  /// The linear map and the loss in one piece have the bits of the two, in all variants.
  @Test(arguments: [(0, false), (0.2, true)] as [(Float, Bool)])
  func linearCrossEntropySum(_ smoothing: Float, _ isWeighted: Bool) throws {
    let key = RandomKey(seed: 53)
    func loss(_ inputs: [Tensor], isFused: Bool) -> Tensor {
      let labels = Indices([4, 0, -1, 2, 69, 12, 3])
      let weights = isWeighted ? Tensor.random([70], key: key.child(9)) + 2 : nil
      if isFused {
        return RecurrentCore.linearCrossEntropySum(
          hidden: inputs[0], weight: inputs[1], bias: inputs[2], labels: labels, classWeights: weights,
          labelSmoothing: smoothing, ignoredLabel: -1, scale: 0.3
        ).sum
      }
      return RecurrentCore.crossEntropySum(
        logits: matmul(inputs[0], inputs[1], transposeB: true, bias: inputs[2]), labels: labels,
        classWeights: weights, labelSmoothing: smoothing, ignoredLabel: -1, scale: 0.3)
    }
    let inputs = [[7, 5], [70, 5], [70]].enumerated().map { Tensor.random($1, key: key.child($0)) }
    try checkGradient(of: Nothing(), inputs: inputs) { _, inputs in square(loss(inputs, isFused: true)) }
    let point = ModelWithInputs(model: Nothing(), inputs: inputs)
    let (value, gradient) = valueAndGradient(of: point) { loss($0.inputs, isFused: true) }
    let (expected, composed) = valueAndGradient(of: point) { loss($0.inputs, isFused: false) }
    try requireSameBits(value, expected, "loss")
    for (found, expected) in zip(gradient.inputs, composed.inputs) {
      try requireSameBits(found, expected, "gradient \(found.shape)")
    }
  }

  /// Classes that are unlikely at each row get no gradient of their weights; all else is as it is.
  @Test func neglectedClasses() throws {
    let key = RandomKey(seed: 54)
    let (labels, least) = (Indices([4, 290, 2]), Float(2e-3))
    let shapes = [[3, 5], [300, 5], [300]]
    let inputs = shapes.enumerated().map { Tensor.random($1, bound: 2, key: key.child($0)) }
    let point = ModelWithInputs(model: Nothing(), inputs: inputs)
    let (whole, gradient) = valueAndGradient(of: point) { point in
      RecurrentCore.linearCrossEntropySum(
        hidden: point.inputs[0], weight: point.inputs[1], bias: point.inputs[2], labels: labels, scale: -0.3
      ).sum * 0.5
    }
    let (value, own) = valueAndGradient(of: point) { point in
      RecurrentCore.linearCrossEntropySum(
        hidden: point.inputs[0], weight: point.inputs[1], bias: point.inputs[2], labels: labels,
        neglected: least, scale: -0.3
      ).sum * 0.5
    }
    try requireSameBits(value, whole, "loss")
    for index in [0, 2] {
      try requireClose(own.inputs[index], gradient.inputs[index], relative: 1e-5, absolute: 1e-7, "\(index)")
    }
    let chances = softmax(matmul(inputs[0], inputs[1], transposeB: true, bias: inputs[2])).scalars
    var keptCount = 0
    for row in 0..<300 {
      let distances = (0..<3).map { abs(chances[$0 * 300 + row] - (Int(labels.values[$0]) == row ? 1 : 0)) }
      let isKept = distances.contains { $0 >= least }
      if isKept { keptCount += 1 }
      let (found, expected) = (own.inputs[1][row].scalars, gradient.inputs[1][row].scalars)
      if isKept {
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "row \(row)")
      } else {
        #expect(found.allSatisfy { $0 == 0 })
      }
    }
    #expect((3..<150).contains(keptCount))
    #expect(own.inputs[1].sparseRows?.ids.count == keptCount)
  }

  /// Where elements are equal the gradient is as documented: shared by `max`, given to the first by `maximum`.
  @Test func ties() {
    let point = ModelWithInputs(model: Nothing(), inputs: [Tensor([2, 2, 1]), Tensor([2, 3, 1])])
    let (_, shared) = valueAndGradient(of: point) { $0.inputs[0].max(axis: 0) }
    #expect(shared.inputs[0].scalars == [0.5, 0.5, 0])
    let (_, first) = valueAndGradient(of: point) { maximum($0.inputs[0], $0.inputs[1]).sum() }
    #expect(first.inputs[0].scalars == [1, 0, 1])
    #expect(first.inputs[1].scalars == [0, 1, 0])
    let (_, zero) = valueAndGradient(of: point) { (relu($0.inputs[0] - 2) + abs($0.inputs[0] - 2)).sum() }
    #expect(zero.inputs[0].scalars == [0, 0, -1])
  }
}

/// A module without parameters.
struct Nothing: Module {
  mutating func walk(_ visitor: inout some ParameterVisitor) {}
}
