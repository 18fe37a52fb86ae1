import RecurrentTestSupport
import Testing

@testable import RecurrentCore

@Suite struct ShapeBackendTests {
  /// The shapes are those that operations on numbers have.
  @Test func operations() {
    func shapes() -> [[Int]] {
      let key = RandomKey(seed: 1)
      let x = Tensor(uniformIn: 0...1, shape: [4, 3, 2], key: key)
      let matrix = Tensor(normalWithMean: 0, deviation: 1, shape: [6, 4], key: key)
      let results = [
        x, matrix, x + Tensor(ones: [3, 1]), exp(x), x.sum(axis: 1), x.max(axis: 0), x.sum(),
        x.permuted([2, 0, 1]),
        matmul(matrix, x.reshaped(to: [4, 6])), matmul(matrix, matrix, transposeA: true), matrix.transposed,
        matmul(matrix, matrix, transposeB: true), x.sliced(axis: 1, 1..<3), x[2],
        concatenate([x, x, x], axis: 1), gather(matrix, rows: Indices([0, 5, 5])), softmax(matrix),
        layerNorm(x, weight: Tensor(ones: [2]), bias: Tensor(zeros: [2])), dropout(x, rate: 0.5, key: key),
        logGamma(x), x.backend.scatterAddRows(matrix, Indices([0, 1, 1, 2, 8, 0]), rowCount: 9),
      ]
      return results.map(\.shape)
    }
    let expected = shapes()
    #expect(Backends.$current.withValue(ShapeBackend(), operation: shapes) == expected)
  }

  @Test func counts() {
    #expect(elementCount(of: []) == 1 && elementCount(of: [3, 0, 5]) == 0 && elementCount(of: [3, 4]) == 12)
    #expect(elementCount(of: [1 << 40, 1 << 40]) == .max && elementCount(of: [1 << 40, 1 << 40, 0]) == 0)
  }
}
