import RecurrentTestSupport
import Testing

/// Outputs, final states and all gradients of the cells against PyTorch, for every case in the fixtures.
@Suite struct RecurrentParityTests {
  static let sizes = ["t5_b3_i2_h4", "t7_b5_i17_h33", "t3_b8_i16_h15"]

  @Test(arguments: sizes) func lstm(_ size: String) throws {
    try checkParity("lstm_" + size) { LSTM(inputSize: $0, hiddenSize: $1, key: $2) }
  }

  @Test(arguments: sizes) func gru(_ size: String) throws {
    try checkParity("gru_" + size) { GRU(inputSize: $0, hiddenSize: $1, key: $2) }
  }

  @Test(arguments: sizes.prefix(2)) func others(_ size: String) throws {
    try checkParity("gru_reset_before_" + size) {
      GRU(inputSize: $0, hiddenSize: $1, reset: .beforeProduct, key: $2)
    }
    try checkParity("rnn_tanh_" + size) { Elman(inputSize: $0, hiddenSize: $1, key: $2) }
    try checkParity("rnn_relu_" + size) { Elman(inputSize: $0, hiddenSize: $1, activation: .relu, key: $2) }
  }
}

extension RecurrentParityTests {
  /// Every option of the LSTM against equations written out in PyTorch, the projection against `nn.LSTM`.
  @Test func lstmOptions() throws {
    let fixture = try FixtureFile("lstm_options")
    let (inputSize, hiddenSize) = (try fixture.number("I"), try fixture.number("H"))
    #expect(fixture.cases.count == 8)
    for (title, values) in fixture.cases {
      func number(_ name: String) -> Float { Float(values[name]?.number ?? 0) }
      func isSet(_ name: String) -> Bool { values[name]?.isSet ?? false }
      let options = LSTMOptions(
        hasPeepholes: isSet("peepholes"), couplesGates: isSet("coupled"), normalizesLayers: isSet("norm"),
        projectionSize: number("projection") > 0 ? Int(number("projection")) : nil,
        cellClip: number("clip") > 0 ? number("clip") : nil)
      let noise = RecurrentRegularization(zoneout: number("zoneout"), zoneoutCell: number("zoneout_cell"))
      let layer = try RecurrentLayer(inputSize: inputSize, key: RandomKey(seed: 0)) {
        LSTM(inputSize: $0, hiddenSize: hiddenSize, options: options, regularization: noise, key: $1)
      }.mappingParameters { parameter, _ in try fixture.tensor("\(title)/\(parameter)") }
      try ParityCase(fixture: fixture, title: title, name: "lstm_options, \(title)", layer: layer).check()
    }
  }
}

private func checkParity<C: Cell>(
  _ name: String, _ makeCell: (_ input: Int, _ hidden: Int, RandomKey) -> C
) throws {
  let fixture = try FixtureFile(name)
  let (inputSize, hiddenSize) = (try fixture.number("I"), try fixture.number("H"))
  try require(!fixture.cases.isEmpty, "\(name): no cases")
  for (title, options) in fixture.cases {
    let layers = Int(options["layers"]?.number ?? 1)
    let isBidirectional = options["directions"]?.number == 2
    let layer = try RecurrentLayer(
      layerCount: layers, inputSize: inputSize, isBidirectional: isBidirectional, key: RandomKey(seed: 0)
    ) { makeCell($0, hiddenSize, $1) }
    .mappingParameters { parameter, _ in try fixture.tensor("\(title)/\(parameter)") }
    try ParityCase(fixture: fixture, title: title, name: "\(name), \(title)", layer: layer).check()
  }
}

private struct ParityCase<C: Cell> {
  let fixture: FixtureFile
  let title: String
  let name: String
  let layer: RecurrentLayer<C>

  private func tensor(_ name: String) throws -> Tensor { try fixture.tensor("\(title)/\(name)") }

  /// The parts of all cells' states beside each other, each `[layers * directions, B, H]`.
  private func stacked(_ state: RecurrentLayer<C>.State) -> [Tensor] {
    let count = state.cells[0].tensors.count
    return (0..<count).map { part in stack(state.cells.map { $0.tensors[part] }) }
  }

  func check() throws {
    let names = fixture.contains("\(title)/cn") ? ["h", "c"] : ["h"]
    let isGiven = fixture.contains("\(title)/h0")
    let lengths =
      fixture.contains("\(title)/lengths")
      ? try fixture.indices("\(title)/lengths").values.map { Int($0) } : nil
    let upstream = try ["grad_output"].map(tensor) + names.map { try tensor("grad_\($0)n") }
    let start = isGiven ? try names.map { try tensor($0 + "0") } : []
    let point = ModelWithInputs(model: layer, inputs: [try tensor("input")] + start)
    let (_, results, gradient) = valueAndGradient(of: point) { point in
      let batch = SequenceBatch(point.inputs[0], lengths: lengths)
      let states =
        isGiven ? layer.cells.indices.map { index in point.inputs.dropFirst().map { $0[index] } } : nil
      let state = states.map { RecurrentLayer<C>.State(cells: $0.map { C.State(tensors: $0) }) }
      let (outputs, final) = point.model(batch, state: state)
      let results = [outputs] + stacked(final)
      let loss = zip(results, upstream).map { ($0 * $1).sum() }.reduce(Tensor(0), +)
      return (loss, results.map(\.detached))
    }
    for (result, part) in zip(results, ["output"] + names.map { $0 + "n" }) {
      try requireClose(result, try tensor(part), relative: 1e-5, absolute: 1e-6, "\(name), \(part)")
    }
    let inputs = ["input"] + (isGiven ? names.map { $0 + "0" } : [])
    let found = zip(inputs, gradient.inputs) + gradient.model.parameters.map { ($0.name, $0.value) }
    for (part, value) in found {
      try requireClose(
        value, try tensor("grad." + part), relative: 1e-4, absolute: 1e-7, "\(name), gradient of \(part)")
    }
  }
}

private func + (a: Zip2Sequence<[String], [Tensor]>, b: [(String, Tensor)]) -> [(String, Tensor)] {
  a.map { ($0, $1) } + b
}
