import ArgumentParser
import Recurrent

/// One step after the other with a carried state: what a stream costs.
struct StepsBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "steps",
    abstract: "Single steps of a layer: by a stepper, and by tensors.")

  @Option(help: "Threads.") var threads = 1
  @Option(help: "Rounds.") var rounds = 9

  func run() {
    print(
      column("layer, I = H", 22) + column("stepper, us", 14) + column("tensors, us", 14) + "GB/s of weights")
    Backends.$current.withValue(CPUBackend(threadCount: threads)) {
      for kind in [CellCatalog.lstm, .gru, .gruResetBefore, .elman] {
        for batch in [1, 8] {
          for size in [32, 128, 256, 512] { measure(kind, batch: batch, size: size) }
        }
      }
    }
  }

  private func measure(_ kind: CellCatalog, batch: Int, size: Int) {
    let layer = RecurrentLayer(inputSize: size, key: RandomKey(seed: 1)) {
      kind.make(inputSize: $0, hiddenSize: size, key: $1)
    }.prepared()
    let x = Tensor(uniformIn: -1...1, shape: [batch, size], key: RandomKey(seed: 2))
    let input = x.scalars
    var stepper = RecurrentStepper(layer, batchSize: batch)
    var state = layer.initialState(batch: batch)
    let runs = max(20, 40_000_000 / (batch * size * size * 8))
    var times: (stepper: [Double], tensors: [Double]) = ([], [])
    for _ in 0..<rounds {
      times.stepper.append(milliseconds { for _ in 0..<runs { stepper.step(input) } } * 1000 / Double(runs))
      times.tensors.append(
        milliseconds { for _ in 0..<runs { state = layer.step(x, state).state } } * 1000 / Double(runs))
    }
    let time = median(times.stepper)
    let bytes = Double(4 * layer.parameterCount)
    print(
      column("\(kind.rawValue) \(size) B=\(batch)", 22) + column(rounded(time, 2), 14)
        + column(rounded(median(times.tensors), 2), 14) + rounded(bytes / time * 1e-3, 0))
  }
}
