#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The mean negative log-likelihood of targets under normal distributions, in nats.
///
///     loss = log s + (y - m)² / (2 s²) + log(2π) / 2
///
/// - Parameters:
///   - targets: y, any shape.
///   - mean: m, the same shape.
///   - scale: s > 0, the standard deviation, the same shape.
///   - weights: how much each target counts, the same shape; nil for all the same. A target that counts for nothing must
///     be a number all the same.
/// - Returns: the mean over what counts, of shape []; 0 where nothing does.
public func gaussianLoss(_ targets: Tensor, mean: Tensor, scale: Tensor, weights: Tensor? = nil) -> Tensor {
  let distance = (targets - mean) / scale
  return weightedMean(log(scale) + square(distance) * 0.5 + 0.918_938_533, weights)
}

/// The mean negative log-likelihood of targets under Student's t distributions (as Salinas et al. 2020,
/// arXiv:1704.04110, use for what is now and then far off), in nats.
///
///     loss = log s + (n + 1) / 2 log(1 + (y - m)² / (n s²)) + log(n π) / 2 - log Γ((n + 1) / 2) + log Γ(n / 2)
///
/// - Parameters:
///   - targets: y, any shape.
///   - mean: m, the location, the same shape.
///   - scale: s > 0, the same shape.
///   - degrees: n > 0, the degrees of freedom, the same shape.
///   - weights: as for ``gaussianLoss(_:mean:scale:weights:)``.
/// - Returns: the mean over what counts, of shape [].
public func studentTLoss(
  _ targets: Tensor, mean: Tensor, scale: Tensor, degrees: Tensor, weights: Tensor? = nil
) -> Tensor {
  let distance = (targets - mean) / scale
  let tail = (degrees + 1) * 0.5 * log(1 + square(distance) / degrees)
  let half = degrees * 0.5
  let normalizer =
    (log(degrees) + 1.144_729_886) * 0.5 - logGammaRise(half, half.backend.filled(0.5, shape: half.shape))
  return weightedMean(log(scale) + tail + normalizer, weights)
}

/// The mean negative log-likelihood of counts under negative binomial distributions (Salinas et al. 2020,
/// arXiv:1704.04110, equation 3), in nats.
///
///     loss = log Γ(1/a) + log Γ(y + 1) - log Γ(y + 1/a) + 1/a log(1 + a m) + y (log(1 + a m) - log(a m))
///
/// The variance is m + a m²; as a goes to 0 the counts become Poisson's.
///
/// - Parameters:
///   - targets: y = 0, 1, 2 ..., any shape.
///   - mean: m > 0, the same shape.
///   - dispersion: a > 0, the same shape.
///   - weights: as for ``gaussianLoss(_:mean:scale:weights:)``.
/// - Returns: the mean over what counts, of shape [].
public func negativeBinomialLoss(
  _ targets: Tensor, mean: Tensor, dispersion: Tensor, weights: Tensor? = nil
) -> Tensor {
  trapUnless(
    targets.shape == mean.shape && targets.shape == dispersion.shape && targets.node == nil,
    "negativeBinomialLoss: expected shapes \(targets.shape) and targets that are not differentiated, received "
      + "\(mean.shape) and \(dispersion.shape)")
  let (m, a, backend) = (mean.detached, dispersion.detached, targets.backend)
  let (nodeMean, nodeDispersion) = (mean.node, dispersion.node)
  // in one piece in double: of large counts the terms agree in more digits than a float has
  let losses = backend.hostMapped(targets, m, a) { y, m, a in
    let r = 1 / a
    return logGammaValue(y + 1) + logGammaValue(r) - logGammaValue(y + r) + r * log1p(a * m)
      + (y > 0 ? y * log1p(r / m) : 0)
  }
  let recorded = losses.recorded(from: mean, dispersion) { upstream, gradients in
    let slope = backend.hostMapped(targets, m, a) { y, m, a in (m - y) / (m * (1 + a * m)) }
    gradients.add(upstream.combined(.multiply, slope), to: nodeMean)
    let spread = backend.hostMapped(targets, m, a) { y, m, a in
      let r = 1 / a
      return -r * r * (digammaValue(r) - digammaValue(y + r) + log1p(m * a) + (y - m) / (m + r))
    }
    gradients.add(upstream.combined(.multiply, spread), to: nodeDispersion)
  }
  return weightedMean(recorded, weights)
}

/// The mean of losses over what counts; 0 where nothing does.
func weightedMean(_ losses: Tensor, _ weights: Tensor?) -> Tensor {
  guard let weights else { return losses.mean() }
  trapUnless(
    losses.shape == weights.shape,
    "expected weights of shape \(losses.shape), received shape \(weights.shape)")
  let total = weights.detached.sum().scalar
  return (losses * weights).sum() * (total > 0 ? 1 / total : 0)
}
