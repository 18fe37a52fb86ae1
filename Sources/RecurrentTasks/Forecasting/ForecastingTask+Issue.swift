extension ForecastingTask {
  /// What is impossible about the task, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try featurizer.check()
      try ValueIssue.pass(network.issue)
      try ValueIssue.check("the count of levels", levels.count, in: 1...1 << 10)
      try ValueIssue.check("levels", each: levels, in: 1e-9...1 - 1e-9)
      try ValueIssue.check(
        zip(levels, levels.dropFirst()).allSatisfy(<), "levels are \(levels), expected rising numbers")
      try checkNetwork()
      try ValueIssue.check("seasonLength", seasonLength, in: 1...1 << 24)
      try ValueIssue.check("lineShare", mixingWeight, in: 0...1)
      try calibration?.check()
    }
  }

  /// Throws where the network reads other things than the featurizer gives, or gives others than the task takes.
  private func checkNetwork() throws(ValueIssue) {
    let reason = "as the featurizer gives"
    let (targets, covariates) = (featurizer.targets.count, featurizer.covariateCount)
    try ValueIssue.check("network.targetCount", network.targetCount, equals: targets, reason)
    try ValueIssue.check("network.covariateCount", network.covariateCount, equals: covariates, reason)
    try ValueIssue.check("network.pastCount", network.pastCount, equals: featurizer.pastCount, reason)
    try ValueIssue.check("network.staticCount", network.staticCount, equals: featurizer.staticCount, reason)
    try ValueIssue.check(
      "network.marksMissing", network.marksMissing, equals: featurizer.marksMissing, reason)
    try ValueIssue.check(
      "network.output", network.output.rawValue, equals: output.rawValue, "that of the task")
    guard network.kind == .segments else { return }
    try ValueIssue.check("network.levels", network.levels, equals: levels, "those of the task")
  }
}

extension ForecastCalibration {
  /// Throws where the intervals are impossible.
  func check() throws(ValueIssue) {
    try ValueIssue.check("calibration.skewShare", skewShare, in: 0...1)
    if let changeShare { try ValueIssue.check("calibration.changeShare", changeShare, in: 0...1) }
    for widening in intervals.widenings {
      try ValueIssue.check("calibration.widenings.nominal", widening.nominal, in: 0...1)
      try ValueIssue.check("calibration.widenings.steps", each: widening.steps, in: -1e30...1e30)
    }
  }
}

extension ForecastFeaturizer {
  /// Throws where the values are impossible.
  func check() throws(ValueIssue) {
    try ValueIssue.check("featurizer: the count of targets", targets.count, in: 1...1 << 20)
    try ValueIssue.check("featurizer: targets", distinct: targets)
    try targetScaler.check("featurizer: targetScaler", channels: targets.count)
    try knownScaler.check("featurizer: knownScaler", channels: known.count)
    if let past {
      try ValueIssue.check("featurizer: past", distinct: past.names)
      try past.scaler.check("featurizer: past.scaler", channels: past.names.count)
    }
    for column in statics {
      try ValueIssue.check("featurizer: statics.center", column.center, in: -1e300...1e300)
      try ValueIssue.check("featurizer: statics.scale", column.scale, in: 1e-300...1e300)
    }
    switch frequency {
    case .steps(let size): try ValueIssue.check("featurizer: frequency.steps", size, in: 1e-12...1e12)
    case .seconds(let size): try ValueIssue.check("featurizer: frequency.seconds", size, in: 1e-6...1e9)
    case .months(let count): try ValueIssue.check("featurizer: frequency.months", count, in: 1...1200)
    case .businessDays: break
    }
  }
}
