#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How the numbers of a weight matrix `[O, I]` are drawn before training.
public enum Initializer: Sendable, Equatable {
  /// The same number everywhere.
  case constant(Float)
  /// Uniform in ± `bound`.
  case uniform(bound: Float)
  /// Normal with the given standard deviation.
  case normal(deviation: Float)
  /// Uniform in ± sqrt(6 / (I + O)) (Glorot and Bengio 2010).
  case xavierUniform
  /// Normal with deviation sqrt(2 / (I + O)) (Glorot and Bengio 2010).
  case xavierNormal
  /// Uniform in ± sqrt(6 / I), for rectified units (He et al. 2015).
  case kaimingUniform
  /// Normal with deviation sqrt(2 / I), for rectified units (He et al. 2015).
  case kaimingNormal
  /// Rows or columns that are orthonormal, whichever are fewer (Saxe et al. 2014).
  case orthogonal

  /// A matrix `[rows, columns]`.
  public func matrix(rows: Int, columns: Int, key: RandomKey) -> Tensor {
    let shape = [rows, columns]
    let (fanIn, fanOut) = (Float(columns), Float(rows))
    switch self {
    case .constant(let value): return Tensor(filled: value, shape: shape)
    case .uniform(let bound): return Tensor(uniformIn: -bound...bound, shape: shape, key: key)
    case .normal(let deviation):
      return Tensor(normalWithMean: 0, deviation: deviation, shape: shape, key: key)
    case .xavierUniform:
      return Initializer.uniform(bound: (6 / (fanIn + fanOut)).squareRoot()).matrix(
        rows: rows, columns: columns, key: key)
    case .xavierNormal:
      return Initializer.normal(deviation: (2 / (fanIn + fanOut)).squareRoot())
        .matrix(rows: rows, columns: columns, key: key)
    case .kaimingUniform:
      return Initializer.uniform(bound: (6 / fanIn).squareRoot()).matrix(
        rows: rows, columns: columns, key: key)
    case .kaimingNormal:
      return Initializer.normal(deviation: (2 / fanIn).squareRoot()).matrix(
        rows: rows, columns: columns, key: key)
    case .orthogonal: return orthogonalMatrix(rows: rows, columns: columns, key: key)
    }
  }
}

/// Gram-Schmidt, twice for precision, on the shorter side of a random matrix.
private func orthogonalMatrix(rows: Int, columns: Int, key: RandomKey) -> Tensor {
  if SkippedDraws.areSkipped { return Tensor(filled: 0, shape: [rows, columns]) }
  let (count, length) = (min(rows, columns), max(rows, columns))
  let matrix = Tensor(shape: [count, length]) {
    let start = Tensor(normalWithMean: 0, deviation: 1, shape: [count, length], key: key).scalars
    return orthonormalized(start, count: count, length: length)
  }
  return rows <= columns ? matrix : matrix.transposed
}

private func orthonormalized(_ start: [Float], count: Int, length: Int) -> [Float] {
  var vectors = start.map { Double($0) }
  vectors.withUnsafeMutableBufferPointer { v in
    for i in 0..<count {
      for _ in 0..<2 {
        for j in 0..<i {
          var dot = 0.0
          for k in 0..<length { dot += v[i * length + k] * v[j * length + k] }
          for k in 0..<length { v[i * length + k] -= dot * v[j * length + k] }
        }
      }
      var norm = 0.0
      for k in 0..<length { norm += v[i * length + k] * v[i * length + k] }
      norm = norm.squareRoot()
      for k in 0..<length { v[i * length + k] /= norm }
    }
  }
  return vectors.map { Float($0) }
}
