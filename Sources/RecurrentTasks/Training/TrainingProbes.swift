/// What looks at the training of a task: its log, what the task writes for that, and somebody else.
final class TrainingProbes<Task: SequenceTask>: Probe {
  private let log: TrainingLog?
  private let other: (any Probe)?
  private let sample: (Task.Model) -> String?

  /// Nil where nobody looks.
  init?(_ log: TrainingLog?, _ other: (any Probe)?, sample: @escaping (Task.Model) -> String?) {
    if log == nil, other == nil { return nil }
    (self.log, self.other, self.sample) = (log, other, sample)
  }

  func wantsStep(at position: StepPosition, of stepsInEpoch: Int) -> Bool {
    let isLogged = log?.wantsStep(at: position, of: stepsInEpoch) ?? false
    return (other?.wantsStep(at: position, of: stepsInEpoch) ?? false) || isLogged
  }

  func see<M: Module>(_ step: StepReport, model: M, gradient: M) throws {
    if let other, other.wantsStep(at: step.position, of: step.stepsInEpoch) {
      try other.see(step, model: model, gradient: gradient)
    }
    guard let log, log.wantsStep(at: step.position, of: step.stepsInEpoch) else { return }
    try log.see(step, model: model, gradient: gradient)
    if let model = model as? Task.Model, let text = sample(model) { try log.text("sample", text) }
  }
}
