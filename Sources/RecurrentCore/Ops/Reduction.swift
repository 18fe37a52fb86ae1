extension Tensor {
  /// The sum along an axis, which is dropped.
  public func sum(axis: Int) -> Tensor {
    let (node, own) = (node, shape)
    return backend.sum(detached, axis: axis).recorded(from: self) { upstream, gradients in
      gradients.add(upstream.broadcast(along: axis, to: own), to: node)
    }
  }

  /// The mean along an axis, which is dropped.
  public func mean(axis: Int) -> Tensor { sum(axis: axis) * (1 / Float(shape[axis])) }

  /// The largest element along an axis, which is dropped. Where several are largest the gradient is shared out.
  public func max(axis: Int) -> Tensor {
    let (node, value) = (node, detached)
    let result = backend.maximum(value, axis: axis)
    return result.recorded(from: self) { upstream, gradients in
      // 1 where the element is the largest one
      let isSmaller = result.broadcast(along: axis, to: value.shape).combined(.greater, value)
      let mask = isSmaller.constant(1).combined(.subtract, isSmaller)
      let share = upstream.combined(.divide, mask.backend.sum(mask, axis: axis))
      gradients.add(mask.combined(.multiply, share.broadcast(along: axis, to: value.shape)), to: node)
    }
  }

  /// The sum of all elements, of shape [].
  public func sum() -> Tensor { reshaped(to: [count]).sum(axis: 0) }

  /// The mean of all elements, of shape [].
  public func mean() -> Tensor { sum() * (1 / Float(count)) }

  /// Repeats along an axis that a reduction dropped; off the tape.
  private func broadcast(along axis: Int, to target: [Int]) -> Tensor {
    var kept = target
    kept[axis] = 1
    return viewed(as: kept).combined(.add, backend.filled(0, shape: target))
  }
}

/// Softmax along the last axis: e^x / sum e^x.
public func softmax(_ x: Tensor) -> Tensor { exp(logSoftmax(x)) }

/// The logarithm of softmax along the last axis: x - log sum e^x.
public func logSoftmax(_ x: Tensor) -> Tensor {
  let rows = x.reshaped(to: x.asMatrix.shape)
  let shifted = rows - rows.detached.max(axis: 1).reshaped(to: [rows.shape[0], 1])
  let normalizer = log(exp(shifted).sum(axis: 1)).reshaped(to: [rows.shape[0], 1])
  return (shifted - normalizer).reshaped(to: x.shape)
}
