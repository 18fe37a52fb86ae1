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
