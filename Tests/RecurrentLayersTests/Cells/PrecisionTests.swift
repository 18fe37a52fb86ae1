import RecurrentTestSupport
import Testing

/// Cells with operands in bfloat16 and int8: against a reference that rounds the same operands, against float32 within
/// what the formats allow, and the promises about bits.
@Suite struct PrecisionTests {
  static let shapes = [
    CellShape(4, 1, 1, 1), CellShape(5, 3, 2, 4), CellShape(7, 2, 17, 33), CellShape(3, 8, 16, 15),
    CellShape(4, 13, 5, 70), CellShape(6, 1, 131, 130), CellShape(2, 5, 65, 64), CellShape(2, 300, 3, 5),
  ]
  static let lower: [Precision] = [.bfloat16, .int8]

  /// Every kind of cell, with random parameters.
  private func each(_ s: CellShape, _ body: (any FusedCell) throws -> Void) rethrows {
    let key = RandomKey(seed: 31)
    try body(LSTM(inputSize: s.I, hiddenSize: s.H, key: key))
    try body(GRU(inputSize: s.I, hiddenSize: s.H, key: key))
    try body(GRU(inputSize: s.I, hiddenSize: s.H, reset: .beforeProduct, key: key))
    try body(Elman(inputSize: s.I, hiddenSize: s.H, key: key))
    try body(Elman(inputSize: s.I, hiddenSize: s.H, activation: .relu, hasBias: false, key: key))
  }

  /// One step from random states: nothing but the rounding of sums differs.
  @Test(arguments: shapes, lower) func roundedReference(_ s: CellShape, _ precision: Precision) throws {
    func check<C: FusedCell>(_ cell: C) throws {
      let weights = RecurrentWeights(
        inputHidden: cell.weightInputHidden, hiddenHidden: cell.weightHiddenHidden,
        inputBias: cell.biasInputHidden, hiddenBias: cell.biasHiddenHidden)
      let reference = RoundedCell(cell.kind, weights, precision)
      let x = Tensor.random([s.B, s.I], bound: 2, key: RandomKey(seed: 32))
      let state = C.State(
        tensors: cell.initialState(batch: s.B).tensors.enumerated().map {
          Tensor.random($1.shape, key: RandomKey(seed: 33).child($0))
        })
      let result = cell.with(precision: precision).step(x, state).state.tensors
      for row in 0..<s.B {
        let begin = state.tensors.map { $0[row].scalars }
        let expected = reference.step(x[row].scalars, begin[0], c: begin.count > 1 ? begin[1] : [])
        let what = "\(cell.kind) \(s) \(precision), row \(row)"
        try requireClose(
          result[0][row].doubles, expected.hidden, relative: 1e-5, absolute: 1e-6, "\(what), h")
        if result.count > 1 {
          try requireClose(
            result[1][row].doubles, expected.cell, relative: 1e-5, absolute: 1e-6, "\(what), c")
        }
      }
    }
    try each(s) { try check($0) }
  }

  /// The bound of every single sum that follows from the format, for a step of Elman's network without bias.
  @Test(arguments: shapes, lower) func boundsOfTheFormat(_ s: CellShape, _ precision: Precision) throws {
    let cell = Elman(
      inputSize: s.I, hiddenSize: s.H, activation: .relu, hasBias: false, key: RandomKey(seed: 34))
    let (x, h) = (
      Tensor.random([s.B, s.I], key: RandomKey(seed: 35)),
      Tensor.random([s.B, s.H], key: RandomKey(seed: 36))
    )
    let (exact, found) = (cell.step(x, h).output, cell.with(precision: precision).step(x, h).output)
    func error(_ weights: ArraySlice<Float>, _ row: [Float]) -> Double {
      let steps = (
        Double(weights.map(abs).max() ?? 0) / 127 / 2, Double(row.map(abs).max() ?? 0) / 127 / 2
      )
      return zip(weights, row).reduce(0) { sum, pair in
        let (w, v) = (Double(abs(pair.0)), Double(abs(pair.1)))
        // half a unit in the last place of eight bits, or half a step, on both sides
        let (dw, dv) = precision == .bfloat16 ? (w / 512, v / 512) : steps
        return sum + w * dv + v * dw + dw * dv
      }
    }
    let (ih, hh) = (cell.weightInputHidden.scalars, cell.weightHiddenHidden.scalars)
    for row in 0..<s.B {
      let (input, state) = (x[row].scalars, h[row].scalars)
      let (a, b) = (exact[row].doubles, found[row].doubles)
      for unit in 0..<s.H {
        let allowed =
          error(ih[unit * s.I..<(unit + 1) * s.I], input) + error(hh[unit * s.H..<(unit + 1) * s.H], state)
        try require(
          abs(a[unit] - b[unit]) <= allowed * 1.0001 + 1e-6,
          "\(s) \(precision): unit \(unit) is \(b[unit]), in float32 \(a[unit]), allowed \(allowed)")
      }
    }
    if s.H > 4 { #expect(exact.scalars != found.scalars) }
  }

  /// Small whole numbers are the same in bfloat16: so are all results and all gradients, in any order of sums.
  @Test(arguments: [
    CellShape(3, 5, 3, 4), CellShape(2, 9, 17, 33), CellShape(3, 7, 40, 70), CellShape(2, 260, 1, 16),
  ])
  func exactWhereNumbersAreWhole(_ s: CellShape) throws {
    func whole(_ shape: [Int], _ seed: UInt64, _ most: Int) -> Tensor {
      let numbers = RandomKey(seed: seed).integers(shape.reduce(1, *), below: 2 * most + 1).map {
        Float($0 - most)
      }
      return Tensor(numbers, shape: shape)
    }
    // few weights are not zero, so that the sums stay whole numbers that eight bits hold
    func sparse(_ shape: [Int], _ seed: UInt64) -> Tensor {
      let keep = RandomKey(seed: seed).uniforms(shape.reduce(1, *)).map {
        Float($0 * Float(shape[1]) < 2 ? 1 : 0)
      }
      return whole(shape, seed + 1, 1) * Tensor(keep, shape: shape)
    }
    var cell = Elman(inputSize: s.I, hiddenSize: s.H, activation: .relu, key: RandomKey(seed: 0))
    cell.weightInputHidden = sparse([s.H, s.I], 40)
    cell.weightHiddenHidden = sparse([s.H, s.H], 42)
    cell.biasInputHidden = whole([s.H], 44, 1)
    cell.biasHiddenHidden = whole([s.H], 45, 1)
    let lengths = RandomKey(seed: 46).integers(s.B, below: s.T + 1)
    func results(_ precision: Precision) -> [Tensor] {
      let layer = RecurrentLayer(inputSize: s.I, key: RandomKey(seed: 0)) { _, _ in cell }
        .with(precision: precision)
      let point = ModelWithInputs(model: layer, inputs: [whole([s.T, s.B, s.I], 47, 2)])
      let (_, outputs, gradient) = valueAndGradient(of: point) { point in
        let outputs = point.model(SequenceBatch(point.inputs[0], lengths: lengths)).outputs
        return ((outputs * whole(outputs.shape, 48, 1)).sum(), outputs.detached)
      }
      return [outputs] + gradient.parameters.map(\.value)
    }
    let (expected, found) = (results(.float32), results(.bfloat16))
    for (index, pair) in zip(found, expected).enumerated() {
      try requireSameBits(pair.0, pair.1, "\(s), result \(index)")
    }
    #expect(expected.allSatisfy { $0.scalars.contains { $0 != 0 } })
  }

  /// Gradients of training in bfloat16 point where those in float32 do: the relative error of each stays within some
  /// roundings of eight bits.
  @Test(arguments: shapes) func gradients(_ s: CellShape) throws {
    func check<C: FusedCell>(_ cell: C) throws {
      func results(_ precision: Precision) -> [Tensor] {
        let lengths = s.B > 2 ? RandomKey(seed: 52).integers(s.B, below: s.T + 1) : nil
        let layer = RecurrentLayer(inputSize: s.I, isBidirectional: true, key: RandomKey(seed: 0)) { _, _ in
          cell.with(precision: precision)
        }
        let state = layer.initialState(batch: s.B).cells.flatMap(\.tensors).enumerated().map {
          Tensor.random($1.shape, key: RandomKey(seed: 53).child($0))
        }
        let x = Tensor.random([s.T, s.B, s.I], key: RandomKey(seed: 54))
        let point = ModelWithInputs(model: layer, inputs: [x] + state)
        let (_, gradient) = valueAndGradient(of: point) { point in
          let half = state.count / 2
          let begin = RecurrentLayer<C>.State(cells: [
            C.State(tensors: Array(point.inputs[1...half])),
            C.State(tensors: Array(point.inputs[(half + 1)...])),
          ])
          let (outputs, final) = point.model(SequenceBatch(point.inputs[0], lengths: lengths), state: begin)
          let upstream = Tensor.random(outputs.shape, key: RandomKey(seed: 55))
          return final.cells.flatMap(\.tensors).reduce((outputs * upstream).sum()) { $0 + square($1).sum() }
        }
        return gradient.parameters.map(\.value)
      }
      for (index, (found, exact)) in zip(results(.bfloat16), results(.float32)).enumerated() {
        let error = zip(found.doubles, exact.doubles).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let size = exact.doubles.reduce(0) { $0 + $1 * $1 }
        try require(
          error.squareRoot() <= 0.02 * size.squareRoot() + 1e-6,
          "\(cell.kind) \(s): gradient \(index) is off by \((error / size).squareRoot()) of its norm")
      }
    }
    try each(s) { if $0.kind != .elmanReLU { try check($0) } }
  }

  @Test(arguments: shapes, lower) func sequences(_ s: CellShape, _ precision: Precision) throws {
    func check(_ cell: some Cell) throws { try checkCellSequences(cell.with(precision: precision), s) }
    try each(s) { try check($0) }
  }

  /// What is not a number stays none and stays in its row; rows of zeros and of tiny numbers are zeros.
  @Test(arguments: lower) func specialValues(_ precision: Precision) throws {
    let cell = GRU(inputSize: 3, hiddenSize: 20, key: RandomKey(seed: 60)).with(precision: precision)
    let rows: [Float] = [
      0, 0, 0, .nan, 1, 1, .infinity, 1, 1, 1e-38, -1e-38, .leastNonzeroMagnitude, 1, 2, 3,
    ]
    let outputs = cell.step(Tensor(rows, shape: [5, 3]), Tensor(zeros: [5, 20])).output
    let values = (0..<5).map { outputs[$0].scalars }
    #expect(values[0] == values[3])
    for row in [0, 3, 4] { #expect(values[row].allSatisfy { $0.isFinite && $0 != 0 }) }
    #expect(values[1].allSatisfy { $0.isNaN })
    // a sum that is infinite closes a gate; a row that cannot be quantised is no number
    if precision == .int8 { #expect(values[2].allSatisfy { $0.isNaN }) }
  }

  /// What the catalogue says about names and options: a cell without an issue rounds, one with it does not.
  @Test(arguments: CellCatalog.allCases) func issues(_ name: CellCatalog) {
    var variants = [CellOptions()]
    for change: (inout CellOptions) -> Void in [
      { $0.lstm.hasPeepholes = true }, { $0.lstm.cellClip = 0.1 }, { $0.activation = .relu },
      { $0.activation = Activation(.sigmoid) }, { $0.regularization.zoneout = 0.5 },
      { $0.regularization.recurrentDropout = 0.5 }, { $0.regularization.inputDropout = 0.5 },
      { $0.regularization.weightDrop = 0.5 },
    ] {
      var options = CellOptions()
      change(&options)
      if name.issue(with: options) == nil { variants.append(options) }
    }
    let x = Tensor.random([5, 2, 7], key: RandomKey(seed: 71))
    for options in variants {
      let layer = RecurrentLayer(inputSize: 7, key: RandomKey(seed: 72)) {
        name.make(inputSize: $0, hiddenSize: 8, options: options, key: $1)
      }
      for precision in PrecisionTests.lower {
        for mode in [Mode.inference, .training(RandomKey(seed: 73))] {
          if precision == .int8, case .training = mode { continue }
          let exact = layer(SequenceBatch(x), mode: mode).outputs
          let rounded = layer.with(precision: precision)(SequenceBatch(x), mode: mode).outputs
          var inTraining = false
          if case .training = mode { inTraining = true }
          let issue = name.issue(with: precision, options: options, inTraining: inTraining)
          #expect(
            (exact.scalars == rounded.scalars) == (issue != nil),
            "\(name) \(options), \(precision), \(mode): \(issue ?? "no issue")")
        }
      }
    }
    #expect(name.issue(with: .int8, options: CellOptions(), inTraining: true) != nil)
    #expect(name.issue(with: .float32, options: CellOptions(), inTraining: true) == nil)
  }

  @Test func int8HasNoGradient() async {
    await #expect(processExitsWith: .failure) {
      let cell = LSTM(inputSize: 2, hiddenSize: 3, key: RandomKey(seed: 1)).with(precision: .int8)
      _ = valueAndGradient(of: cell) {
        $0.step(Tensor(ones: [1, 2]), $0.initialState(batch: 1)).output.sum()
      }
    }
  }

  /// Echoes of two steps ago are learnt as well in bfloat16 as in float32.
  @Test func learning() {
    func loss(_ precision: Precision) -> Float {
      let key = RandomKey(seed: 70)
      var model = ModelWithInputs(
        model: RecurrentLayer(inputSize: 4, key: key) { LSTM(inputSize: $0, hiddenSize: 24, key: $1) }
          .with(precision: precision),
        inputs: [Tensor.random([24, 4], bound: 0.2, key: key.child(1))])
      var optimizer = Adam(learningRate: 1e-2)
      var last: Float = 0
      for step in 0..<150 {
        let x = Tensor.random([10, 16, 4], key: key.child(2).child(step))
        let target = concatenate([Tensor(zeros: [2, 16, 4]), x.sliced(axis: 0, 0..<8)])
        let (loss, gradient) = valueAndGradient(of: model) { model in
          squaredError(matmul(model.model(SequenceBatch(x)).outputs, model.inputs[0]), target)
        }
        optimizer.update(&model, gradient)
        last = loss.scalar
      }
      return last
    }
    let (exact, rounded) = (loss(.float32), loss(.bfloat16))
    #expect(exact < 0.1 && abs(rounded - exact) < 0.05 * exact + 1e-3, "\(rounded) beside \(exact)")
  }
}
