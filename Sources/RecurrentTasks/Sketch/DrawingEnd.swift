/// When a drawing ends: as often as the network says, at every temperature.
///
/// The network says at each step t how likely the drawing ends there, q_t. Scores that are divided by a temperature below 1 would make
/// an end that is less likely than another step less likely still, at each step anew: drawings would go on long after those of the data
/// have ended. So the temperature leaves the end alone, and the length is drawn as a whole, by its quantile:
///
///     ends at the first n with prod over t <= n of (1 - q_t) <= u,   u uniform in 0 ..< 1
///
/// At temperature 0, where nothing is random, u is a half: the drawing ends where it is likelier than not to have ended.
struct DrawingEnd: Sendable, Equatable {
  /// The probability that it has not ended yet.
  private(set) var survival = 1.0
  private let level: Double

  /// A drawing whose length is drawn by one random number of a key.
  ///
  /// - Parameters:
  ///   - temperature: at least 0.
  ///   - key: of the drawing.
  init(temperature: Double, key: RandomKey) {
    level = temperature > 0 ? Double(key.uniform(at: 0)) : 0.5
  }

  /// Whether it ends at the next step, which is the end with a probability.
  mutating func push(_ probability: Double) -> Bool {
    survival *= 1 - probability
    return survival <= level
  }
}
