extension TaggingTask {
  /// What is impossible about the task, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try ValueIssue.check("labels", distinct: labels)
      // events have the background before their kinds
      try ValueIssue.check("the count of labels", labels.count, in: (picker == nil ? 1 : 2)...1 << 20)
      try network.check(beside: featurizer)
      try ValueIssue.check("rate", rate, in: 1e-9...1e9)
      try ValueIssue.check("delay", delay, in: 0...1 << 20)
      try ValueIssue.check("tolerance", tolerance, in: 0...1e9)
      try picker?.check()
      let looksBack = network.isCausal && network.convolutions.allSatisfy { ($0.lookahead ?? 0) == 0 }
      try ValueIssue.check(
        ahead == nil || looksBack && delay == 0 && !usesCRF,
        "picker.ahead needs a network that looks back alone, without delay and CRF")
      try augmentation.check()
      try scaling.check()
      try ClassWeights.check("labelWeights", labelWeights, count: labels.count)
    }
  }

  /// Taggers of words of version 0.1.0 cut words again at other places, and have labels for what they were cut into.
  public var earlierIssue: String? {
    guard case .text(let text) = featurizer, text.vocabulary.splitsPunctuation else { return nil }
    return
      "version 0.1.0 wrote this tagger of words, which joined them to a text and cut that at other places"
  }
}

extension EventPicker {
  /// Throws where the rule is impossible.
  func check() throws(ValueIssue) {
    try ValueIssue.check("picker.threshold", threshold, in: 0...1)
    try ValueIssue.check("picker.minimumDuration", minimumDuration, in: 0...1e9)
    try ValueIssue.check("picker.minimumGap", minimumGap, in: 0...1e9)
    if let ahead { try ValueIssue.check("picker.ahead", ahead, in: 1e-9...1e9) }
  }
}
