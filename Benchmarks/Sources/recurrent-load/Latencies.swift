/// Times from when something was to be sent to when its answer was there.
struct Latencies {
  private var milliseconds: [Float] = []

  var count: Int { milliseconds.count }

  /// Takes a time in nanoseconds.
  mutating func add(_ nanoseconds: Int64) { milliseconds.append(Float(Double(nanoseconds) * 1e-6)) }

  /// The smallest time that so large a part of all does not exceed, in milliseconds.
  func quantiles(_ parts: [Double]) -> [Double] {
    let sorted = milliseconds.sorted()
    return parts.map { part in
      guard !sorted.isEmpty else { return .nan }
      let place = Int((Double(sorted.count) * part).rounded(.up)) - 1
      return Double(sorted[max(0, min(place, sorted.count - 1))])
    }
  }
}

/// What a run has found.
struct Findings {
  /// Answers.
  var latencies = Latencies()
  /// Refusals.
  var refused = Latencies()
  /// Between two tokens of a stream.
  var gaps = Latencies()
  /// First tokens.
  var first = Latencies()
  /// Steps or tokens that were answered while it was measured.
  var units = 0
  /// Answers by status; 0 for connections that ended.
  var statuses: [Int: Int] = [:]
}
