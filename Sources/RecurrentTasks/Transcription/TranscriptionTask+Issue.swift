extension TranscriptionTask {
  /// What is impossible about the task, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try units.check()
      try network.check(beside: featurizer)
      try ValueIssue.check("upsampling", upsampling, in: 1...64)
      try ValueIssue.check("rate", rate, in: 1e-9...1e9)
      try search.check()
      try language.check()
      try ValueIssue.check("timing.delay", timing.delay, in: -1e6...1e6)
      try ValueIssue.check("timing.reach", timing.reach, in: 0...1e6)
      try augmentation.check()
      try wordTimes?.check()
      try knownTexts?.check()
    }
  }
}

extension TranscriptionTask {
  /// The task with another search, where settings ask for one.
  public func predicting(with settings: Settings) throws -> TranscriptionTask {
    var own = self
    own.search.beam = settings[.beam] ?? search.beam
    own.search.best = settings[.best] ?? search.best
    own.language = try language.applying(settings)
    _ = try own.language.notes { units.unknownCount(in: $0) > 0 }
    return own
  }

  /// The language model, and which texts were trained on.
  public var resources: [String: [UInt8]] {
    var all = language.resources
    all[KnownTexts.resource] = knownTexts?.bytes
    return all
  }

  /// Takes them over.
  public mutating func restoreResources(_ resource: (String) throws -> [UInt8]) throws {
    try language.restore(resource)
    try knownTexts?.restore(resource(KnownTexts.resource))
  }
}
