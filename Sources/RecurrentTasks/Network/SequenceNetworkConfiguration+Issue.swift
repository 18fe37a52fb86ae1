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

  /// Throws where the sizes are impossible, or do not go with what the featurizer gives.
  func check(beside featurizer: SequenceFeaturizer) throws(ValueIssue) {
    try network.check(beside: featurizer)
    try ValueIssue.pass(issue)
    try ValueIssue.check(
      !sumsFeatures || network.featureCount > 0, "sumsFeatures is true, and there are no features")
  }
}
