import Recurrent

/// Writes what the log asks for, and beside it a text that the model generates.
final class SampleProbe: Probe {
  private let log: TrainingLog
  private let sample: (LanguageModel) -> String

  init(log: TrainingLog, sample: @escaping (LanguageModel) -> String) {
    (self.log, self.sample) = (log, sample)
  }

  func wantsStep(at position: StepPosition, of stepsInEpoch: Int) -> Bool {
    log.wantsStep(at: position, of: stepsInEpoch)
  }

  func see<M: Module>(_ step: StepReport, model: M, gradient: M) throws {
    try log.see(step, model: model, gradient: gradient)
    if let model = model as? LanguageModel { try log.text("sample", sample(model)) }
  }
}
