/// A number with a fixed count of decimals, without a locale.
public func rounded(_ value: Double, _ decimals: Int) -> String {
  guard value.isFinite else { return "\(value)" }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let units = (abs(value) * scale).rounded()
  guard units < 1e15 else { return "\(value)" }
  let digits = String(Int(units))
  let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
  let sign = value < 0 && units > 0 ? "-" : ""
  return decimals == 0 ? sign + padded : sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
}

/// A number with about so many digits that count, whatever its size, without a locale.
///
/// Numbers that are very small or large have an exponent: `1.234e-07`.
public func significant(_ value: Double, _ digits: Int = 4) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
  var (mantissa, exponent) = (abs(value), 0)
  while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
  while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
  // 9.9999 has as many digits as 10 where it is written like that
  let half = (1..<max(1, digits)).reduce(0.5) { half, _ in half / 10 }
  if mantissa >= 10 - half { (mantissa, exponent) = (1, exponent + 1) }
  if exponent < -4 || exponent > 8 {
    let sign = exponent < 0 ? "-" : "+"
    let size = abs(exponent)
    return rounded(value < 0 ? -mantissa : mantissa, max(0, digits - 1))
      + "e\(sign)\(size < 10 ? "0" : "")\(size)"
  }
  return rounded(value, max(0, digits - 1 - exponent))
}

/// A share in per cent with one decimal.
package func percent(_ share: Double) -> String { rounded(share * 100, 1) + " %" }
