extension SketchTask {
  /// What is impossible about the task, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try network.check()
      try ValueIssue.check("scale", scale, in: 1e-9...1e9)
      try ValueIssue.check("leastDeviation", leastDeviation, in: 1e-6...1e6)
      try ValueIssue.check("the number of labels", labels.count, in: 0...1 << 16)
      try ValueIssue.check("labels", distinct: labels.names)
      try ValueIssue.check("augmentation.scaling", augmentation.scaling, in: 0...0.9)
      try ValueIssue.check("augmentation.dropRate", augmentation.dropRate, in: 0...0.9)
      try ValueIssue.check("latent.weight", latent.weight, in: 0...1e6)
      try ValueIssue.check("latent.beginning", latent.beginning, in: 0...1)
      try ValueIssue.check("latent.epochs", latent.epochs, in: 1e-9...1e6)
      try ValueIssue.check("latent.tolerance", latent.tolerance, in: 0...1e6)
      try ValueIssue.check("drawings.longest", drawings.longest, in: 0...1 << 20)
      try ValueIssue.check("drawings.side", drawings.side, in: 0...4e9)
      try ValueIssue.check("drawings.strokes", drawings.strokes, in: 0...1e9)
      try ValueIssue.check("drawings.points", drawings.points, in: 0...1e9)
      try brush?.check()
      try ValueIssue.pass(baseline.issue)
      try ValueIssue.check(
        "the count of the baseline", baseline.count, equals: network.mixtureCount, "that of the mixture")
    }
  }
}
