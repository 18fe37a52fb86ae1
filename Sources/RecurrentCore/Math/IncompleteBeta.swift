#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The regularised incomplete beta function I_x(a, b): the probability that a beta variable is at most x.
///
/// Lentz's evaluation of its continued fraction (Press et al. 2007, section 6.4), to about 1e-14; a, b > 0 and
/// 0 <= x <= 1.
package func incompleteBeta(_ a: Double, _ b: Double, _ x: Double) -> Double {
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  let front = exp(
    logGammaValue(a + b) - logGammaValue(a) - logGammaValue(b) + a * log(x) + b * log1p(-x))
  // the fraction converges quickly on one side of the mean alone
  return x < (a + 1) / (a + b + 2)
    ? front * betaFraction(a, b, x) / a : 1 - front * betaFraction(b, a, 1 - x) / b
}

private func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
  func away(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
  var c = 1.0
  var d = 1 / away(1 - (a + b) * x / (a + 1))
  var result = d
  for step in 1...10_000 {
    let m = Double(step)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    result *= d * c
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    let factor = d * c
    result *= factor
    if abs(factor - 1) < 1e-15 { break }
  }
  return result
}
