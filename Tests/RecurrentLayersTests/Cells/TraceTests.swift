import RecurrentTestSupport
import Testing

/// Gates and states of every step, for looking at.
@Suite struct TraceTests {
  private let key = RandomKey(seed: 51)

  @Test(arguments: [CellShape(5, 3, 2, 4), CellShape(6, 9, 17, 70)])
  func cells(_ s: CellShape) throws {
    for variant in LSTMVariant.all {
      try check(variant.cell(s, key: key), s, gates: ["input", "forget", "candidate", "output"])
    }
    try check(
      LSTM(inputSize: s.I, hiddenSize: s.H, key: key), s, gates: ["input", "forget", "candidate", "output"])
    for reset in GRU.Reset.allCases {
      try check(
        GRU(inputSize: s.I, hiddenSize: s.H, reset: reset, key: key), s,
        gates: ["reset", "update", "candidate"])
    }
    try check(Elman(inputSize: s.I, hiddenSize: s.H, key: key), s, gates: [])
    try check(
      Elman(
        inputSize: s.I, hiddenSize: s.H, activation: .relu,
        regularization: RecurrentRegularization(zoneout: 0.3), key: key), s, gates: [])
  }

  /// The states are those of the scan, the gates lie where their functions end, and nothing stands beyond the lengths.
  private func check<C: Cell>(_ cell: C, _ s: CellShape, gates: [String]) throws {
    let lengths = (0..<s.B).map { $0 * 5 % (s.T + 1) }
    let plan = SequencePlan(stepCount: s.T, batchSize: s.B, lengths: lengths, direction: .backward)
    let x = Tensor.random([s.T, s.B, s.I], key: key.child(1))
    let state = C.State(
      tensors: cell.initialState(batch: plan.segmentCount).tensors.enumerated().map {
        Tensor.random($1.shape, key: key.child($0 + 2))
      })
    let trace = cell.trace(x, from: state, plan: plan)
    #expect(trace.map(\.name) == gates + (state.tensors.count > 1 ? ["hidden", "cell"] : ["hidden"]))
    let values = Dictionary(uniqueKeysWithValues: trace.map { ($0.name, $0.values) })
    let (outputs, end) = cell.scan(x, from: state, plan: plan)
    try requireClose(
      try #require(values["hidden"]), outputs, relative: 1e-5, absolute: 1e-6, "\(C.self) hidden")
    if let cells = values["cell"] {
      // the first step is the last one that a row reads backwards
      let first = plan.isIdentity ? nil : Indices(plan.lastSegmentOfRow.map { Int32($0) })
      let last = first.map { gather(end.tensors[1], rows: $0) } ?? end.tensors[1]
      let width = cells.shape[2]
      for row in 0..<s.B where lengths[row] > 0 {
        try requireClose(
          cells[0].sliced(axis: 0, row..<row + 1), last.sliced(axis: 0, row..<row + 1), relative: 1e-5,
          absolute: 1e-6, "\(C.self) cell states of width \(width)")
      }
    }
    for name in gates {
      let gate = try #require(values[name])
      #expect(gate.shape[..<2] == [s.T, s.B])
      let bounds: ClosedRange<Float> = name == "candidate" ? -1...1 : 0...1
      #expect(gate.scalars.allSatisfy(bounds.contains) && gate.scalars.contains { abs($0) > 0.01 })
      for row in 0..<s.B where lengths[row] < s.T {
        #expect(gate[s.T - 1].sliced(axis: 0, row..<row + 1).scalars.allSatisfy { $0 == 0 })
      }
    }
  }

  /// What a plain LSTM shows obeys its equations.
  @Test func equations() throws {
    let cell = LSTM(inputSize: 3, hiddenSize: 7, key: key)
    let plan = SequencePlan(stepCount: 4, batchSize: 2)
    let x = Tensor.random([4, 2, 3], key: key)
    let trace = cell.trace(x, from: cell.initialState(batch: 2), plan: plan)
    let v = Dictionary(uniqueKeysWithValues: trace.map { ($0.name, $0.values) })
    let (i, f, g) = try (#require(v["input"]), #require(v["forget"]), #require(v["candidate"]))
    let (o, c, h) = try (#require(v["output"]), #require(v["cell"]), #require(v["hidden"]))
    for step in 1..<4 {
      try requireClose(
        f[step] * c[step - 1] + i[step] * g[step], c[step], relative: 1e-6, absolute: 1e-7, "c")
      try requireClose(o[step] * tanh(c[step]), h[step], relative: 1e-6, absolute: 1e-7, "h")
    }
  }

  /// Every cell of a network is shown what it reads, and the tape sees nothing of it.
  @Test func layers() throws {
    let lengths = [5, 2, 0]
    let layer = RecurrentLayer(layerCount: 2, inputSize: 3, isBidirectional: true, key: key) {
      AnyCell(GRU(inputSize: $0, hiddenSize: 4, key: $1))
    }
    let x = Tensor.random([5, 3, 3], key: key)
    let outputs = layer(SequenceBatch(x, lengths: lengths)).outputs
    let (_, traces, gradient) = valueAndGradient(of: layer) { layer in
      (outputs.sum() * 0, layer.trace(SequenceBatch(x, lengths: lengths)))
    }
    #expect(gradient.parameters.allSatisfy { $0.value.scalars.allSatisfy { $0 == 0 } })
    #expect(traces.count == 4)
    let hidden = try traces[2...].map { trace in try #require(trace.first { $0.name == "hidden" }).values }
    try requireClose(concatenate(hidden, axis: 2), outputs, relative: 1e-5, absolute: 1e-6, "outputs")
  }

  /// What is shown of the cells whose products come first.
  @Test(arguments: [
    ("min-gru", ["update", "candidate", "hidden"]), ("min-lstm", ["forget", "input", "candidate", "hidden"]),
    ("indrnn", ["hidden"]), ("sru", ["forget", "reset", "hidden", "cell"]),
    ("qrnn", ["input", "forget", "candidate", "output", "hidden", "cell"]),
    ("slstm", ["input", "forget", "candidate", "output", "hidden", "cell"]),
    ("mlstm", ["input", "forget", "output", "hidden"]),
  ])
  func scans(_ name: String, _ expected: [String]) throws {
    let layer = RecurrentLayer(inputSize: 3, key: key) {
      (CellCatalog(rawValue: name) ?? .lstm).make(inputSize: $0, hiddenSize: 8, key: $1)
    }
    let batch = SequenceBatch(.random([6, 2, 3], key: key), lengths: [6, 4])
    let trace = layer.trace(batch)[0]
    #expect(trace.map(\.name) == expected)
    let values = Dictionary(uniqueKeysWithValues: trace.map { ($0.name, $0.values) })
    try requireClose(
      try #require(values["hidden"]), layer(batch).outputs, relative: 1e-5, absolute: 1e-6, name)
    for gate in ["update", "forget", "input", "output", "reset"] {
      guard let own = values[gate] else { continue }
      #expect(own.scalars.allSatisfy { (0...1).contains($0) }, "\(name) \(gate)")
    }
    if name == "min-lstm" {
      let sum = try #require(values["forget"]) + (try #require(values["input"]))
      #expect(sum.scalars[..<8].allSatisfy { abs($0 - 1) < 1e-6 })
    }
    if name == "qrnn" {
      let (o, c) = (try #require(values["output"]), try #require(values["cell"]))
      try requireClose(o * c, layer(batch).outputs, relative: 1e-6, absolute: 1e-7, name)
    }
  }

  /// A cell that says nothing of itself shows its output and its state.
  @Test func anyCell() throws {
    struct Sum: Cell {
      var weight: Tensor
      var inputSize: Int { 2 }
      var outputSize: Int { 2 }
      mutating func walk(_ visitor: inout some ParameterVisitor) { visitor.visit("weight", &weight) }
      func initialState(batch: Int) -> Tensor { Tensor(zeros: [batch, 2]) }
      func step(_ x: Tensor, _ h: Tensor) -> (output: Tensor, state: Tensor) {
        let next = h + x * weight
        return (next * 2, next)
      }
    }
    let cell = Sum(weight: Tensor([1, 3]))
    let plan = SequencePlan(stepCount: 3, batchSize: 1)
    let trace = cell.trace(Tensor(ones: [3, 1, 2]), from: cell.initialState(batch: 1), plan: plan)
    #expect(trace.map(\.name) == ["hidden", "state"])
    #expect(
      trace[1].values.scalars == [1, 3, 2, 6, 3, 9] && trace[0].values.scalars == [2, 6, 4, 12, 6, 18])
    let none = SequencePlan(stepCount: 0, batchSize: 1)
    #expect(cell.trace(Tensor(zeros: [0, 1, 2]), from: cell.initialState(batch: 1), plan: none).isEmpty)
  }
}
