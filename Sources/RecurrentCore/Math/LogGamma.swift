#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// log Γ(x) of every element, x > 0; its derivative is the digamma function.
public func logGamma(_ x: Tensor) -> Tensor {
  let (value, node) = (x.detached, x.node)
  let backend = value.backend
  return backend.hostMapped(value, value, value) { x, _, _ in logGammaValue(x) }.recorded(from: x) {
    upstream, gradients in
    let slope = backend.hostMapped(value, value, value) { x, _, _ in digammaValue(x) }
    gradients.add(upstream.combined(.multiply, slope), to: node)
  }
}

/// log Γ(x + rise) - log Γ(x) of every pair of elements, x > 0 and x + rise > 0.
///
/// The difference is taken in double: where x is large its terms agree in more digits than a float has.
///
/// - Parameters:
///   - x: any shape.
///   - rise: the same shape.
public func logGammaRise(_ x: Tensor, _ rise: Tensor) -> Tensor {
  trapUnless(x.shape == rise.shape, "logGammaRise: shapes \(x.shape) and \(rise.shape) differ")
  let (value, other) = (x.detached, rise.detached)
  let (node, nodeRise, backend) = (x.node, rise.node, value.backend)
  return backend.hostMapped(value, other, other) { x, d, _ in logGammaValue(x + d) - logGammaValue(x) }
    .recorded(from: x, rise) { upstream, gradients in
      func gradient(_ slope: (Double, Double, Double) -> Double) -> Tensor {
        upstream.combined(.multiply, backend.hostMapped(value, other, other, slope))
      }
      gradients.add(gradient { x, d, _ in digammaValue(x + d) - digammaValue(x) }, to: node)
      gradients.add(gradient { x, d, _ in digammaValue(x + d) }, to: nodeRise)
    }
}

extension Backend {
  /// A function of the elements of three tensors of one shape, in double on the host, rounded once.
  public func hostMapped(
    _ a: Tensor, _ b: Tensor, _ c: Tensor, _ function: (Double, Double, Double) -> Double
  ) -> Tensor {
    let (x, y, z) = (scalars(of: a), scalars(of: b), scalars(of: c))
    return tensor(
      x.indices.map { Float(function(Double(x[$0]), Double(y[$0]), Double(z[$0]))) }, shape: a.shape)
  }
}

/// log Γ(x) for x > 0, to about 1e-15 of the larger of 1 and the result; NaN elsewhere.
///
/// Stirling's series (Abramowitz and Stegun 1964, 6.1.41) at x + n >= 10, and log Γ(x) = log Γ(x + n) - log x (x + 1) ...
/// Unlike the function of the C library it writes no global, so that threads may call it.
package func logGammaValue(_ x: Double) -> Double {
  guard x > 0 else { return .nan }
  if x == .infinity { return .infinity }
  var (y, product) = (x, 1.0)
  while y < 10 {
    product *= y
    y += 1
  }
  let terms = [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360_360, 1.0 / 156]
  return (y - 0.5) * log(y) - y + 0.918_938_533_204_672_74 + polynomial(terms, 1 / (y * y)) / y - log(product)
}

/// The digamma function, the derivative of log Γ, for x > 0; NaN elsewhere.
///
/// The asymptotic series (Abramowitz and Stegun 1964, 6.3.18) at x + n >= 10, and ψ(x) = ψ(x + n) - 1 / x - 1 / (x + 1) ...
package func digammaValue(_ x: Double) -> Double {
  guard x > 0 else { return .nan }
  if x == .infinity { return .infinity }
  var (y, sum) = (x, 0.0)
  while y < 10 {
    sum += 1 / y
    y += 1
  }
  let square = 1 / (y * y)
  let terms = [1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32_760, 1.0 / 12]
  return log(y) - 0.5 / y - square * polynomial(terms, square) - sum
}

/// A polynomial whose coefficients are given from the constant up.
private func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
  coefficients.reversed().reduce(0) { $0 * x + $1 }
}
