import RecurrentTestSupport
import Testing

@testable import RecurrentLayers

/// What works on rows in memory of the host has the bits of tensors.
@Suite struct RowKernelTests {
  private let key = RandomKey(seed: 5)
  static let widths = [1, 2, 3, 7, 16, 17, 31, 64, 129]

  @Test(arguments: widths) func normalisation(_ width: Int) throws {
    var norm = LayerNorm(size: width)
    norm.weight = Tensor.random([width], key: key.child(0))
    norm.bias = Tensor.random([width], key: key.child(1))
    let rows = Tensor.random([5, width], key: key.child(2))
    let whole = norm(rows)
    for row in 0..<5 {
      var (y, scratch) = ([Float](repeating: 7, count: width), [Float](repeating: 7, count: width + 1))
      rows[row].scalars.withUnsafeBufferPointer { x in
        y.withUnsafeMutableBufferPointer { y in
          scratch.withUnsafeMutableBufferPointer { scratch in
            guard let target = y.baseAddress, let memory = scratch.baseAddress else { return }
            norm(row: x, into: target, scratch: memory)
          }
        }
      }
      #expect(y.map(\.bitPattern) == whole[row].scalars.map(\.bitPattern))
    }
  }

  @Test(arguments: widths) func products(_ width: Int) {
    for (output, batch) in [(1, 1), (5, 3), (33, 2)] {
      let map = Linear(inputSize: width, outputSize: output, key: key.child(3))
      let rows = Tensor.random([batch, width], key: key.child(4))
      let bias = Tensor.random([output], key: key.child(5))
      var stepper = LinearStepper(weight: map.weight, bias: bias, batchSize: batch)
      rows.scalars.withUnsafeBufferPointer { stepper.step($0) }
      // a copy has memory of its own
      let copy = stepper
      [Float](repeating: 1, count: batch * width).withUnsafeBufferPointer { stepper.step($0) }
      let expected = matmul(rows, map.weight, transposeB: true, bias: bias).scalars
      #expect(copy.withOutput { Array($0) }.map(\.bitPattern) == expected.map(\.bitPattern))
    }
  }

  /// Backends without forms of their own compose the same.
  @Test func otherBackends() throws {
    try Backends.$current.withValue(ReferenceBackend()) {
      try normalisation(7)
      products(3)
    }
  }

  @Test func tables() {
    let embedding = Embedding(vocabularySize: 5, size: 3, key: key)
    var vector = [Float](repeating: 0, count: 3)
    vector.withUnsafeMutableBufferPointer { if let target = $0.baseAddress { embedding.copy(4, to: target) } }
    #expect(vector == embedding(Indices([4])).scalars)
  }

  /// A row whose step is taken back goes on as if it had not been read.
  @Test func stepsAreTakenBack() throws {
    for cell in CellCatalog.allCases {
      let layer = RecurrentLayer(layerCount: 2, inputSize: 3, key: key) { inputSize, key in
        cell.make(inputSize: inputSize, hiddenSize: 8, initialization: .orthogonal, key: key)
      }
      var (both, alone) = (RecurrentStepper(layer, batchSize: 2), RecurrentStepper(layer))
      for step in 0..<6 {
        let x = key.child(step).uniforms(6)
        both.step(x)
        if step % 2 == 1 { both.takeBack(row: 1) } else { alone.step(Array(x[3...])) }
      }
      let states = both.state.cells.flatMap { $0.rows([1]).tensors }
      try requireSameBits(states, alone.state.cells.flatMap(\.tensors), cell.rawValue)
    }
  }
}
