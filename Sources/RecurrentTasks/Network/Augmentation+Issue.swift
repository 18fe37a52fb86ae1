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
    if let timeMaskSize { try ValueIssue.check("augmentation.timeMaskSize", timeMaskSize, in: 0...1) }
    if let featureMaskSize {
      try ValueIssue.check("augmentation.featureMaskSize", featureMaskSize, in: 0...1)
    }
    if let brightness { try ValueIssue.check("augmentation.brightness", brightness, in: 0...1) }
    if let frameJitter { try ValueIssue.check("augmentation.frameJitter", frameJitter, in: 0...0.5) }
    if let slant { try ValueIssue.check("augmentation.slant", slant, in: 0...1) }
    if let rotation { try ValueIssue.check("augmentation.rotation", rotation, in: 0...Float.pi) }
    try ValueIssue.check("augmentation.speeds", each: speeds ?? [], in: Sound.speeds)
  }
}
