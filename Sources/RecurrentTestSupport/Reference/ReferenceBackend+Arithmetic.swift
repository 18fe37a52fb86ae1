#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension ReferenceBackend {
  /// An operation on every element.
  public func unary(_ operation: UnaryOperation, _ x: Tensor) -> Tensor {
    tensor(numbers(of: x).map { ReferenceBackend.value(of: operation, $0) }, shape: x.shape)
  }

  /// The function that a unary operation stands for.
  package static func value(of operation: UnaryOperation, _ x: Double) -> Double {
    switch operation {
    case .negate: -x
    case .exp: exp(x)
    case .log: log(x)
    case .sqrt: x.squareRoot()
    case .square: x * x
    case .abs: abs(x)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .reciprocal: 1 / x
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: tanh(x)
    case .relu: x < 0 ? 0 : x
    case .softplus: x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
    }
  }

  /// The function that a binary operation stands for; NaN when either operand is, but for `greater`.
  package static func value(of operation: BinaryOperation, _ a: Double, _ b: Double) -> Double {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .maximum: a.isNaN || b.isNaN ? .nan : max(a, b)
    case .minimum: a.isNaN || b.isNaN ? .nan : min(a, b)
    case .greater: a > b ? 1 : 0
    case .tanhGradient: a * (1 - b * b)
    case .sigmoidGradient: a * b * (1 - b)
    case .reluGradient: b > 0 ? a : 0
    }
  }

  /// A function of the elements of three tensors of one shape.
  public func hostMapped(
    _ a: Tensor, _ b: Tensor, _ c: Tensor, _ function: (Double, Double, Double) -> Double
  ) -> Tensor {
    let (x, y, z) = (numbers(of: a), numbers(of: b), numbers(of: c))
    return tensor(x.indices.map { function(x[$0], y[$0], z[$0]) }, shape: a.shape)
  }

  /// An operation on pairs of elements, with broadcasting.
  public func binary(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor) -> Tensor {
    let rank = max(a.rank, b.rank)
    let shapeA = Array(repeating: 1, count: rank - a.rank) + a.shape
    let shapeB = Array(repeating: 1, count: rank - b.rank) + b.shape
    var shape: [Int] = []
    for (x, y) in zip(shapeA, shapeB) {
      precondition(x == y || x == 1 || y == 1, "binary: shapes \(a.shape) and \(b.shape) do not fit")
      shape.append(x == 1 ? y : x)
    }
    let (x, y) = (repeated(numbers(of: a), shapeA, to: shape), repeated(numbers(of: b), shapeB, to: shape))
    return tensor(zip(x, y).map { ReferenceBackend.value(of: operation, $0, $1) }, shape: shape)
  }

  /// The elements of an array of shape `own`, repeated along its extents of 1 to fill `shape`.
  private func repeated(_ x: [Double], _ own: [Int], to shape: [Int]) -> [Double] {
    if own == shape { return x }
    return (0..<shape.reduce(1, *)).map { position in
      var (rest, index, stride) = (position, 0, 1)
      for axis in shape.indices.reversed() {
        if own[axis] > 1 { index += rest % shape[axis] * stride }
        rest /= shape[axis]
        stride *= own[axis]
      }
      return x[index]
    }
  }

  /// The sum along an axis.
  public func sum(_ x: Tensor, axis: Int) -> Tensor { reduced(x, axis: axis) { $0.reduce(0, +) } }

  /// The largest element along an axis; NaN when any is NaN.
  public func maximum(_ x: Tensor, axis: Int) -> Tensor {
    reduced(x, axis: axis) { $0.contains { $0.isNaN } ? .nan : $0.max() ?? -.infinity }
  }

  private func reduced(_ x: Tensor, axis: Int, _ reduce: ([Double]) -> Double) -> Tensor {
    let values = numbers(of: x)
    let (extent, inner) = (x.shape[axis], x.shape[(axis + 1)...].reduce(1, *))
    let outer = x.shape[..<axis].reduce(1, *)
    var shape = x.shape
    shape.remove(at: axis)
    var result: [Double] = []
    for o in 0..<outer {
      for i in 0..<inner { result.append(reduce((0..<extent).map { values[(o * extent + $0) * inner + i] })) }
    }
    return tensor(result, shape: shape)
  }

  /// op(a) op(b), plus `bias` in every row.
  public func matmul(_ a: Tensor, _ b: Tensor, transposeA: Bool, transposeB: Bool, bias: Tensor?) -> Tensor {
    let (m, k) = transposeA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
    let n = transposeB ? b.shape[0] : b.shape[1]
    let left = transposeA ? transposed(numbers(of: a), rows: k, columns: m) : numbers(of: a)
    let right = transposeB ? transposed(numbers(of: b), rows: n, columns: k) : numbers(of: b)
    let start = bias.map { numbers(of: $0) } ?? [Double](repeating: 0, count: n)
    var result: [Double] = []
    result.reserveCapacity(m * n)
    var row = start
    for i in 0..<m {
      row = start
      for j in 0..<k {
        let factor = left[i * k + j]
        for l in 0..<n { row[l] += factor * right[j * n + l] }
      }
      result += row
    }
    return tensor(result, shape: [m, n])
  }

  private func transposed(_ x: [Double], rows: Int, columns: Int) -> [Double] {
    var result = [Double](repeating: 0, count: x.count)
    for r in 0..<rows { for c in 0..<columns { result[c * rows + r] = x[r * columns + c] } }
    return result
  }

  /// The sum of all squares.
  public func sumOfSquares(_ x: Tensor) -> Double { numbers(of: x).reduce(0) { $0 + $1 * $1 } }
}
