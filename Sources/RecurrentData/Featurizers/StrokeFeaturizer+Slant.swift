extension StrokeFeaturizer {
  /// The same text by a hand that leans more or less and writes wider or narrower, another one for each key.
  ///
  /// Each offset `(dx, dy)` becomes `((1 + w) dx + s dy, dy)` with `s` and `w` uniform between plus and minus `slant`; heights stay.
  /// Of characters by their shape the height varies as the width does, `(1 + h) dy`, the whole is turned by an angle that is uniform
  /// between plus and minus `rotation`, and everything else is found anew from the offsets.
  ///
  /// - Parameters:
  ///   - sequence: steps as the featurizer gives them, `[T, F]`.
  ///   - slant: the largest tangent of the angle, and the largest share of the width.
  ///   - rotation: the largest angle in radians.
  ///   - key: decides all of it.
  public func varied(
    _ sequence: FeatureSequence, slant: Float, rotation: Float = 0, key: RandomKey
  ) -> FeatureSequence {
    guard slant > 0 || rotation > 0, sequence.featureCount == featureCount else { return sequence }
    let draws = key.uniforms(2)
    let (lean, width) = (slant * (2 * draws[0] - 1), 1 + slant * (2 * draws[1] - 1))
    if settings.features == .shape {
      let others = key.child(0).uniforms(2)
      return mapped(
        sequence,
        by: StrokeShape.Map(
          width: Double(width) - 1, height: Double(slant * (2 * others[0] - 1)), lean: Double(lean),
          angle: Double(rotation * (2 * others[1] - 1))))
    }
    var values = sequence.values
    for start in stride(from: 0, to: values.count, by: featureCount) {
      let dx = scaler.restored(values[start], channel: 0)
      let dy = scaler.restored(values[start + 1], channel: 1)
      values[start] = scaler.scaled(width * dx + lean * dy, channel: 0)
    }
    return FeatureSequence(featureCount: featureCount, values: values)
  }

  /// The steps of a shape after a linear map of their offsets.
  func mapped(_ sequence: FeatureSequence, by map: StrokeShape.Map) -> FeatureSequence {
    let offsets = stride(from: 0, to: sequence.values.count, by: featureCount).map { start in
      let dx = scaler.restored(sequence.values[start], channel: 0)
      let dy = scaler.restored(sequence.values[start + 1], channel: 1)
      let (x, y) = map(Double(dx), Double(dy))
      return (dx: x, dy: y, lifted: scaler.restored(sequence.values[start + 2], channel: 2))
    }
    return FeatureSequence(featureCount: featureCount, values: scaled(StrokeShape.described(offsets)))
  }
}
