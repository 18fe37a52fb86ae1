/// Proximal policy optimisation (Schulman et al. 2017) for policies with a state.
public struct PPOSettings: Sendable, Equatable, Codable {
  /// Steps of experience of the whole training, over all rows.
  public var stepCount: Int
  /// B: environments side by side.
  public var rowCount: Int
  /// T: steps of each row between two updates; gradients go back as far.
  public var rolloutSteps: Int
  /// Passes over these steps.
  public var passCount: Int
  /// γ: what a reward is worth one step later.
  public var discount: Double
  /// λ of the advantages.
  public var trace: Double
  /// How far the ratio of probabilities may move in one update; it falls to zero over the training.
  public var clipRange: Double
  /// How much the error of the critic counts.
  public var valueWeight: Double
  /// How much the entropy of the policy counts.
  public var entropyWeight: Double
  /// Steps that the gates keep the state for at first; 0 to begin as other networks do.
  public var memory: Int
  /// Where the logarithms of the deviations of continuous actions begin.
  public var logDeviation: Double
  /// Episodes after each epoch that choose the policy to keep; 0 to keep the last.
  public var validationEpisodes: Int

  /// Settings that suit many small environments.
  public init(
    stepCount: Int = 100_000, rowCount: Int = 8, rolloutSteps: Int = 128, passCount: Int = 10,
    discount: Double = 0.99, trace: Double = 0.95, clipRange: Double = 0.2, valueWeight: Double = 0.5,
    entropyWeight: Double = 0, memory: Int = 0, logDeviation: Double = 0, validationEpisodes: Int = 20
  ) {
    (self.stepCount, self.rowCount, self.rolloutSteps) = (stepCount, rowCount, rolloutSteps)
    (self.passCount, self.discount, self.trace) = (passCount, discount, trace)
    (self.clipRange, self.valueWeight, self.entropyWeight) = (clipRange, valueWeight, entropyWeight)
    self.memory = memory
    (self.logDeviation, self.validationEpisodes) = (logDeviation, validationEpisodes)
  }

  /// What is impossible about the settings, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try ValueIssue.check("stepCount", stepCount, in: 1...1 << 40)
      try ValueIssue.check("rowCount", rowCount, in: 1...1 << 12)
      try ValueIssue.check("rolloutSteps", rolloutSteps, in: 1...1 << 16)
      try ValueIssue.check("passCount", passCount, in: 1...1 << 12)
      try ValueIssue.check("discount", discount, in: 0...1)
      try ValueIssue.check("trace", trace, in: 0...1)
      try ValueIssue.check("clipRange", clipRange, in: 1e-6...1e3)
      try ValueIssue.check("valueWeight", valueWeight, in: 0...1e6)
      try ValueIssue.check("entropyWeight", entropyWeight, in: 0...1e6)
      try ValueIssue.check("memory", memory, in: 0...1 << 20)
      try ValueIssue.check("logDeviation", logDeviation, in: -20...20)
      try ValueIssue.check("validationEpisodes", validationEpisodes, in: 0...1 << 16)
    }
  }
}
