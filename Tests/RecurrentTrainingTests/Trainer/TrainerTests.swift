import RecurrentTestSupport
import Testing

@Suite struct TrainerTests {
  @Test func eventsOfAPlainTraining() throws {
    var trainer = ToyProblem(validationLosses: nil).trainer(TrainerSettings(epochs: 3))
    var steps: [StepReport] = []
    var epochs: [EpochReport] = []
    let end = try trainer.run { event in
      switch event {
      case .step(let report): steps.append(report)
      case .epoch(let report): epochs.append(report)
      case .checkpoint: Issue.record("there is no path for checkpoints")
      }
    }
    #expect(end == .completed)
    #expect(steps.map(\.loss) == [100, 99, 98, 97, 96, 95])
    #expect(steps.map(\.stepCount) == Array(1...6))
    #expect(
      steps.allSatisfy {
        $0.totalSteps == 6 && $0.gradientNorm == 1 && $0.learningRate == 1 && $0.unitCount == 3
      })
    #expect(
      steps.map(\.position.epoch) == [0, 0, 1, 1, 2, 2] && steps.map(\.position.step) == [0, 1, 0, 1, 0, 1])
    #expect(epochs.map(\.trainingLoss) == [99.5, 97.5, 95.5])
    #expect(epochs.allSatisfy { $0.validation == nil && !$0.isBest })
    #expect(trainer.progress.unitCount == 18 && trainer.progress.bestLoss == nil)
    #expect(trainer.result.w.scalar == 94)
  }

  /// The parameters of the best epoch are kept, and training ends when patience does.
  @Test(
    arguments: [
      (nil, 6, TrainingEnd.completed), (1, 3, .stoppedEarly), (2, 4, .stoppedEarly), (5, 6, .completed),
    ] as [(Int?, Int, TrainingEnd)])
  func earlyStopping(_ patience: Int?, _ epochs: Int, _ end: TrainingEnd) throws {
    var trainer = ToyProblem(validationLosses: [5, 3, 4, 3, 9]).trainer(
      TrainerSettings(epochs: 6, patience: patience))
    #expect(try trainer.run() == end)
    #expect(trainer.progress.position == StepPosition(epoch: epochs))
    #expect(trainer.progress.bestEpoch == 1 && trainer.progress.bestLoss == 3)
    #expect(trainer.result.w.scalar == 96)
    #expect(trainer.progress.validationCurve.map(\.epoch) == (1...epochs).map { Double($0) })
  }

  /// A training that has ended stays ended, however it ended.
  @Test(arguments: [1, nil]) func endedTrainingsDoNotGoOn(_ patience: Int?) throws {
    let folder = try ScratchFolder()
    var trainer = ToyProblem(validationLosses: [5, 6]).trainer(TrainerSettings(epochs: 3, patience: patience))
    trainer.checkpointPath = folder.path + "/c.safetensors"
    let end = try trainer.run()
    var again = ToyProblem(validationLosses: [5, 6]).trainer(TrainerSettings(epochs: 3, patience: patience))
    try again.restore(from: folder.path + "/c.safetensors")
    #expect(try again.run { _ in Issue.record("it went on") } == end)
    #expect(again.result.w.scalar == trainer.result.w.scalar)
  }

  @Test func plateau() throws {
    let problem = ToyProblem(validationLosses: [5, 5, 5, 4, 5, 5, 5, 5])
    var trainer = problem.trainer(
      TrainerSettings(epochs: 8, schedule: LearningRateSchedule(.plateau(patience: 1, factor: 0.5))))
    var rates: [Double] = []
    _ = try trainer.run { event in
      if case .step(let report) = event, report.position.step == 0 { rates.append(report.learningRate) }
    }
    #expect(rates.prefix(4) == [1, 1, 1, 0.5])
    #expect(rates.last == 0.25)
  }

  @Test func clippingAndWarmUp() throws {
    let problem = ToyProblem(validationLosses: nil, slopes: [0: 40, 1: 0.25])
    var trainer = problem.trainer(
      TrainerSettings(epochs: 1, schedule: LearningRateSchedule(.constant, warmUpSteps: 1), clipNorm: 2))
    var norms: [Double] = []
    _ = try trainer.run { if case .step(let report) = $0 { norms.append(report.gradientNorm) } }
    #expect(norms == [40, 0.25])
    #expect(abs(trainer.model.w.scalar - (100 - 0.5 * 2 - 0.25)) < 1e-4)
    var byValue = problem.trainer(TrainerSettings(epochs: 1, clipValue: 0.5))
    _ = try byValue.run()
    #expect(byValue.model.w.scalar == 100 - 0.5 - 0.25)
  }

  @Test(arguments: [Float.nan, .infinity]) func divergence(_ slope: Float) throws {
    let folder = try ScratchFolder()
    var trainer = ToyProblem(validationLosses: nil, slopes: [3: slope]).trainer(TrainerSettings(epochs: 3))
    trainer.checkpointPath = folder.path + "/c.safetensors"
    let error = #expect(throws: TrainingError.self) { _ = try trainer.run() }
    guard case .diverged(StepPosition(epoch: 1, step: 1), _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect("\(try #require(error))".contains("epoch 2, step 2"))
    // the checkpoint of the last sound epoch is still there
    var again = ToyProblem(validationLosses: nil).trainer(TrainerSettings(epochs: 3))
    try again.restore(from: folder.path + "/c.safetensors")
    #expect(again.progress.position == StepPosition(epoch: 1))
    #expect(again.model.w.scalar == 98)
  }

  /// A model whose validation loss is not a number never becomes a result or a checkpoint.
  @Test func divergenceSeenByValidation() throws {
    let folder = try ScratchFolder()
    var trainer = ToyProblem(validationLosses: [5, .nan]).trainer(TrainerSettings(epochs: 3))
    trainer.checkpointPath = folder.path + "/c.safetensors"
    #expect(throws: TrainingError.self) { _ = try trainer.run() }
    var again = ToyProblem(validationLosses: [5, 4]).trainer(TrainerSettings(epochs: 3))
    try again.restore(from: folder.path + "/c.safetensors")
    #expect(again.progress.position == StepPosition(epoch: 1))
  }

  /// Checkpoints come by the clock and at the end of epochs.
  @Test func checkpointInterval() throws {
    let folder = try ScratchFolder()
    var trainer = ToyProblem(validationLosses: nil, steps: 10).trainer(TrainerSettings(epochs: 1))
    trainer.checkpointPath = folder.path + "/c.safetensors"
    trainer.checkpointInterval = 4
    var now = 0.0
    var steps = 0
    var written: [Int] = []
    _ = try trainer.run(
      report: { event in
        switch event {
        case .step:
          steps += 1
          now += 1
        case .checkpoint: written.append(steps)
        case .epoch: break
        }
      }, clock: { now })
    #expect(written.last == 10)
    #expect(written.count == 3 && zip(written, written.dropFirst()).allSatisfy { $1 - $0 <= 5 })
    #expect(try folder.contents() == ["c.safetensors"])
  }
}
