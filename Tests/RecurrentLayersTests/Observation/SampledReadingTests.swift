import RecurrentTestSupport
import Testing

/// What an observer is shown of a step of training.
@Suite struct SampledReadingTests {
  private static let key = RandomKey(seed: 91)

  private struct Network: Module {
    var layer: RecurrentLayer<LSTM>
    var head: Linear
    mutating func walk(_ visitor: inout some ParameterVisitor) {
      visitor.visit("layer", &layer)
      visitor.visit("head", &head)
    }
  }

  private static func network(isBidirectional: Bool) -> Network {
    let layer = RecurrentLayer(
      layerCount: 2, inputSize: 3, isBidirectional: isBidirectional, dropoutRate: 0.3, key: key
    ) {
      LSTM(
        inputSize: $0, hiddenSize: 5, regularization: RecurrentRegularization(zoneout: 0.2, weightDrop: 0.2),
        key: $1)
    }
    return Network(layer: layer, head: Linear(inputSize: layer.outputSize, outputSize: 2, key: key))
  }

  /// Nothing of a step changes, with all the noise that a training has.
  @Test(arguments: [false, true])
  func sameBits(_ isBidirectional: Bool) throws {
    let network = Self.network(isBidirectional: isBidirectional)
    let batch = SequenceBatch(.random([7, 6, 3], key: Self.key.child(1)), lengths: [7, 0, 3, 7, 1, 6])
    func step(_ observer: RecurrentObserver?) -> (Tensor, Network) {
      let mode = Mode.training(Self.key.child(2), observer: observer)
      let (loss, gradient) = valueAndGradient(of: network) { network in
        let outputs = network.layer(batch, mode: mode).outputs
        return square(network.head(outputs[3])).sum() + outputs.sum()
      }
      return (loss, gradient)
    }
    let observer = RecurrentObserver(rowCount: 3)
    let ((loss, gradient), (seenLoss, seenGradient)) = (step(nil), step(observer))
    try requireSameBits(seenLoss, loss, "loss")
    for (own, plain) in zip(seenGradient.parameters, gradient.parameters) {
      try requireSameBits(own.value, plain.value, own.name)
    }
    let reading = try #require(observer.readings.first)
    // rows with steps are 0 2 3 4 5, of which three evenly
    #expect(observer.readings.count == 1 && reading.batch.lengths == [7, 7, 6])
    #expect(reading.parts.count == network.layer.cells.count && reading.parts[0].values.isEmpty)
    #expect(reading.outputGradient?.shape == [7, 3, network.layer.outputSize])
    let traced = reading.traced()
    for part in traced.parts {
      #expect(part.values.map(\.name) == ["input", "forget", "candidate", "output", "hidden", "cell"])
    }
  }

  /// Without noise the norms of rows of a step of training are those of the rows alone, from the state that the step began with.
  @Test func norms() throws {
    let layer = RecurrentLayer(layerCount: 2, inputSize: 3, key: Self.key) {
      GRU(inputSize: $0, hiddenSize: 4, key: $1)
    }
    let values = Tensor.random([6, 3, 3], key: Self.key.child(3))
    let lengths = [6, 4, 5]
    let direction = Tensor.random([6, 3, 4], key: Self.key.child(4))
    let state = RecurrentLayer<GRU>.State(
      cells: (0..<2).map { Tensor.random([3, 4], key: Self.key.child(5 + $0)) })
    let observer = RecurrentObserver(rowCount: 8)
    _ = valueAndGradient(of: layer) { layer in
      (layer(
        SequenceBatch(values, lengths: lengths), state: state,
        mode: .training(Self.key, observer: observer)
      ).outputs * direction).sum()
    }
    let reading = try #require(observer.readings.first)
    let losses = [(row: 2, time: 4), (row: 0, time: 5), (row: 1, time: 1), (row: 2, time: 0)]
    let found = reading.stateGradientNorms(of: losses)
    #expect(found.count == 2 && found[0].map(\.count) == [5, 6, 4, 5])
    for (index, loss) in losses.enumerated() {
      let length = lengths[loss.row]
      func part(_ tensor: Tensor) -> Tensor {
        tensor.sliced(axis: 1, loss.row..<loss.row + 1).sliced(axis: 0, 0..<length)
      }
      let alone = layer.stateGradientNorms(
        SequenceBatch(part(values)),
        state: RecurrentLayer<GRU>.State(
          cells: state.cells.map { $0.sliced(axis: 0, loss.row..<loss.row + 1) }),
        outputGradient: part(direction), at: [loss.time])
      for cell in 0..<2 {
        try requireClose(found[cell][index], alone[cell][0], relative: 1e-6, absolute: 1e-9, "loss \(loss)")
      }
    }
  }

  /// A network whose last state goes on has the norms that the same loss at the outputs has: of an Elman cell, the state is the output.
  @Test(arguments: [false, true])
  func normsOfTheFinalState(_ isBidirectional: Bool) throws {
    let layer = RecurrentLayer(
      layerCount: 2, inputSize: 3, isBidirectional: isBidirectional, key: Self.key
    ) { Elman(inputSize: $0, hiddenSize: 4, key: $1) }
    let batch = SequenceBatch(.random([6, 3, 3], key: Self.key.child(3)), lengths: [6, 4, 5])
    let directions = (0..<(isBidirectional ? 2 : 1)).map {
      Tensor.random([3, 4], key: Self.key.child(8 + $0))
    }
    func reading(_ loss: (Tensor, RecurrentLayer<Elman>.State) -> Tensor) throws -> RecurrentReading {
      let observer = RecurrentObserver(rowCount: 8)
      _ = valueAndGradient(of: layer) { layer in
        let (outputs, state) = layer(batch, mode: .training(Self.key, observer: observer))
        return loss(outputs, state)
      }
      return try #require(observer.readings.first)
    }
    let ofState = try reading { _, state in
      zip(state.cells.suffix(directions.count), directions).reduce(Tensor(0)) { $0 + ($1.0 * $1.1).sum() }
    }
    let ofOutputs = try reading { outputs, _ in
      let ends = SequencePooling.last(outputs, lengths: batch.lengths, isBidirectional: isBidirectional)
      return (ends * concatenate(directions, axis: 1)).sum()
    }
    #expect(ofState.outputGradient == nil && ofOutputs.finalGradient.isEmpty)
    #expect(ofOutputs.stateGradientNorms(ofFinalStateIn: [0]).isEmpty)
    let found = ofState.stateGradientNorms(ofFinalStateIn: [2, 0])
    #expect(found.map { $0.map(\.count) } == layer.cells.map { _ in [5, 6] })
    let last = ofOutputs.stateGradientNorms(of: [(2, 4), (0, 5)])
    let first = ofOutputs.stateGradientNorms(of: [(2, 0), (0, 0)])
    // below, both ends come together
    let expected = isBidirectional ? [2: last[2], 3: first[3]] : [0: last[0], 1: last[1]]
    for (cell, rows) in expected {
      for (own, wanted) in zip(found[cell], rows) {
        try requireClose(own, wanted, relative: 1e-6, absolute: 1e-9, "cell \(cell)")
        #expect(own.allSatisfy { $0 > 0 })
      }
    }
  }

  /// Readings without a gradient, or of a single step, are not kept, and of many only some.
  @Test func whatIsKept() {
    let layer = RecurrentLayer(inputSize: 2, key: Self.key) { Elman(inputSize: $0, hiddenSize: 3, key: $1) }
    let observer = RecurrentObserver(rowCount: 2)
    let mode = Mode.training(Self.key, observer: observer)
    let long = SequenceBatch(.random([4, 2, 2], key: Self.key))
    _ = layer(long, mode: mode)
    #expect(observer.readings.isEmpty)
    _ = valueAndGradient(of: layer) { layer in
      var sum = layer(SequenceBatch(.random([1, 2, 2], key: Self.key)), mode: mode).outputs.sum()
      for _ in 0..<40 { sum = sum + layer(long, mode: mode).outputs.sum() }
      return sum
    }
    #expect(observer.readings.count == 16)
    #expect(observer.readings.allSatisfy { $0.batch.stepCount == 4 && $0.outputGradient != nil })
  }
}
