/// One step of a system or of a driver.
public struct ControlStep: Sendable, Equatable {
  /// What goes in, one step.
  public var features: FeatureSequence
  /// What was measured to come out; empty where nothing was. Read in the warm-up of a system alone.
  public var outputs: [Float]

  /// A step.
  public init(features: FeatureSequence, outputs: [Float] = []) {
    (self.features, self.outputs) = (features, outputs)
  }
}

/// The networks of control, which read one step of B episodes after the other.
public struct ControlStepper: RowStepper {
  private let task: ControlTask
  private let networks: [ControlNetwork]
  private let output: ControlOutput
  /// F: numbers that the networks read of a step.
  private let width: Int
  /// How many of them are features.
  private let featureCount: Int
  /// D: numbers that come out.
  private let size: Int
  /// Of each network.
  private var dense: [[DenseStepper]]
  private var steppers: [RecurrentStepper<AnyCell>]
  /// What the networks read, `[B, F]`.
  private var inputs: [Float]
  private var isLoaded: [Bool]
  private var stepCounts: [Int]
  /// What came out last, `[B, D]`, with what was said beside it, `[B, S]`.
  private var values: [Double]
  private var spreads: [Double]
  private var sums: [Double]
  /// The last action as the next step reads it, `[D]`.
  private var last: [Float]

  /// The beginning of episodes; the weights of the model are packed.
  init(packed model: ControlModel, _ task: ControlTask, rowCount: Int) {
    self.init(task.members.map { model.members[$0] }, task, rowCount: rowCount)
  }

  private init(_ networks: [ControlNetwork], _ task: ControlTask, rowCount: Int) {
    (self.task, self.networks, output) = (task, networks, task.output)
    (width, featureCount, size) = (task.inputSize, task.featurizer.featureCount, task.outputSize)
    dense = networks.map { $0.dense.map { DenseStepper($0, rowCount: rowCount) } }
    steppers = networks.map { RecurrentStepper($0.recurrent, heads: [$0.output], batchSize: rowCount) }
    inputs = [Float](repeating: 0, count: rowCount * width)
    isLoaded = [Bool](repeating: false, count: rowCount)
    stepCounts = [Int](repeating: 0, count: rowCount)
    values = [Double](repeating: 0, count: rowCount * size)
    spreads = [Double](repeating: 0, count: rowCount * output.spreadCount)
    sums = [Double](repeating: 0, count: output.sumCount)
    last = [Float](repeating: 0, count: size)
  }

  /// B.
  public var rowCount: Int { isLoaded.count }

  /// So many rows at the beginning.
  public func beginning(rowCount: Int) -> ControlStepper {
    ControlStepper(networks, task, rowCount: rowCount)
  }

  /// Puts a step of a row beside those of other rows. Traps where it is not one step of what the networks read.
  public mutating func load(_ step: ControlStep, row: Int) {
    let (width, own, size) = (width, featureCount, size)
    trapUnless(
      step.features.stepCount == 1 && step.features.featureCount == own
        && (step.outputs.isEmpty || step.outputs.count == size),
      "ControlStepper: expected one step of \(own) features and \(size) outputs or none, received "
        + "\(step.features.stepCount) of \(step.features.featureCount) and \(step.outputs.count)")
    isLoaded[row] = true
    let (count, reads) = (stepCounts[row], task.readsPreviousAction)
    if reads, count > 0 { for place in 0..<size { last[place] = Float(values[row * size + place]) } }
    // taken out of the whole, so that it is written in place
    var inputs: [Float] = []
    swap(&inputs, &self.inputs)
    inputs.withUnsafeMutableBufferPointer { inputs in
      guard let base = inputs.baseAddress else { return }
      step.features.copyStep(0, to: base + row * width)
      let feedback = UnsafeMutableBufferPointer(start: base + row * width + own, count: width - own)
      for place in feedback.indices { feedback[place] = 0 }
      if task.kind == .simulation, count < task.warmUp, !step.outputs.isEmpty {
        task.write(measured: step.outputs[...], to: feedback)
      } else if reads, count > 0 {
        task.write(action: last[...], to: feedback)
      }
    }
    swap(&inputs, &self.inputs)
  }

  /// Reads the steps that were loaded.
  public mutating func advance() {
    for index in steppers.indices {
      if dense[index].isEmpty {
        steppers[index].step(inputs)
      } else {
        dense[index][0].step(inputs)
        for layer in 1..<dense[index].count { dense[index][layer].step(dense[index][layer - 1].output) }
        steppers[index].step(dense[index][dense[index].count - 1].output)
      }
      for row in isLoaded.indices where !isLoaded[row] { steppers[index].takeBack(row: row) }
    }
    for row in isLoaded.indices where isLoaded[row] {
      isLoaded[row] = false
      stepCounts[row] += 1
      decide(row)
    }
  }

  /// What all networks say together of a row.
  private mutating func decide(_ row: Int) {
    let (rows, size, width) = (rowCount, size, output.spreadCount)
    // taken out of the whole, so that they are written in place
    var (sums, values, spreads) = ([Double](), [Double](), [Double]())
    swap(&sums, &self.sums)
    swap(&values, &self.values)
    swap(&spreads, &self.spreads)
    for place in sums.indices { sums[place] = 0 }
    sums.withUnsafeMutableBufferPointer { sums in
      for index in steppers.indices {
        steppers[index].withOutput { output.add($0.row(row, of: rows), to: sums) }
      }
      output.finish(sums, count: steppers.count, task.scaler) { place, value in
        if place < size {
          values[row * size + place] = value
        } else {
          spreads[row * width + place - size] = value
        }
      }
    }
    swap(&sums, &self.sums)
    swap(&values, &self.values)
    swap(&spreads, &self.spreads)
  }

  /// Steps of a row so far.
  func stepCount(row: Int) -> Int { stepCounts[row] }

  /// Calls `body` with what came out of a row at its last step, and what was said beside it.
  func withValues<R>(
    row: Int, _ body: (UnsafeBufferPointer<Double>, UnsafeBufferPointer<Double>) -> R
  ) -> R {
    let rows = rowCount
    return values.withUnsafeBufferPointer { values in
      spreads.withUnsafeBufferPointer { body(values.row(row, of: rows), $0.row(row, of: rows)) }
    }
  }

  // MARK: State

  private static func prefix(_ index: Int) -> String { "member\(index)." }

  /// What is kept of a row.
  public func state(row: Int) -> SessionState {
    var state = SessionState(integers: [
      (name: "steps", values: [Int64(stepCounts[row])]),
      (name: "action", values: values[row * size..<(row + 1) * size].map(\.stored)),
    ])
    for (index, network) in networks.enumerated() {
      state =
        state + network.recurrent.state(steppers[index].state, row: row, ControlStepper.prefix(index))
    }
    return state
  }

  /// Goes on with a row from a state that was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is that of another model, or damaged.
  public mutating func restore(_ state: SessionState, row: Int) throws {
    let count = try state.integers("steps", count: 1, in: 0...1 << 42)[0]
    let kept = try state.integers("action").map { Double(stored: $0) }
    let limit = task.moves.isEmpty ? Double(Float.greatestFiniteMagnitude) : Double(task.moves.count - 1)
    try state.check(
      kept.count == size
        && kept.allSatisfy {
          task.moves.isEmpty ? abs($0) <= limit : $0 >= 0 && $0 <= limit && $0 == $0.rounded()
        },
      "its last action is none of the model's")
    for (index, network) in networks.enumerated() {
      steppers[index].state = try network.recurrent.replacing(
        steppers[index].state, row: row, from: state, ControlStepper.prefix(index))
    }
    stepCounts[row] = count
    for place in 0..<size { values[row * size + place] = kept[place] }
  }
}
