/// How long things took, in memory that does not grow with their number: counts of ranges that are 3 % wide.
struct LatencyHistogram {
  /// Things that were measured.
  private(set) var count = 0
  /// By the highest bit of the nanoseconds and the five bits behind it.
  private var counts = [Int](repeating: 0, count: 32 * 60)
  private var longest = 0.0

  /// Adds a time in seconds.
  mutating func add(_ seconds: Double) {
    count += 1
    longest = max(longest, seconds)
    counts[LatencyHistogram.place(UInt64(min(max(seconds * 1e9, 0), 1e18)))] += 1
  }

  /// The time that a share of all did not exceed, but for 3 %; for 1 the longest exactly.
  func quantile(_ share: Double) -> Double {
    guard share < 1, count > 0 else { return longest }
    var rest = Int(share * Double(count))
    for (place, own) in counts.enumerated() {
      if rest < own { return min(longest, LatencyHistogram.middle(place) * 1e-9) }
      rest -= own
    }
    return longest
  }

  private static func place(_ nanoseconds: UInt64) -> Int {
    guard nanoseconds >= 32 else { return Int(nanoseconds) }
    let shift = 58 - nanoseconds.leadingZeroBitCount
    return 32 * (shift + 1) + Int(nanoseconds >> shift) - 32
  }

  private static func middle(_ place: Int) -> Double {
    guard place >= 32 else { return Double(place) }
    let shift = place / 32 - 1
    return (Double(place % 32 + 32) + 0.5) * Double(UInt64(1) << shift)
  }
}
