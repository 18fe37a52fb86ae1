/// A number that recurs in a column far from all others, as -999 does where nothing was measured.
struct LoneValue {
  /// The number, and how many rows have it.
  let value: Double
  let count: Int

  /// Rows from which on a number is no accident.
  private static let least = 3

  /// Looks at the least and the greatest number of a column; nil where neither stands apart.
  init?(_ values: [Double]) {
    guard let low = LoneValue.end(values, sign: 1) ?? LoneValue.end(values, sign: -1) else { return nil }
    (value, count) = low
  }

  private static func end(_ values: [Double], sign: Double) -> (value: Double, count: Int)? {
    var (first, count, second, last) = (Double.infinity, 0, Double.infinity, -Double.infinity)
    for value in values where value.isFinite {
      let own = sign * value
      if own < first {
        (second, first, count) = (first, own, 1)
      } else if own == first {
        count += 1
      } else if own < second {
        second = own
      }
      last = max(last, own)
    }
    // what is apart by twice the range of all others; zeros are counts
    guard count >= least, second < .infinity, last > second, first != 0, second - first > 2 * (last - second)
    else { return nil }
    return (sign * first, count)
  }
}
