/// Sets each element to zero with probability `rate` and multiplies the others by 1 / (1 - rate) (Srivastava et al.
/// 2014).
///
/// Which elements are dropped is a function of `key` and their position alone, so nothing is stored for the gradient,
/// and a part of a sequence gets its part of the mask of the whole.
///
/// - Parameters:
///   - x: any shape.
///   - rate: 0 ..< 1.
///   - key: of the random numbers.
///   - firstStep: where the first axis of `x` begins in a longer array whose mask is meant.
public func dropout(_ x: Tensor, rate: Float, key: RandomKey, firstStep: Int = 0) -> Tensor {
  trapUnless(rate >= 0 && rate < 1, "dropout: expected a rate in 0 ..< 1, received \(rate)")
  trapUnless(firstStep >= 0, "dropout: expected a first step of at least 0, received \(firstStep)")
  if rate == 0 { return x }
  let start = firstStep * x.shape.dropFirst().reduce(1, *)
  let node = x.node
  @Sendable func dropped(_ x: Tensor) -> Tensor {
    x.backend.dropout(x, rate: rate, key: key, from: start)
      ?? x.combined(.multiply, dropoutMask(shape: x.shape, rate: rate, key: key, from: start, on: x.backend))
  }
  return dropped(x.detached).recorded(from: x) { upstream, gradients in
    gradients.add(dropped(upstream), to: node)
  }
}

/// Dropout with one mask for all steps of a sequence (Gal and Ghahramani 2016, arXiv:1512.05287).
///
/// - Parameters:
///   - x: `[T, B, F]`; the mask is `[B, F]`.
///   - rate: 0 ..< 1.
///   - key: of the random numbers.
public func variationalDropout(_ x: Tensor, rate: Float, key: RandomKey) -> Tensor {
  trapUnless(x.rank == 3, "variationalDropout: expected [T, B, F], received shape \(x.shape)")
  trapUnless(rate >= 0 && rate < 1, "variationalDropout: expected a rate in 0 ..< 1, received \(rate)")
  if rate == 0 { return x }
  return x * dropoutMask(shape: Array(x.shape.dropFirst()), rate: rate, key: key, from: 0, on: x.backend)
}

/// Zero with probability `rate`, else 1 / (1 - rate).
private func dropoutMask(
  shape: [Int], rate: Float, key: RandomKey, from start: Int, on backend: any Backend
) -> Tensor {
  let dropped = backend.binary(
    .greater, backend.filled(rate, shape: []), backend.uniform(key, from: start, shape: shape))
  return backend.filled(1, shape: []).combined(.subtract, dropped)
    .combined(.multiply, backend.filled(1 / (1 - rate), shape: []))
}
