/// Measures how long something takes, by a clock that only goes forward.
struct Stopwatch {
  private let start = ContinuousClock.now

  /// Seconds since it was made.
  var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
}
