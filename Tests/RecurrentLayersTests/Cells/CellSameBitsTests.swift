import RecurrentTestSupport
import Testing

/// Outputs, states and gradients of every cell have the same bits with every instruction set and number of threads.
@Suite struct CellSameBitsTests {
  /// Large enough for threads: few rows (hidden units are shared out), many rows, ragged rows.
  static let shapes = [CellShape(9, 1, 40, 200), CellShape(7, 30, 33, 47), CellShape(5, 9, 70, 130)]

  @Test(arguments: shapes)
  func cells(_ s: CellShape) throws {
    let key = RandomKey(seed: 11)
    try check(s) { LSTM(inputSize: s.I, hiddenSize: s.H, key: key) }
    try check(s) { GRU(inputSize: s.I, hiddenSize: s.H, key: key) }
    try check(s) { GRU(inputSize: s.I, hiddenSize: s.H, reset: .beforeProduct, key: key) }
    try check(s) { Elman(inputSize: s.I, hiddenSize: s.H, key: key) }
    try check(s) { Elman(inputSize: s.I, hiddenSize: s.H, activation: .relu, key: key) }
  }

  /// The same for operands in bfloat16, and without gradients in int8.
  @Test(arguments: shapes, [Precision.bfloat16, .int8])
  func lowerPrecisions(_ s: CellShape, _ precision: Precision) throws {
    let key = RandomKey(seed: 13)
    try check(s, precision) { LSTM(inputSize: s.I, hiddenSize: s.H, key: key) }
    try check(s, precision) { GRU(inputSize: s.I, hiddenSize: s.H, key: key) }
    try check(s, precision) { GRU(inputSize: s.I, hiddenSize: s.H, reset: .beforeProduct, key: key) }
    try check(s, precision) { Elman(inputSize: s.I, hiddenSize: s.H, key: key) }
  }

  private func check<C: Cell>(_ s: CellShape, _ precision: Precision = .float32, _ make: () -> C) throws {
    let key = RandomKey(seed: 12)
    for isRagged in [false, true] where !isRagged || s.B > 1 {
      let lengths = isRagged ? key.integers(s.B, below: s.T + 1) : nil
      try checkSameBits("\(C.self) \(s)") {
        let layer = RecurrentLayer(inputSize: s.I, isBidirectional: isRagged, key: key) { _, _ in make() }
          .with(precision: precision)
        if precision == .int8 {
          let batch = SequenceBatch(.random([s.T, s.B, s.I], key: key.child(1)), lengths: lengths)
          let (outputs, final) = layer(batch)
          return [outputs] + final.cells.flatMap(\.tensors)
        }
        let point = ModelWithInputs(model: layer, inputs: [.random([s.T, s.B, s.I], key: key.child(1))])
        let (_, results, gradient) = valueAndGradient(of: point) { point in
          let (outputs, final) = point.model(SequenceBatch(point.inputs[0], lengths: lengths))
          let upstream = Tensor.random(outputs.shape, key: key.child(2))
          let loss = final.cells.flatMap(\.tensors).reduce((outputs * upstream).sum()) {
            $0 + square($1).sum()
          }
          return (loss, [outputs.detached] + final.cells.flatMap { $0.detached.tensors })
        }
        return results + gradient.parameters.map(\.value)
      }
    }
  }
}
