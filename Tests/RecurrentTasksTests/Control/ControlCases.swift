import RecurrentTestSupport

@testable import RecurrentTasks

/// Small tasks of control with examples.
enum ControlCases {
  static func featurizer(ranges: [[Float]]? = nil) -> SequenceFeaturizer {
    .series(
      SeriesFeaturizer(
        channels: ["a", "b"], scaler: ChannelScaler(method: .standard, fitting: [[0, 4], [-1, 1]]),
        missing: MissingValues(marksMissing: false), ranges: ranges))
  }

  private static func configuration(_ cell: CellCatalog, restarts: Int) -> ControlConfiguration {
    ControlConfiguration(
      cell: CellChoice(cell), hiddenSize: 3, layerCount: 2, dropoutRate: 0.2, restartCount: restarts,
      ensembleSize: min(2, restarts))
  }

  static func simulation(warmUp: Int = 2) -> ControlTask {
    ControlTask(
      kind: .simulation, configuration: configuration(.gru, restarts: 3), featurizer: featurizer(),
      outputs: ["x", "y"], scaler: ChannelScaler(method: .standard, fitting: [[1, 3], [-70, 90]]),
      warmUp: warmUp,
      linear: LinearMemory(inputSize: 2, outputSize: 2))
  }

  static func numbers(previous: Bool = false) -> ControlTask {
    var task = ControlTask(
      kind: .imitation, configuration: configuration(.lstm, restarts: 2), featurizer: featurizer(),
      outputs: ["x", "y"], scaler: ChannelScaler(method: .standard, fitting: [[1, 3], [-70, 90]]),
      linear: LinearMemory(inputSize: 2, outputSize: 2))
    (task.mixtureCount, task.noise, task.readsPreviousAction) = (3, 0.1, previous)
    return task
  }

  static func moves(previous: Bool = false) -> ControlTask {
    var sizes = configuration(.gru, restarts: 1)
    sizes.denseSizes = [4, 5]
    var task = ControlTask(
      kind: .imitation, configuration: sizes,
      featurizer: featurizer(ranges: [[-1, 0, 1], [-1, 0.5, 1]]), outputs: ["move"],
      moves: ["left", "right", "stop"], scaler: ChannelScaler(method: .none, channels: 1) { _ in },
      linear: LinearMemory(inputSize: 2, outputSize: 3))
    task.readsPreviousAction = previous
    return task
  }

  /// Episodes of these lengths, of whose outputs some are not known.
  static func examples(_ task: ControlTask, _ lengths: [Int] = [6, 3, 9, 5, 1]) throws -> [ControlTask
    .Example]
  {
    try lengths.enumerated().map { index, steps in
      let key = RandomKey(seed: UInt64(index + 50))
      let inputs = Tensor.random([steps * 2], key: key).scalars
      let size = task.outputs.count
      let outputs = key.child(1).uniforms(steps * size).enumerated().map { place, draw -> Float in
        if place % 7 == 6 { return .nan }
        let center = Float(task.scaler.centers[place % size])
        return task.moves.isEmpty
          ? center + (draw - 0.5) * Float(task.scaler.scales[place % size]) : Float(Int(draw * 3))
      }
      return try task.example(
        ControlLog.Episode(name: "e", inputs: inputs, outputs: outputs, stepCount: steps),
        contextCount: index == 2 ? 3 : 0)
    }
  }
}
