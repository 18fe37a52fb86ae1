extension StrokeFeaturizer {
  /// The same text by a hand that leans more or less and writes wider or narrower, another one for each key.
  ///
  /// Each offset `(dx, dy)` becomes `((1 + w) dx + s dy, dy)` with `s` and `w` uniform between plus and minus `slant`; heights stay.
  ///
  /// - Parameters:
  ///   - sequence: steps as the featurizer gives them, `[T, 4]`.
  ///   - slant: the largest tangent of the angle, and the largest share of the width.
  ///   - key: decides both.
  public func slanted(_ sequence: FeatureSequence, by slant: Float, key: RandomKey) -> FeatureSequence {
    guard slant > 0, sequence.featureCount == featureCount else { return sequence }
    let draws = key.uniforms(2)
    let (lean, width) = (slant * (2 * draws[0] - 1), 1 + slant * (2 * draws[1] - 1))
    var values = sequence.values
    for start in stride(from: 0, to: values.count, by: featureCount) {
      let dx = scaler.restored(values[start], channel: 0)
      let dy = scaler.restored(values[start + 1], channel: 1)
      values[start] = scaler.scaled(width * dx + lean * dy, channel: 0)
    }
    return FeatureSequence(featureCount: featureCount, values: values)
  }
}
