/// The matrix product op(a) op(b), where op transposes on request, plus `bias` in every row.
///
/// - Parameters:
///   - a: `[..., K]`; all axes but the last count as rows. With `transposeA` `[K, M]`.
///   - b: `[K, N]`, or `[N, K]` with `transposeB`.
///   - bias: `[N]`, or nil.
/// - Returns: `[..., N]`.
public func matmul(
  _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false, bias: Tensor? = nil
) -> Tensor {
  trapUnless(
    b.rank == 2 && a.rank >= 1 && (!transposeA || a.rank == 2),
    "matmul: expected [..., K] times a matrix, received \(a.shape) and \(b.shape)")
  let left = transposeA ? a.detached : a.detached.asMatrix
  let right = b.detached
  let (k, expected) = (left.shape[transposeA ? 0 : 1], right.shape[transposeB ? 1 : 0])
  trapUnless(
    k == expected, "matmul: the inner extents of \(a.shape) and \(b.shape) differ: \(k) and \(expected)")
  let columns = right.shape[transposeB ? 0 : 1]
  trapUnless(
    bias == nil || bias?.shape == [columns],
    "matmul: expected a bias of shape [\(columns)], received \(bias?.shape ?? [])")
  let product = left.backend.matmul(
    left, right, transposeA: transposeA, transposeB: transposeB, bias: bias?.detached)
  let result = product.viewed(as: transposeA ? product.shape : a.shape.dropLast() + [columns])
  let (nodeA, nodeB, nodeBias, shapeA) = (a.node, b.node, bias?.node, a.shape)
  return result.recorded(from: a, b, bias ?? b) { upstream, gradients in
    let upstream = upstream.asMatrix
    let backend = upstream.backend
    // d op(a) = upstream op(b)^T, d op(b) = op(a)^T upstream, each transposed back when op transposed
    gradients.add(
      (transposeA
        ? backend.matmul(right, upstream, transposeA: transposeB, transposeB: true, bias: nil)
        : backend.matmul(upstream, right, transposeA: false, transposeB: !transposeB, bias: nil)).viewed(
          as: shapeA),
      to: nodeA)
    gradients.add(
      transposeB
        ? backend.matmul(upstream, left, transposeA: true, transposeB: transposeA, bias: nil)
        : backend.matmul(left, upstream, transposeA: !transposeA, transposeB: false, bias: nil),
      to: nodeB)
    gradients.add(backend.sum(upstream, axis: 0), to: nodeBias)
  }
}

extension Tensor {
  /// All axes but the last as rows; off the tape.
  package var asMatrix: Tensor {
    let (rows, columns) = matrixShape
    return rank == 2 ? self : viewed(as: [rows, columns])
  }
}
