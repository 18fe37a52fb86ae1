extension SequenceNetworkConfiguration {
  /// Throws where the network is impossible, or does not read what the featurizer gives.
  func check(beside featurizer: SequenceFeaturizer) throws(ValueIssue) {
    try ValueIssue.pass(featurizer.issue, in: "featurizer: ")
    try ValueIssue.pass(issue)
    let reason = "as the featurizer gives"
    try ValueIssue.check("network.featureCount", featureCount, equals: featurizer.featureCount, reason)
    try ValueIssue.check(
      "network.vocabularySize", vocabularySize ?? 0, equals: featurizer.vocabularySize ?? 0, reason)
    guard let pictureHeight, let pictureWidth else { return }
    var size = (height: 0, width: 0)
    if case .pictures(let pictures) = featurizer { size = (pictures.height, pictures.width) }
    try ValueIssue.check("network.pictureHeight", pictureHeight, equals: size.height, reason)
    try ValueIssue.check("network.pictureWidth", pictureWidth, equals: size.width, reason)
  }
}

extension PooledNetworkConfiguration {
  /// What is impossible about the sizes, or does not go with what the featurizer gives, as a sentence; nil where nothing is.
  public func issue(beside featurizer: SequenceFeaturizer) -> String? {
    ValueIssue.found { () throws(ValueIssue) in try check(beside: featurizer) }
  }

  /// The same for a network with pooling.
  func check(beside featurizer: SequenceFeaturizer) throws(ValueIssue) {
    try network.check(beside: featurizer)
    try ValueIssue.pass(issue)
    try ValueIssue.check(
      !sumsFeatures || network.featureCount > 0, "sumsFeatures is true, and there are no features")
  }
}

extension TemperatureScaling {
  /// Throws where the temperature is impossible; the fit gives 0.05 to 20.
  func check() throws(ValueIssue) {
    try ValueIssue.check("scaling.temperature", temperature, in: 1e-3...1e3)
  }
}

extension Augmentation {
  /// Throws where a change is impossible.
  func check() throws(ValueIssue) {
    try ValueIssue.check("augmentation.noise", noise, in: 0...1e6)
    try ValueIssue.check("augmentation.stretch", stretch, in: 0...1)
    try ValueIssue.check("augmentation.scale", scale, in: 0...1e6)
    try ValueIssue.check("augmentation.crop", crop, in: 0...1)
    try ValueIssue.check("augmentation.wordDropout", wordDropout, in: 0...1)
    try ValueIssue.check("augmentation.timeMasks", timeMasks, in: 0...1 << 20)
    try ValueIssue.check("augmentation.featureMasks", featureMasks, in: 0...1 << 20)
    try ValueIssue.check("augmentation.shift", shift, in: 0...1 << 20)
  }
}
