import RecurrentTestSupport
import Testing

@Suite struct LossTests {
  private let key = RandomKey(seed: 71)

  /// Padding counts for nothing: the loss of a ragged batch is that of its real steps alone, and so is its gradient.
  @Test(arguments: 0..<5)
  func lengths(_ loss: Int) throws {
    let (T, B, F, lengths) = (4, 3, 5, [2, 0, 4])
    let predictions = Tensor.random([T, B, F], key: key.child(0))
    let targets = Tensor(uniformIn: 0...1, shape: [T, B, F], key: key.child(1))
    let labels = key.child(2).integers(T * B, below: F).map { Int32($0) }
    func value(_ x: Tensor, _ y: Tensor, _ labels: Indices, _ lengths: [Int]?) -> Tensor {
      switch loss {
      case 0: squaredError(x, y, lengths: lengths)
      case 1: absoluteError(x, y, lengths: lengths)
      case 2: huberLoss(x, y, delta: 0.4, lengths: lengths)
      case 3: binaryCrossEntropy(x, y, positiveWeight: Tensor([2, 1, 1, 1, 3]), lengths: lengths)
      default: crossEntropy(x, labels, lengths: lengths)
      }
    }
    let kept = (0..<T * B).filter { $0 / B < lengths[$0 % B] }
    let point = ModelWithInputs(model: Dropout(rate: 0), inputs: [predictions])
    let (ragged, slope) = valueAndGradient(of: point) {
      value($0.inputs[0], targets, Indices(labels, shape: [T, B]), lengths)
    }
    let (plain, expected) = valueAndGradient(of: point) { point in
      let rows = Indices(kept.map { Int32($0) })
      let (x, y) = (point.inputs[0].reshaped(to: [T * B, F]), targets.reshaped(to: [T * B, F]))
      return value(gather(x, rows: rows), gather(y, rows: rows), Indices(kept.map { labels[$0] }), nil)
    }
    try requireClose(ragged, plain, relative: 1e-6, absolute: 0, "loss \(loss)")
    try requireClose(
      slope.inputs[0], expected.inputs[0], relative: 1e-6, absolute: 1e-9, "gradient of loss \(loss)")
    try checkGradient(of: Dropout(rate: 0), inputs: [predictions]) {
      value($1[0], targets.moved(to: $1[0].backend), Indices(labels, shape: [T, B]), lengths)
    }
  }

  @Test func emptyBatchHasNoLoss() {
    let x = Tensor.random([2, 2, 3], key: key)
    #expect(squaredError(x, x + 1, lengths: [0, 0]).scalar == 0)
    #expect(crossEntropy(x, Indices([0, 1, 2, 0], shape: [2, 2]), lengths: [0, 0]).scalar == 0)
  }

  @Test func invalidLabelTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = crossEntropy(Tensor([1, 2], shape: [1, 2]), Indices([2]))
    }
  }
}
