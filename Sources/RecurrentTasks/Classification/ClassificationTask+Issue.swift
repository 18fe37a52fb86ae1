extension ClassificationTask {
  /// What is impossible about the task, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try ValueIssue.check("labels", distinct: labels)
      try ValueIssue.check(
        "classifier.classCount", classifier.classCount, equals: labels.count, "the count of labels")
      try classifier.check(beside: featurizer)
      try augmentation.check()
      try scaling.check()
      try ClassWeights.check("classWeights", classWeights, count: labels.count)
      if let windowSteps { try ValueIssue.check("windowSteps", windowSteps, in: 1...1 << 24) }
      try ValueIssue.check("labelSmoothing", labelSmoothing, in: 0...1)
      try ValueIssue.check("focalGamma", focalGamma, in: 0...1e3)
    }
  }
}
