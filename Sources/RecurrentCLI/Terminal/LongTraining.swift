import Recurrent

/// Says once, when the speed of a training is known, that it takes longer than people like to wait, and what shortens it.
struct LongTraining {
  /// What is long, in seconds.
  static let limit = 40.0 * 60
  /// How long the speed is watched before it is believed, in seconds.
  static let watch = 20.0

  private var begin: Double?
  private var hasSpoken = false

  /// What to say of a training.
  ///
  /// - Parameters:
  ///   - left: how long it goes on at the present speed, in seconds.
  ///   - now: the time of a clock, in seconds.
  mutating func warning(_ left: Double, at now: Double) -> String? {
    let begin = begin ?? now
    self.begin = begin
    guard !hasSpoken, now - begin >= LongTraining.watch else { return nil }
    hasSpoken = true
    guard left > LongTraining.limit else { return nil }
    return
      "note: at this speed the training takes \(duration(left)) more; fewer --epochs, a smaller --hidden or --patience "
      + "with few epochs shorten it; Ctrl-C saves where it is, to go on with --resume"
  }
}
