/// What signatures of metrics have in common.
enum MetricSignature {
  /// `version:recurrent-0.1.0`.
  static let version = "version:recurrent-\(RecurrentVersion.current)"

  /// The number of references of each sentence, `var` where it differs.
  static func references(_ counts: Set<Int>) -> String {
    counts.count == 1 ? "\(counts.first ?? 0)" : "var"
  }
}

/// A number with a fixed count of decimals, at most 6, rounded as C's `printf` does it: of two as near numbers, where the value lies
/// exactly between them, to the one with an even digit.
func fixed(_ value: Double, _ decimals: Int) -> String {
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let product = value * scale
  guard product.isFinite, abs(product) < 1e15 else { return "\(value)" }
  // what the product lost tells on which side of the middle the value is
  let lost = (-product).addingProduct(value, scale)
  var units = product.rounded(.toNearestOrEven)
  if lost != 0, abs(product - units) == 0.5 {
    units = lost > 0 ? product.rounded(.up) : product.rounded(.down)
  }
  let digits = String(Int(abs(units)))
  let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
  let sign = value.sign == .minus ? "-" : ""
  return decimals == 0 ? sign + padded : sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
}
