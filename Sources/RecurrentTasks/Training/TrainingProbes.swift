/// What looks at the training of a task: its log, a watch, what the task writes for the log, and somebody else.
final class TrainingProbes<Task: SequenceTask>: Probe {
  private let log: TrainingLog?
  private let watch: TrainingWatch?
  private let other: (any Probe)?
  private let report: (WatchReport) throws -> Void
  private let sample: (Task.Model) -> String?

  /// Nil where nobody looks.
  init?(
    _ log: TrainingLog?, _ watch: TrainingWatch?, _ other: (any Probe)?,
    report: @escaping (WatchReport) throws -> Void, sample: @escaping (Task.Model) -> String?
  ) {
    if log == nil, watch == nil, other == nil { return nil }
    (self.log, self.watch, self.other, self.report, self.sample) = (log, watch, other, report, sample)
  }

  private var all: [any Probe] { [watch, other, log].compactMap { $0 } }

  func wantsStep(at position: StepPosition, of stepsInEpoch: Int) -> Bool {
    // each is asked, whatever the others say
    all.filter { $0.wantsStep(at: position, of: stepsInEpoch) }.count > 0
  }

  func observer(at position: StepPosition) -> RecurrentObserver? {
    // a watch has one of its own; others get theirs where it has none
    all.lazy.compactMap { $0.observer(at: position) }.first
  }

  func see<M: Module>(_ step: StepReport, model: M, gradient: M) throws {
    for probe in all where probe.wantsStep(at: step.position, of: step.stepsInEpoch) {
      try probe.see(step, model: model, gradient: gradient)
      if probe === watch, let seen = watch?.report {
        try report(seen)
        try log?.record(seen)
      }
    }
    guard let log, log.wantsStep(at: step.position, of: step.stepsInEpoch) else { return }
    if let model = model as? Task.Model, let text = sample(model) { try log.text("sample", text) }
  }
}

extension TrainingLog {
  /// Writes down what a watch saw.
  ///
  /// - Throws: ``FormatError``.
  func record(_ seen: WatchReport) throws(FormatError) {
    for (name, value) in seen.scalars { try scalar(name, Float(value)) }
    for (name, values) in seen.histograms { try histogram(name, values) }
  }
}
