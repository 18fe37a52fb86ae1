/// A distribution that can be made narrower or wider before it is drawn from.
public protocol TemperedDistribution: OutputDistribution {
  /// The parameters at a temperature: 1 leaves them as they are, less makes draws likelier ones, 0 the likeliest alone.
  ///
  /// - Parameters:
  ///   - parameters: of one distribution.
  ///   - temperature: at least 0.
  func tempered(_ parameters: [Double], temperature: Double) -> [Double]
}

extension TemperedDistribution {
  /// A draw of D numbers at a temperature: the same for the same key and index.
  public func sample(
    _ parameters: [Double], temperature: Double, key: RandomKey, index: Int
  ) -> [Float] {
    sample(tempered(parameters, temperature: temperature), key: key, index: index)
  }
}

extension CategoricalOutput: TemperedDistribution {
  /// The scores divided by the temperature; at 0 all probability lies on the first of the largest.
  public func tempered(_ scores: [Double], temperature: Double) -> [Double] {
    CategoricalOutput.tempered(scores, temperature: temperature)
  }

  /// Scores `s / temperature`; at 0 minus infinity for all but the first of the largest.
  static func tempered(_ scores: [Double], temperature: Double) -> [Double] {
    trapUnless(temperature >= 0, "tempered: expected a temperature of at least 0, received \(temperature)")
    guard temperature > 0 else {
      let best = scores.indices.max { scores[$0] < scores[$1] || scores[$0] == scores[$1] && $0 > $1 }
      return scores.indices.map { $0 == best ? 0 : -.infinity }
    }
    // the largest is 0: of a low temperature the others go to minus infinity, and none overflows
    let largest = scores.max() ?? 0
    return scores.map { ($0 - largest) / temperature }
  }
}
