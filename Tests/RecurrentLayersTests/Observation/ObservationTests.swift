import RecurrentTestSupport
import Testing

/// A cell as a user writes one, which says nothing about its inside.
private struct PlainCell: Cell {
  var update, candidate, inner: Tensor

  init(inputSize: Int, hiddenSize: Int, key: RandomKey) {
    update = .random([inputSize, hiddenSize], key: key.child(0))
    candidate = .random([inputSize, hiddenSize], key: key.child(1))
    inner = .random([hiddenSize, hiddenSize], bound: 0.5, key: key.child(2))
  }

  var inputSize: Int { update.shape[0] }
  var outputSize: Int { update.shape[1] }

  mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("update", &update)
    visitor.visit("candidate", &candidate)
    visitor.visit("inner", &inner)
  }

  func initialState(batch: Int) -> Tensor { update.backend.filled(0, shape: [batch, outputSize]) }

  func step(_ x: Tensor, _ h: Tensor) -> (output: Tensor, state: Tensor) {
    let z = sigmoid(matmul(x, update))
    let next = (1 - z) * h + z * tanh(matmul(x, candidate) + matmul(h, inner))
    return (next, next)
  }
}

/// What the steps of recurrent layers add to gradients, and how far back losses reach.
@Suite struct ObservationTests {
  private static let key = RandomKey(seed: 61)

  /// Every cell there is, by a name.
  private static func cell(_ name: String, _ inputs: Int, _ units: Int, _ key: RandomKey) -> AnyCell {
    if let cell = CellCatalog(rawValue: name) {
      return cell.make(inputSize: inputs, hiddenSize: units, key: key)
    }
    if let variant = LSTMVariant.all.first(where: { $0.description == name }) {
      return AnyCell(variant.cell(CellShape(1, 1, inputs, units), key: key))
    }
    if let pooling = QRNN.Pooling(rawValue: name) {
      return AnyCell(QRNN(inputSize: inputs, hiddenSize: units, window: 3, pooling: pooling, key: key))
    }
    return AnyCell(PlainCell(inputSize: inputs, hiddenSize: units, key: key))
  }

  static let names =
    CellCatalog.allCases.map(\.rawValue) + LSTMVariant.all.map(\.description) + ["f", "ifo", "plain"]

  /// What the steps add sums to the gradient of the whole, which is computed in one piece; the loss has the same bits.
  @Test(arguments: names)
  func contributionsSumToTheGradient(_ name: String) throws {
    for isBidirectional in [false, true] {
      let layer = RecurrentLayer(
        layerCount: 2, inputSize: 3, isBidirectional: isBidirectional, key: Self.key
      ) { Self.cell(name, $0, 8, $1) }
      let lengths = [6, 4, 0, 1]
      let batch = SequenceBatch(.random([6, 4, 3], key: Self.key.child(1)), lengths: lengths)
      let direction = Tensor.random([6, 4, layer.outputSize], key: Self.key.child(2))
      func loss(_ layer: RecurrentLayer<AnyCell>, _ mode: Mode) -> Tensor {
        let (outputs, state) = layer(batch, mode: mode)
        return (outputs * direction).sum() + square(state.cells[0].tensors[0]).sum()
      }
      let seen = observe(layer, loss)
      try requireSameBits(
        loss(layer, .observed(RecurrentObserver())), loss(layer, .inference), "\(name): loss")
      #expect(Float(seen.loss) == loss(layer, .inference).scalar)
      #expect(seen.contributions.map(\.name) == layer.parameters.map(\.name))
      for (own, whole) in zip(seen.contributions, seen.gradient.parameters) {
        #expect(
          own.shape == whole.value.shape && own.difference < 5e-6, "\(name) \(own.name) \(own.difference)")
        let sum = own.steps.reduce(0) { $0 + $1.share }
        // a gradient that cancels to nothing has no shares worth the name
        if own.norm > 1e-4 { #expect(abs(sum - 1) < 1e-4, "\(name) \(own.name) \(sum)") }
        #expect(own.steps.allSatisfy { $0.norm.isFinite && $0.reading == 0 && $0.step < 6 })
      }
      let reading = try #require(seen.readings.first)
      #expect(seen.readings.count == 1 && reading.parts.count == layer.cells.count)
      try requireSameBits(reading.outputs, layer(batch).outputs, "\(name): outputs")
      try requireSameBits(
        try #require(reading.outputGradient), direction, "\(name): gradient of the outputs")
      for part in reading.parts {
        #expect(part.values.contains { $0.name == "hidden" && $0.values.shape == [6, 4, part.outputSize] })
        #expect(part.stateGradients.allSatisfy { $0.count == 6 })
      }
    }
  }

  /// Norms by lag are those of the definition in double: the gradient of one output with respect to a state from which the
  /// rest of the sequence is read.
  @Test(arguments: names)
  func lagNormsEqualTheReference(_ name: String) throws {
    let (steps, times) = (7, [6, 3, 0])
    let reference = ReferenceBackend()
    let layer = RecurrentLayer(inputSize: 3, key: Self.key) { Self.cell(name, $0, 8, $1) }
    let input = Tensor.random([steps, 1, 3], key: Self.key.child(3))
    let gradient = Tensor.random([steps, 1, layer.outputSize], key: Self.key.child(4))
    let found = layer.stateGradientNorms(SequenceBatch(input), outputGradient: gradient, at: times)
    #expect(found.count == 1 && found[0].count == 3)
    let (exact, x, g) = (
      layer.moved(to: reference), input.moved(to: reference), gradient.moved(to: reference)
    )
    try Backends.$current.withValue(reference) {
      for (row, time) in times.enumerated() {
        var state = exact.initialState(batch: 1)
        var expected: [Double] = []
        for step in 0..<steps {
          state = exact.step(x[step], state).state
          guard step < time else {
            if step == time, exact.cells[0].base.outputsState || name == "plain" {
              expected.append(g[time].backend.sumOfSquares(g[time]).squareRoot())
            } else {
              // only what is behind the output of a step counts: a cell state that is not put out has no gradient
              expected.append(0)
            }
            continue
          }
          let rest = SequenceBatch(x.sliced(axis: 0, step + 1..<steps))
          let (_, own) = valueAndGradient(of: Parts(parts: state.tensors)) { parts in
            let outputs = exact(rest, state: state.replacing(parts.parts)).outputs
            return (outputs[time - step - 1] * g[time]).sum()
          }
          expected.append(own.parts.reduce(0) { $0 + $1.backend.sumOfSquares($1) }.squareRoot())
        }
        try requireClose(
          found[0][row], expected, relative: 2e-5, absolute: 1e-7, "\(name), loss at \(time)")
      }
    }
  }

  /// Tensors that are differentiated.
  private struct Parts: Module {
    var parts: [Tensor]
    mutating func walk(_ visitor: inout some ParameterVisitor) {
      for index in parts.indices { visitor.visit("\(index)", &parts[index]) }
    }
  }

  /// Of layers on layers in two directions: the norms in float are those in double, and those of a row of a batch those of
  /// the row alone.
  @Test func layersAndRows() throws {
    let reference = ReferenceBackend()
    let layer = RecurrentLayer(layerCount: 2, inputSize: 3, isBidirectional: true, key: Self.key) {
      LSTM(inputSize: $0, hiddenSize: 5, key: $1)
    }
    let values = Tensor.random([6, 2, 3], key: Self.key.child(5))
    let direction = Tensor.random([6, 2, 10], key: Self.key.child(6))
    let seen = observe(layer) { layer, mode in
      (layer(SequenceBatch(values, lengths: [4, 6]), mode: mode).outputs * direction).sum()
    }
    let found = try #require(seen.readings.first).stateGradientNorms(at: [3, 1])
    let row = values.sliced(axis: 1, 0..<1).sliced(axis: 0, 0..<4)
    let upper = direction.sliced(axis: 1, 0..<1).sliced(axis: 0, 0..<4)
    let exact = Backends.$current.withValue(reference) {
      layer.moved(to: reference).stateGradientNorms(
        SequenceBatch(row.moved(to: reference)), outputGradient: upper.moved(to: reference), at: [3, 1])
    }
    #expect(found.count == 4 && exact.count == 4)
    for (own, wanted) in zip(found, exact) {
      for (own, wanted) in zip(own, wanted) {
        try requireClose(own, wanted, relative: 1e-5, absolute: 1e-7, "norms")
      }
    }
    // a loss at time 1 does not reach the later states of the upper layer that reads forwards, nor the earlier of the other
    #expect(found[2][1][2...].allSatisfy { $0 == 0 } && found[2][1][0] > 0)
    #expect(found[3][1][0] == 0 && found[3][1][2] > 0)
  }

  /// A text-book network: tanh h' = w h + x with one unit, whose gradient by lag is known.
  @Test func oneUnit() throws {
    var cell = Elman(inputSize: 1, hiddenSize: 1, hasBias: false, key: Self.key)
    cell.weightInputHidden = Tensor([1], shape: [1, 1])
    cell.weightHiddenHidden = Tensor([0.5], shape: [1, 1])
    let layer = RecurrentLayer(inputSize: 1, key: Self.key) { _, _ in cell }
    let norms = layer.stateGradientNorms(
      SequenceBatch(Tensor(zeros: [9, 1, 1])), outputGradient: Tensor(ones: [9, 1, 1]), at: [8])
    try requireClose(
      norms[0][0], (0..<9).map { 1 / Double(1 << (8 - $0)) }, relative: 0, absolute: 1e-7, "halves")
  }

  /// Resets cut the way back.
  @Test func resets() throws {
    let layer = RecurrentLayer(inputSize: 2, key: Self.key) { GRU(inputSize: $0, hiddenSize: 4, key: $1) }
    let marks = (0..<5).map { $0 == 2 }
    let norms = layer.stateGradientNorms(
      SequenceBatch(.random([5, 1, 2], key: Self.key), resets: marks),
      outputGradient: Tensor(ones: [5, 1, 4]),
      at: [4, 1])
    #expect(norms[0][0][..<2].allSatisfy { $0 == 0 } && norms[0][0][2...].allSatisfy { $0 > 0 })
    #expect(norms[0][1][..<2].allSatisfy { $0 > 0 } && norms[0][1][2...].allSatisfy { $0 == 0 })
  }

  /// A training is not disturbed: parameters outside of recurrent layers have their gradients and no contributions.
  @Test func aModel() throws {
    struct Network: Module {
      var layer: RecurrentLayer<Elman>
      var head: Linear
      mutating func walk(_ visitor: inout some ParameterVisitor) {
        visitor.visit("layer", &layer)
        visitor.visit("head", &head)
      }
    }
    let network = Network(
      layer: RecurrentLayer(inputSize: 2, key: Self.key) { Elman(inputSize: $0, hiddenSize: 3, key: $1) },
      head: Linear(inputSize: 3, outputSize: 2, key: Self.key))
    let x = Tensor.random([4, 1, 2], key: Self.key)
    func loss(_ network: Network, _ mode: Mode) -> Tensor {
      crossEntropy(network.head(network.layer(SequenceBatch(x), mode: mode).outputs[3]), Indices([1]))
    }
    let seen = observe(network, loss)
    let (_, gradient) = valueAndGradient(of: network) { loss($0, .inference) }
    for (own, wanted) in zip(seen.gradient.parameters, gradient.parameters) {
      try requireSameBits(own.value, wanted.value, own.name)
    }
    #expect(seen.contributions.allSatisfy { $0.name.hasPrefix("layer.") } && seen.contributions.count == 4)
    // the first step has no state before it: it adds nothing to the recurrent weights
    let recurrent = try #require(seen.contributions.first { $0.name == "layer.weight_hh_l0" })
    #expect(recurrent.steps.map(\.step) == [0, 1, 2, 3] && recurrent.steps[0].norm == 0)
    #expect(recurrent.steps[3].norm > 0)
  }
}
