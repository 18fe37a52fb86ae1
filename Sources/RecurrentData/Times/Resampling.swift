/// What rows between two steps are together.
public enum Resampling: String, Sendable, Codable, CaseIterable {
  /// The mean of those that are not missing.
  case mean
  /// The last that is not missing.
  case last
  /// The sum of those that are not missing.
  case sum

  /// One number for several, of which NaN are missing.
  func callAsFunction(_ values: [Double]) -> Double {
    let there = values.filter(\.isFinite)
    guard let last = there.last else { return .nan }
    switch self {
    case .last: return last
    case .sum: return there.reduce(0, +)
    case .mean: return there.reduce(0, +) / Double(there.count)
    }
  }

  /// Puts the values of rows into those of steps.
  ///
  /// - Parameters:
  ///   - values: of all steps, `width` each.
  ///   - rows: the steps of rows in their order, with their values.
  func fill(_ values: inout [Double], width: Int, _ place: Int, _ rows: some Sequence<(Int, Double)>) {
    var (step, held) = (-1, [Double]())
    for (own, value) in rows {
      if own != step {
        if step >= 0 { values[step * width + place] = self(held) }
        (step, held) = (own, [])
      }
      held.append(value)
    }
    if step >= 0 { values[step * width + place] = self(held) }
  }
}
