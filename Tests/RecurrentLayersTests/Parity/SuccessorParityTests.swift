import RecurrentTestSupport
import Testing

/// Outputs, final states and all gradients of the successors of the classic cells against the equations of the papers in
/// PyTorch.
@Suite struct SuccessorParityTests {
  @Test(arguments: ["full", "ragged"]) func minimal(_ form: String) throws {
    for candidate in MinimalCandidate.allCases {
      try check("min_gru_\(candidate)_\(form)") {
        MinGRU(inputSize: $0, hiddenSize: $1, candidate: candidate, key: key)
      }
      try check("min_lstm_\(candidate)_\(form)") {
        MinLSTM(inputSize: $0, hiddenSize: $1, candidate: candidate, key: key)
      }
    }
  }

  @Test(arguments: ["full", "ragged"]) func indRNN(_ form: String) throws {
    for activation in IndRNN.Activation.allCases {
      try check("indrnn_\(activation)_\(form)") {
        IndRNN(inputSize: $0, hiddenSize: $1, activation: activation, key: key)
      }
    }
  }

  @Test(arguments: ["full", "ragged"]) func sru(_ form: String) throws {
    for name in ["sru", "sru_square"] {
      try check("\(name)_\(form)") { SRU(inputSize: $0, hiddenSize: $1, skipBias: -1, key: key) }
    }
  }

  @Test(arguments: ["full", "ragged"]) func qrnn(_ form: String) throws {
    for (window, pooling) in [(1, .f), (2, .fo), (3, .ifo)] as [(Int, QRNN.Pooling)] {
      try check("qrnn_\(pooling)_\(form)") {
        QRNN(inputSize: $0, hiddenSize: $1, window: window, pooling: pooling, key: key)
      }
    }
  }

  @Test(arguments: ["full", "ragged"]) func xLSTM(_ form: String) throws {
    for (suffix, heads) in [("", 2), ("_one_head", 1)] {
      try check("slstm\(suffix)_\(form)") {
        SLSTM(inputSize: $0, hiddenSize: $1, headCount: heads, key: key)
      }
      try check("mlstm\(suffix)_\(form)") {
        MLSTM(inputSize: $0, hiddenSize: $1, headCount: heads, key: key)
      }
    }
  }

  private let key = RandomKey(seed: 0)

  private func check<C: Cell>(_ title: String, _ makeCell: (_ inputs: Int, _ units: Int) -> C) throws {
    let fixture = try FixtureFile("successors")
    func tensor(_ name: String) throws -> Tensor { try fixture.tensor("\(title)/\(name)") }
    let options = fixture.cases[title] ?? [:]
    guard let inputs = options["inputs"]?.number, let units = options["units"]?.number else {
      throw CheckFailure("successors: there is no case \(title)")
    }
    let cell = try makeCell(Int(inputs), Int(units)).mappingParameters { name, _ in try tensor(name) }
    let parts = cell.initialState(batch: 1).tensors.indices
    let lengths = try fixture.indices("\(title)/lengths").values.map { Int($0) }
    let layer = RecurrentLayer(inputSize: Int(inputs), key: key) { _, _ in cell }
    let names = ["input"] + parts.map { "initial_\($0)" }
    let upstream = try ["grad_output"].map(tensor) + parts.map { try tensor("grad_final_\($0)") }
    let point = try ModelWithInputs(model: layer, inputs: names.map(tensor))
    let (_, results, gradient) = valueAndGradient(of: point) { point in
      let state = RecurrentLayer<C>.State(cells: [C.State(tensors: Array(point.inputs.dropFirst()))])
      let (outputs, final) = point.model(SequenceBatch(point.inputs[0], lengths: lengths), state: state)
      let results = [outputs] + final.cells[0].tensors
      let loss = zip(results, upstream).map { ($0 * $1).sum() }.reduce(Tensor(0), +)
      return (loss, results.map(\.detached))
    }
    for (result, part) in zip(results, ["output"] + parts.map { "final_\($0)" }) {
      try requireClose(result, try tensor(part), relative: 1e-5, absolute: 1e-6, "\(title), \(part)")
    }
    let parameters = zip(cell.parameters, gradient.model.parameters).map { ($0.name, $1.value) }
    for (part, value) in Array(zip(names, gradient.inputs)) + parameters {
      try requireClose(
        value, try tensor("grad." + part), relative: 1e-4, absolute: 1e-7, "\(title), gradient of \(part)")
    }
  }
}
