import RecurrentTestSupport
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Weights of steps, and what looks at them.
@Suite struct TrainerHooksTests {
  /// Linear regression on rows, a few in each step.
  private struct RowsProblem: TrainingProblem {
    var rows: [Range<Int>]
    var inputs: Tensor

    init(rows: [Range<Int>]) {
      self.rows = rows
      inputs = Tensor.random([16, 4], key: RandomKey(seed: 2))
    }

    struct Carry: RecurrentState {
      var tensors: [Tensor]
    }

    func stepCount(epoch: Int) -> Int { rows.count }
    func initialCarry(_ model: Linear) -> Carry { Carry(tensors: []) }
    func validate(_ model: Linear) -> Validation? { nil }

    func loss(_ model: Linear, at position: StepPosition, carry: Carry, mode: Mode) -> StepLoss<Carry> {
      let x = inputs.sliced(axis: 0, rows[position.step])
      let loss = square(model(x) - x.sliced(axis: 1, 0..<2) * 3).mean()
      return StepLoss(
        loss: loss, carry: Carry(tensors: []), unitCount: x.shape[0], weight: Double(x.shape[0]))
    }

    var trainer: Trainer<RowsProblem> {
      Trainer(
        problem: self, model: Linear(inputSize: 4, outputSize: 2, key: RandomKey(seed: 1)),
        optimizer: SGD(learningRate: 0.1, momentum: 0.9), settings: TrainerSettings(epochs: 3, clipNorm: 0.5))
    }
  }

  private static let rows = [0..<8, 8..<13, 13..<16]

  /// The mean of an epoch counts each step as it weighs: it is that of one step over all rows.
  @Test func epochsAreWeightedMeans() throws {
    func firstEpoch(_ rows: [Range<Int>]) throws -> Double {
      var trainer = RowsProblem(rows: rows).trainer
      // nothing is learnt, so that all steps see the same model
      trainer = Trainer(
        problem: trainer.problem, model: trainer.model, optimizer: SGD(learningRate: 0),
        settings: TrainerSettings(epochs: 1))
      var loss = Double.nan
      _ = try trainer.run { if case .epoch(let epoch) = $0 { loss = epoch.trainingLoss } }
      return loss
    }
    #expect(abs(try firstEpoch(Self.rows) - firstEpoch([0..<16])) < 1e-6)
    #expect(abs(try firstEpoch([0..<1, 1..<16]) - firstEpoch([0..<16])) < 1e-6)
  }

  /// A checkpoint of a version whose steps had no weights goes on; its steps count as those that follow.
  @Test func progressWithoutWeights() throws {
    let old = #"""
      {"position":{"epoch":0,"step":2},"stepCount":2,"unitCount":6,"smoothedLoss":2,"epochLossSum":5,"reductions":0,
      "epochsOnPlateau":0,"epochsWithoutImprovement":0,"trainingCurve":[],"validationCurve":[],"seconds":1}
      """#
    let progress = try JSONDecoder().decode(TrainingProgress.self, from: Data(old.utf8))
    #expect(progress.epochLossSum == 5 && progress.epochWeightSum == nil && progress.epochLoss == 2.5)
    // what is written now is read back
    let folder = try ScratchFolder()
    var trainer = RowsProblem(rows: Self.rows).trainer
    trainer.checkpointPath = folder.path + "/c.safetensors"
    _ = try trainer.run(shouldStop: { true })
    var again = RowsProblem(rows: Self.rows).trainer
    try again.restore(from: folder.path + "/c.safetensors")
    #expect(again.progress == trainer.progress && again.progress.epochWeightSum == 8)
  }

  private final class Recorder: Probe {
    let isWanted: (StepPosition, Int) -> Bool
    var seen: [(position: StepPosition, norm: Double, parameters: [Float])] = []

    init(_ isWanted: @escaping (StepPosition, Int) -> Bool) { self.isWanted = isWanted }

    func wantsStep(at position: StepPosition, of stepsInEpoch: Int) -> Bool {
      isWanted(position, stepsInEpoch)
    }

    func see<M: Module>(_ step: StepReport, model: M, gradient: M) throws {
      #expect(step.gradientNorm == gradient.norm)
      seen.append((step.position, gradient.norm, model.parameters.flatMap { $0.value.scalars }))
    }
  }

  /// A probe sees the steps that it asks for, the gradient as it was before clipping, and changes nothing.
  @Test func probes() throws {
    var plain = RowsProblem(rows: Self.rows).trainer
    _ = try plain.run()
    var probed = RowsProblem(rows: Self.rows).trainer
    let all = Recorder { _, _ in true }
    _ = try probed.run(probe: all)
    #expect(probed.model.weight.scalars == plain.model.weight.scalars)
    #expect(all.seen.count == 9 && all.seen.contains { $0.norm > 0.6 })
    #expect(all.seen.last?.parameters == probed.model.parameters.flatMap { $0.value.scalars })
    var again = RowsProblem(rows: Self.rows).trainer
    let last = Recorder { $0.step + 1 == $1 }
    _ = try again.run(probe: last)
    #expect(last.seen.map(\.position) == (0..<3).map { StepPosition(epoch: $0, step: 2) })
    #expect(last.seen.map(\.parameters) == [2, 5, 8].map { all.seen[$0].parameters })
  }

  private struct Stop: Error {}
  private final class Failing: Probe {
    func wantsStep(at position: StepPosition, of stepsInEpoch: Int) -> Bool { true }
    func see<M: Module>(_ step: StepReport, model: M, gradient: M) throws { throw Stop() }
  }

  @Test func aProbeMayEndTheTraining() {
    var trainer = RowsProblem(rows: Self.rows).trainer
    #expect(throws: Stop.self) { try trainer.run(probe: Failing()) }
    #expect(trainer.progress.stepCount == 1)
  }
}
