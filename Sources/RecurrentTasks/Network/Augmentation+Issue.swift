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
