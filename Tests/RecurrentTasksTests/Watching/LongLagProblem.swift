import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// The tasks that recurrent networks were measured by before they had any use: what is asked at the end stands far back
/// (Hochreiter and Schmidhuber 1997; Arjovsky et al. 2016, arXiv:1511.06464).
struct LongLagProblem: TrainingProblem {
  /// What is asked.
  enum Kind: String, CaseIterable {
    /// The sum of two numbers of a sequence that are marked, one in each half.
    case adding
    /// The first symbol, which is marked, of a sequence of random ones.
    case copyMemory
  }

  struct Model: Module {
    var layer: RecurrentLayer<AnyCell>
    var head: Linear

    mutating func walk(_ visitor: inout some ParameterVisitor) {
      visitor.visit("layer", &layer)
      visitor.visit("head", &head)
    }
  }

  struct Carry: RecurrentState {
    var tensors: [Tensor] = []
    init(tensors: [Tensor] = []) { self.tensors = tensors }
  }

  let kind: Kind
  let length: Int
  let stepsInEpoch: Int
  let seed: UInt64
  static let batchSize = 16
  static let symbols = 4

  /// The mean loss of the best guess that knows nothing of the sequence.
  var ignorance: Double { kind == .adding ? 1.0 / 6 : 1.3863 }
  /// How far back what is asked stands.
  var lag: Int { kind == .adding ? length * 3 / 4 : length - 1 }

  func stepCount(epoch: Int) -> Int { stepsInEpoch }
  func initialCarry(_ model: Model) -> Carry { Carry() }
  func validate(_ model: Model) -> Validation? { nil }

  func loss(_ model: Model, at position: StepPosition, carry: Carry, mode: Mode) -> StepLoss<Carry> {
    let key = RandomKey(seed: seed).child(position.epoch * stepsInEpoch + position.step)
    let size = LongLagProblem.batchSize
    let loss: Tensor
    switch kind {
    case .adding:
      let numbers = key.child(0).uniforms(length * size)
      var input = [Float](repeating: 0, count: length * size * 2)
      for place in numbers.indices { input[2 * place] = numbers[place] }
      var sums = [Float](repeating: 0, count: size)
      let places = (0..<2).map { key.child($0 + 1).integers(size, below: length / 2) }
      for row in 0..<size {
        for half in 0..<2 {
          let place = (places[half][row] + half * length / 2) * size + row
          input[2 * place + 1] = 1
          sums[row] += numbers[place]
        }
      }
      let outputs = model.layer(SequenceBatch(Tensor(input, shape: [length, size, 2])), mode: mode).outputs
      loss = square(model.head(outputs[length - 1]) - Tensor(sums, shape: [size, 1])).mean()
    case .copyMemory:
      let width = LongLagProblem.symbols + 1
      let symbols = key.child(0).integers(length * size, below: LongLagProblem.symbols)
      var input = [Float](repeating: 0, count: length * size * width)
      for (place, symbol) in symbols.enumerated() { input[place * width + symbol] = 1 }
      for row in 0..<size { input[row * width + width - 1] = 1 }
      let outputs = model.layer(SequenceBatch(Tensor(input, shape: [length, size, width])), mode: mode)
        .outputs
      loss = crossEntropy(model.head(outputs[length - 1]), Indices(symbols[..<size].map { Int32($0) }))
    }
    return StepLoss(loss: loss, carry: Carry(), unitCount: size)
  }

  /// A network of one layer.
  func model(_ cell: CellCatalog, hiddenSize: Int, options: CellOptions) -> Model {
    let key = RandomKey(seed: seed).child(1 << 20)
    return Model(
      layer: RecurrentLayer(inputSize: kind == .adding ? 2 : LongLagProblem.symbols + 1, key: key.child(0)) {
        cell.make(inputSize: $0, hiddenSize: hiddenSize, options: options, key: $1)
      },
      head: Linear(
        inputSize: hiddenSize, outputSize: kind == .adding ? 1 : LongLagProblem.symbols, key: key.child(1)))
  }

  /// Trains a network, watched in its first epoch.
  ///
  /// - Returns: what the watch saw last in the first epoch, and the running loss at the end.
  func train(
    _ cell: CellCatalog, options: CellOptions = CellOptions(), epochs: Int
  ) throws -> (seen: WatchReport, loss: Double) {
    let settings = TrainerSettings(epochs: epochs, clipNorm: 1, seed: seed)
    var trainer = Trainer(
      problem: self, model: model(cell, hiddenSize: 16, options: options),
      optimizer: Adam(learningRate: 0.01), settings: settings)
    let watch = TrainingWatch(settings, interval: .init(steps: 20)) { 0 }
    var (seen, isSolved) = (WatchReport?.none, false)
    _ = try trainer.run(
      report: { event in
        if case .step(let step) = event {
          watch.count(step)
          if step.position.epoch == 1, seen == nil { seen = watch.report }
          isSolved = seen != nil && step.smoothedLoss < ignorance / 4
        }
      }, probe: watch,
      // what is solved need not be trained on
      shouldStop: { isSolved })
    return (try #require(seen), trainer.progress.smoothedLoss ?? .nan)
  }
}
