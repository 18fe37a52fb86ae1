/// Layer normalisation along the last axis (Ba et al. 2016, arXiv:1607.06450).
///
///     y = (x - mean(x)) / sqrt(variance(x) + epsilon) * weight + bias
///
/// - Parameters:
///   - x: `[..., F]`.
///   - weight: `[F]`.
///   - bias: `[F]`.
///   - epsilon: added to the variance, which divides by F.
public func layerNorm(_ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float = 1e-5) -> Tensor {
  let width = x.shape.last ?? 1
  trapUnless(
    weight.shape == [width] && bias.shape == [width],
    "layerNorm: expected weight and bias of shape [\(width)], received \(weight.shape) and \(bias.shape)")
  let scale = weight.detached
  guard
    let result = x.backend.layerNorm(x.detached, weight: scale, bias: bias.detached, epsilon: epsilon)
  else {
    let rows = x.reshaped(to: x.asMatrix.shape)
    let centered = rows - rows.mean(axis: 1).reshaped(to: [rows.shape[0], 1])
    let variance = square(centered).mean(axis: 1).reshaped(to: [rows.shape[0], 1])
    return (centered / sqrt(variance + epsilon) * weight + bias).reshaped(to: x.shape)
  }
  let (node, weightNode, biasNode) = (x.node, weight.node, bias.node)
  return result.output.recorded(from: x, weight, bias) { upstream, gradients in
    let backend = upstream.backend
    gradients.add(backend.layerNormGradient(upstream, weight: scale, result: result), to: node)
    gradients.add(
      backend.sum(upstream.combined(.multiply, result.normalized).asMatrix, axis: 0), to: weightNode)
    gradients.add(backend.sum(upstream.asMatrix, axis: 0), to: biasNode)
  }
}
