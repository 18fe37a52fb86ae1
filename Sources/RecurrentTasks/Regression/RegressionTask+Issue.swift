extension RegressionTask {
  /// What is impossible about the task, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try ValueIssue.check("reader.classCount", reader.classCount, equals: 1, "the one number")
      try reader.check(beside: featurizer)
      try augmentation.check()
      try ValueIssue.check("center", center, in: -1e300...1e300)
      try ValueIssue.check("scale", scale, in: 1e-300...1e300)
      try ValueIssue.check("reach", reach, in: 0...1e300)
      if let residual {
        try ValueIssue.check("residual.deviation", residual.deviation, in: 0...1e300)
        try ValueIssue.check("residual.share", residual.share, in: 0...1)
      }
    }
  }
}
