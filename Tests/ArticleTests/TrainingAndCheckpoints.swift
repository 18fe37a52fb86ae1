import Recurrent
import Testing

@Test func trainingAndCheckpoints() throws {
  // article: begin
  /// Repeats its input two steps later.
  struct Echo: Module {
    var layer: RecurrentLayer<LSTM>
    var head: Linear

    init(key: RandomKey) {
      layer = RecurrentLayer(inputSize: 1, key: key.child(0)) { LSTM(inputSize: $0, hiddenSize: 12, key: $1) }
      head = Linear(inputSize: 12, outputSize: 1, key: key.child(1))
    }

    mutating func walk(_ visitor: inout some ParameterVisitor) {
      visitor.visit("layer", &layer)
      visitor.visit("head", &head)
    }
  }

  struct EchoProblem: TrainingProblem {
    func stepCount(epoch: Int) -> Int { 20 }

    func initialCarry(_ model: Echo) -> LSTM.State { model.layer.initialState(batch: 8).cells[0] }

    func loss(_ model: Echo, at position: StepPosition, carry: LSTM.State, mode: Mode) -> StepLoss<LSTM.State>
    {
      // what a step reads follows from its position alone
      let key = RandomKey(seed: 1).child(position.epoch).child(position.step)
      let inputs = Tensor(uniformIn: -1...1, shape: [10, 8, 1], key: key)
      let targets = inputs.sliced(axis: 0, 0..<8)
      let (outputs, state) = model.layer(SequenceBatch(inputs), state: .init(cells: [carry]), mode: mode)
      let loss = squaredError(model.head(outputs).sliced(axis: 0, 2..<10), targets)
      return StepLoss(loss: loss, carry: state.cells[0], unitCount: inputs.count)
    }

    func validate(_ model: Echo) -> Validation? { nil }
  }

  var trainer = Trainer(
    problem: EchoProblem(), model: Echo(key: RandomKey(seed: 2)), optimizer: Adam(learningRate: 1e-2),
    settings: TrainerSettings(epochs: 2, schedule: LearningRateSchedule(.cosine(final: 0.1)), clipNorm: 1))
  let end = try trainer.run(report: { event in
    if case .epoch(let epoch) = event { print("epoch \(epoch.epoch + 1): loss \(epoch.trainingLoss)") }
  })
  print(end, trainer.result.parameterCount)
  // article: end

  // article: begin
  final class LargestGradients: Probe {
    var largest: [String: Float] = [:]

    func wantsStep(at position: StepPosition, of stepsInEpoch: Int) -> Bool { position.step % 10 == 0 }

    func see<M: Module>(_ step: StepReport, model: M, gradient: M) {
      for (name, value) in gradient.parameters {
        largest[name] = max(largest[name] ?? 0, value.scalars.map(abs).max() ?? 0)
      }
    }
  }

  let probe = LargestGradients()
  var probed = Trainer(
    problem: EchoProblem(), model: Echo(key: RandomKey(seed: 2)), optimizer: Adam(learningRate: 1e-2),
    settings: TrainerSettings(epochs: 1))
  _ = try probed.run(probe: probe)
  print(probe.largest.sorted { $0.value > $1.value }.prefix(2).map(\.key))
  // article: end
  #expect(end == .completed && probe.largest.count == trainer.result.parameters.count)
}
