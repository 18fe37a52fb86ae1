/// Generalised advantage estimation (Schulman et al. 2016): how much better an action was than what the critic expected.
///
///     δ_t = r_t + γ V_{t+1} - V_t,   A_t = δ_t + γ λ A_{t+1}
///
/// Behind a terminated step V_{t+1} is 0; behind one that was broken off it is the value of the last observation of the episode.
/// Behind both, A_{t+1} is 0: it is that of another episode.
struct GeneralizedAdvantages: Sendable {
  /// γ.
  var discount: Double
  /// λ.
  var trace: Double

  /// The advantages of consecutive steps of one row.
  ///
  /// - Parameters:
  ///   - rewards: r, `[T]`.
  ///   - values: V before each step, `[T]`.
  ///   - ends: for each step nil where the episode goes on, else the value behind it: 0 where it has terminated, else that of the last
  ///     observation.
  ///   - next: V behind the last step, where that ends no episode.
  /// - Returns: A, `[T]`.
  func callAsFunction(rewards: [Double], values: [Double], ends: [Double?], next: Double) -> [Double] {
    var advantages = [Double](repeating: 0, count: rewards.count)
    var (following, value) = (0.0, next)
    for step in rewards.indices.reversed() {
      if let end = ends[step] { (following, value) = (0, end) }
      let error = rewards[step] + discount * value - values[step]
      following = error + discount * trace * following
      advantages[step] = following
      value = values[step]
    }
    return advantages
  }
}
