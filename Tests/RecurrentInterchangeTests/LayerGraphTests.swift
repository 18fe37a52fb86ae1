import RecurrentInterchange
import RecurrentTestSupport
import Testing

/// A network and the graph that it becomes compute the same, whatever the cell.
@Suite struct LayerGraphTests {
  static let options: [(String, CellCatalog, CellOptions)] = {
    var cases = CellCatalog.allCases.map { ($0.rawValue, $0, CellOptions()) }
    for name in ["peepholes", "coupled", "norm", "projection", "clip", "all"] {
      let all = name == "all"
      let lstm = LSTMOptions(
        hasPeepholes: all || name == "peepholes", couplesGates: all || name == "coupled",
        normalizesLayers: all || name == "norm", projectionSize: all || name == "projection" ? 3 : nil,
        cellClip: all || name == "clip" ? 0.2 : nil)
      cases.append(("lstm \(name)", .lstm, CellOptions(lstm: lstm)))
    }
    cases.append(
      (
        "lstm peepholes coupled", .lstm,
        CellOptions(lstm: LSTMOptions(hasPeepholes: true, couplesGates: true))
      ))
    cases.append(
      (
        "lstm zoneout", .lstm,
        CellOptions(regularization: RecurrentRegularization(zoneout: 0.2, zoneoutCell: 0.1))
      ))
    cases.append(("gru zoneout", .gru, CellOptions(regularization: RecurrentRegularization(zoneout: 0.2))))
    for form in Activation.Form.allCases {
      cases.append(
        ("elman \(form.rawValue)", .elman, CellOptions(activation: Activation(form, alpha: 0.7, beta: 0.3))))
    }
    cases.append(("qrnn 4", .qrnn, CellOptions(window: 4)))
    return cases
  }()

  private func network(
    _ cell: CellCatalog, _ options: CellOptions, layers: Int = 2, isBidirectional: Bool = false,
    merge: DirectionMerge = .concatenate, initialState: InitialState = .zero
  ) -> RecurrentLayer<AnyCell> {
    RecurrentLayer(
      layerCount: layers, inputSize: 5, isBidirectional: isBidirectional, merge: merge,
      initialState: initialState,
      key: RandomKey(seed: 3)
    ) { cell.make(inputSize: $0, hiddenSize: 8, options: options, key: $1) }
    .mappingParameters { name, value in
      // biases and trained states that are not zero
      value + Tensor(uniformIn: -0.3...0.3, shape: value.shape, key: RandomKey(seed: UInt64(name.utf8.count)))
    }
  }

  /// Both on the same numbers, from given states, ragged.
  private func check(
    _ network: RecurrentLayer<AnyCell>, lengths: [Int]?, hasStates: Bool, _ name: String
  ) throws {
    let (steps, batch) = (6, 4)
    var builder = GraphBuilder(name: "test")
    var given = RecurrentLayerGraph(input: "x")
    builder.input("x", .f32, [.named("time"), .named("batch"), .fixed(5)])
    let x = Tensor(uniformIn: -1...1, shape: [steps, batch, 5], key: RandomKey(seed: 4))
    var values = ["x": GraphValue(x)]
    if let lengths {
      given.lengths = "lengths"
      builder.input("lengths", .i32, [.named("batch")])
      values["lengths"] = GraphValue(integers: lengths.map { Int64($0) }, shape: [batch], elementType: .i32)
    }
    var state = network.initialState(batch: batch)
    if hasStates {
      given.states = state.cells.enumerated().map { index, cell in
        cell.tensors.enumerated().map { part, tensor in
          let name = "s\(index)_\(part)"
          let value = Tensor(
            uniformIn: 0.1...0.9, shape: tensor.shape, key: RandomKey(seed: UInt64(10 * index + part)))
          builder.input(name, .f32, [.named("batch")] + tensor.shape.dropFirst().map { .fixed(Int64($0)) })
          values[name] = GraphValue(value)
          state.cells[index].tensors[part] = value
          return name
        }
      }
    }
    let result = try network.append(to: &builder, given)
    builder.output(
      result.output, as: "y", .f32, [.named("time"), .named("batch"), .fixed(Int64(network.outputSize))])
    for (index, parts) in result.states.enumerated() {
      for (part, value) in parts.enumerated() {
        builder.output(value, as: "e\(index)_\(part)", .f32, [.named("batch")])
      }
    }
    // through the bytes of a file
    let bytes = try ONNXWriter.encode(builder.model())
    let found = try GraphProgram(ONNXReader.read(bytes: bytes, path: name), path: name).run(values)
    let (outputs, end) = network(SequenceBatch(x, lengths: lengths), state: state)
    func compare(_ key: String, _ expected: Tensor) throws {
      let value = try #require(found[key])
      #expect(value.shape == expected.shape, "\(name) \(key)")
      try requireClose(value.doubles, expected.doubles, relative: 2e-5, absolute: 1e-5, "\(name) \(key)")
    }
    try compare("y", outputs)
    for (index, cell) in end.cells.enumerated() {
      for (part, tensor) in cell.tensors.enumerated() { try compare("e\(index)_\(part)", tensor) }
    }
  }

  @Test(arguments: 0..<options.count) func everyCell(_ number: Int) throws {
    let (name, cell, options) = LayerGraphTests.options[number]
    let network = network(cell, options)
    try check(network, lengths: nil, hasStates: false, name)
    try check(network, lengths: [6, 0, 3, 1], hasStates: true, name)
  }

  @Test(arguments: [CellCatalog.lstm, .gru, .elman, .minGRU, .slstm], DirectionMerge.allCases)
  func bothDirections(_ cell: CellCatalog, _ merge: DirectionMerge) throws {
    let network = network(cell, CellOptions(), isBidirectional: true, merge: merge)
    try check(network, lengths: [2, 6, 5, 1], hasStates: false, "\(cell.rawValue) \(merge.rawValue)")
  }

  @Test(arguments: [CellCatalog.lstm, .gru, .sru, .mlstm]) func trainedInitialStates(_ cell: CellCatalog)
    throws
  {
    try check(
      network(cell, CellOptions(), initialState: .trained), lengths: [2, 6, 5, 1], hasStates: false,
      cell.rawValue)
  }

  @Test func aCellThatIsNoOperatorIsRefused() throws {
    struct Counting: Cell {
      var weight = Tensor(ones: [3, 3])
      var inputSize: Int { 3 }
      var outputSize: Int { 3 }
      mutating func walk(_ visitor: inout some ParameterVisitor) { visitor.visit("weight", &weight) }
      func initialState(batch: Int) -> Tensor { Tensor(zeros: [batch, 3]) }
      func step(_ x: Tensor, _ state: Tensor) -> (output: Tensor, state: Tensor) {
        let next = matmul(x, weight) * Float(x.shape[0])
        return (next, next)
      }
    }
    let network = RecurrentLayer(inputSize: 3, key: RandomKey(seed: 1)) { _, _ in Counting() }
    var builder = GraphBuilder(name: "test")
    let error = #expect(throws: InterchangeError.self) {
      try network.append(to: &builder, RecurrentLayerGraph(input: "x"))
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("the number of rows"))
  }
}
