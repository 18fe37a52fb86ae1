/// What a unit follows: the number of the steps with which its values go along best.
public struct FollowedSignal: Sendable, Equatable {
  /// The number of the unit.
  public var unit: Int
  /// The name of the signal.
  public var signal: String
  /// The correlation of the unit's values with it, from -1 to 1.
  public var correlation: Double
}

/// Units in the order of how well they follow something.
enum UnitRanking {
  /// Each unit with the signal that it follows best, the best followers first; units that do not change follow nothing and
  /// stand last, by their numbers.
  ///
  /// - Parameters:
  ///   - values: `[step][unit]`.
  ///   - signals: a number for each step.
  static func units(_ values: [[Float]], following signals: [StepSignal]) -> [FollowedSignal] {
    let known = signals.map { (name: $0.name, values: centred($0.values)) }.filter { $0.values != nil }
    let found = (0..<(values.first?.count ?? 0)).map { unit -> FollowedSignal in
      guard let own = centred(values.map { $0[unit] }) else {
        return FollowedSignal(unit: unit, signal: "", correlation: 0)
      }
      var best = FollowedSignal(unit: unit, signal: "", correlation: 0)
      for signal in known {
        let r = zip(own, signal.values ?? []).reduce(0) { $0 + $1.0 * $1.1 }
        if abs(r) > abs(best.correlation) {
          best = FollowedSignal(unit: unit, signal: signal.name, correlation: r)
        }
      }
      return best
    }
    return found.sorted { (abs($1.correlation), $0.unit) < (abs($0.correlation), $1.unit) }
  }

  /// Values without their mean, of norm 1; nil where they do not change or are not numbers.
  private static func centred(_ values: [Float]) -> [Double]? {
    guard values.count > 1 else { return nil }
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    let own = values.map { Double($0) - mean }
    let norm = own.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let largest = values.reduce(0) { max($0, abs(Double($1))) }
    guard norm.isFinite, norm > 1e-6 * max(largest, 1e-20) * Double(values.count).squareRoot() else {
      return nil
    }
    return own.map { $0 / norm }
  }
}
