extension ChannelScaler {
  /// Throws where the values for so many channels are impossible.
  package func check(_ key: String, channels: Int) throws(ValueIssue) {
    try ValueIssue.check(
      "the count of \(key).centers", centers.count, equals: channels, "that of the channels")
    try ValueIssue.check("the count of \(key).scales", scales.count, equals: channels, "that of the channels")
    try ValueIssue.check("\(key).centers", each: centers, in: -1e300...1e300)
    try ValueIssue.check("\(key).scales", each: scales, in: 1e-300...1e300)
    try ValueIssue.check("\(key).constantChannels", each: constantChannels, in: 0...max(channels - 1, 0))
  }
}

extension TextFeaturizer {
  /// What is impossible about the values.
  public var issue: String? { ValueIssue.found(check) }

  private func check() throws(ValueIssue) {
    try ValueIssue.check("lengthLimit", lengthLimit, in: 1...1 << 40)
    if let placeCount { try ValueIssue.check("placeCount", placeCount, in: 1...TextFeaturizer.mostPlaces) }
    try evidence?.check(vocabularySize: vocabulary.count * (placeCount ?? 1))
  }
}

extension SoundFeaturizer {
  /// What is impossible about the values.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try spectrum.check()
      try scaler.check("scaler", channels: spectrum.featureCount)
      try stack?.check()
    }
  }
}

extension FrameStack {
  fileprivate func check() throws(ValueIssue) {
    try ValueIssue.check("stack.size", size, in: FrameStack.sizes)
    try ValueIssue.check("stack.stride", stride, in: FrameStack.sizes)
  }
}

extension SpectralFeaturizer {
  fileprivate func check() throws(ValueIssue) {
    try ValueIssue.check("spectrum.rate", rate, in: 1...1e8)
    try ValueIssue.check("spectrum.windowSize", windowSize, in: 16...1 << 22)
    try ValueIssue.check(
      windowSize & (windowSize - 1) == 0, "spectrum.windowSize is \(windowSize), expected a power of two")
    // a shorter hop makes much work of little sound, a longer one skips some
    try ValueIssue.check("spectrum.hop", hop, in: max(1, windowSize / 64)...4 * windowSize)
    try ValueIssue.check("spectrum.bandCount", bandCount, in: 1...4096)
    try ValueIssue.check("spectrum.lowest", lowest, in: 0...rate / 2)
    if let highest { try ValueIssue.check("spectrum.highest", highest, in: lowest...rate) }
    if let coefficientCount {
      try ValueIssue.check("spectrum.coefficientCount", coefficientCount, in: 1...4096)
    }
    try ValueIssue.check("spectrum.deltaOrder", deltaOrder, in: 0...2)
    if let referenceLevel { try ValueIssue.check("spectrum.referenceLevel", referenceLevel, in: -1e3...1e3) }
  }
}

extension PictureFeaturizer {
  /// What is impossible about the values.
  public var issue: String? { ValueIssue.found(check) }

  private func check() throws(ValueIssue) {
    try ValueIssue.check("height", height, in: 1...1 << 12)
    try ValueIssue.check("width", width, in: 1...1 << 12)
    try ValueIssue.check(scale.isValid, "scale is \(scale), expected a mean and positive deviations")
  }
}

extension StrokeFeaturizer {
  /// What is impossible about the values.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try scaler.check("scaler", channels: featureCount)
      try ValueIssue.check("height", height, in: 1e-30...1e30)
      if let spacing = settings.spacing {
        try ValueIssue.check("settings.spacing", spacing, in: StrokeSettings.spacings)
      }
      try pen?.check()
    }
  }
}

extension SeriesFeaturizer {
  /// What is impossible about the values.
  public var issue: String? { ValueIssue.found(check) }

  private func check() throws(ValueIssue) {
    try ValueIssue.check("the count of channels", channels.count, in: 1...1 << 20)
    try skeleton?.check(channels: channels.count)
    try scaler.check("scaler", channels: columnCount)
    try ValueIssue.check("missing.timeScale", missing.timeScale, in: 1e-300...1e300)
    guard let ranges else { return }
    try ValueIssue.check("the count of ranges", ranges.count, equals: columnCount, "that of the channels")
    for (place, bounds) in ranges.enumerated() {
      let areRising = bounds.allSatisfy(\.isFinite) && zip(bounds, bounds.dropFirst()).allSatisfy(<)
      try ValueIssue.check(
        bounds.count > 1 && areRising, "ranges[\(place)] is \(bounds), expected two or more rising numbers")
    }
  }
}
