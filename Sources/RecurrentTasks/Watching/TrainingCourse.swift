import RecurrentReports

/// What the steps of a training say all in all: how often gradients were clipped, and whether the loss rises again.
struct TrainingCourse {
  /// The largest norm of a gradient; nil for no limit.
  let clipNorm: Double?
  /// Whether the loss is to fall.
  let judgesLoss: Bool

  private var (stepCount, clippedCount) = (0, 0)
  private var recent: [Double] = []
  private var (beginning, least, leastStep, now) = (Double.nan, Double.infinity, 0, Double.nan)
  private var (recentSteps, recentClipped) = (0, 0)

  /// Norms that are kept for their median.
  private static let recentLimit = 200
  /// Steps before anything is said, so that the running mean of the loss is one.
  private static let patience = 50

  init(clipNorm: Double?, judgesLoss: Bool) { (self.clipNorm, self.judgesLoss) = (clipNorm, judgesLoss) }

  /// Counts a step.
  mutating func add(_ step: StepReport) {
    if stepCount == 0 { beginning = step.loss }
    stepCount += 1
    recentSteps += 1
    if let clipNorm, step.gradientNorm > clipNorm {
      clippedCount += 1
      recentClipped += 1
    }
    if recent.count == TrainingCourse.recentLimit { recent.removeFirst() }
    recent.append(step.gradientNorm)
    now = step.smoothedLoss
    if stepCount >= TrainingCourse.patience, now < least { (least, leastStep) = (now, step.stepCount) }
  }

  /// The share of steps that were clipped since it was asked for the last time; nil without a limit.
  mutating func takeClippedShare() -> Double? {
    defer { (recentSteps, recentClipped) = (0, 0) }
    return clipNorm == nil ? nil : Double(recentClipped) / Double(max(recentSteps, 1))
  }

  /// What there is to say.
  var advice: [Advice] { [clipping, learningRate].compactMap { $0 } }

  private var clipping: Advice? {
    let share = Double(clippedCount) / Double(max(stepCount, 1))
    guard stepCount >= TrainingCourse.patience, share > Advice.oftenClipped, let clipNorm else { return nil }
    let median = recent.sorted()[recent.count / 2]
    return Advice(
      kind: .clipping,
      finding:
        "clipping is active in \(rounded(share * 100, 0)) % of the steps, at a limit of \(significant(clipNorm, 2)) and a median norm "
        + "of \(significant(median, 2)): the size of the steps is that of the limit",
      value: share,
      remedies: [
        Advice.Remedy(setting: "clip-norm", value: significant(2 * median, 2)),
        Advice.Remedy(setting: "learning-rate", value: "lower"),
      ])
  }

  private var learningRate: Advice? {
    guard judgesLoss, stepCount >= 2 * TrainingCourse.patience, least.isFinite else { return nil }
    let rise = now - least
    // half of what was won is lost again; or nothing was ever won
    let won = beginning - least
    guard !(rise <= 0.5 * max(won, 0)), !(rise <= 0.1 * abs(least)) else { return nil }
    return Advice(
      kind: .learningRate,
      finding:
        "the running loss is \(significant(now)), it was \(significant(least)) at step \(grouped(leastStep)): the learning rate is "
        + "too high",
      value: now,
      remedies: [
        Advice.Remedy(setting: "learning-rate", value: "a third of it"),
        Advice.Remedy(setting: "clip-norm", value: "lower"),
      ])
  }
}
