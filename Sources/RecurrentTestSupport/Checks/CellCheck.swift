/// Throws unless a cell keeps every promise of ``Cell``, on the CPU and against a reference in double.
///
/// Checked are: the gradients with respect to parameters, inputs and initial states, from outputs and final states,
/// over full and ragged sequences in both directions; that a scan is the chain of its steps; that a sequence in pieces,
/// a row of a ragged batch, a sequence after a reset and a sequence read backwards have the bits of the plain sequence;
/// that a row without steps passes its state through; that prepared weights and the number of threads change no bit;
/// that a ``RecurrentStepper`` has the bits of the scan.
///
/// - Parameters:
///   - cell: with random parameters, `shape.I` inputs.
///   - shape: T, B and I of the sequences.
///   - seed: of everything random.
///   - validState: makes a state that the cell can have of random numbers in ± 1.
public func checkCell<C: Cell>(
  _ cell: C, _ shape: CellShape, seed: UInt64 = 7, validState: @escaping (C.State) -> C.State = { $0 }
) throws {
  try CellChecker(cell: cell, shape: shape, key: RandomKey(seed: seed), validState: validState).check()
}

struct CellChecker<C: Cell> {
  let cell: C
  let shape: CellShape
  let key: RandomKey
  /// Makes a state that the cell can have of random numbers.
  var validState: (C.State) -> C.State = { $0 }

  var input: Tensor { .random([shape.T, shape.B, shape.I], key: key.child(0)) }

  /// One length a row, among them zero and T where there is room for both.
  var lengths: [Int] {
    var lengths = key.child(1).integers(shape.B, below: shape.T + 1)
    if shape.B > 1 { lengths[shape.B / 2] = 0 }
    if shape.B > 2 { lengths[0] = shape.T }
    return lengths
  }

  var resets: [Bool] { key.child(2).uniforms(shape.T * shape.B).map { $0 < 0.3 } }

  func randomState(rows: Int) -> C.State {
    validState(
      C.State(
        tensors: cell.initialState(batch: rows).tensors.enumerated().map {
          Tensor.random($1.shape, key: key.child(3).child($0))
        }))
  }

  func plan(ragged: Bool, _ direction: SequenceDirection = .forward) -> SequencePlan {
    SequencePlan(
      stepCount: shape.T, batchSize: shape.B, lengths: ragged ? lengths : nil, resets: ragged ? resets : nil,
      direction: direction)
  }

  func check() throws {
    try require(
      cell.inputSize == shape.I, "checkCell: the cell has \(cell.inputSize) inputs, the shape says \(shape.I)"
    )
    try checkGradients()
    try checkScan()
    try checkPieces()
    try checkRows()
    try checkResets()
    try checkBackward()
    try checkThreads()
    try checkStepper()
  }

  /// A scalar that depends on every output and every final state.
  func loss(_ cell: C, _ inputs: [Tensor], plan: SequencePlan) -> Tensor {
    let (outputs, final) = cell.scan(inputs[0], from: C.State(tensors: Array(inputs.dropFirst())), plan: plan)
    var total = (outputs * Tensor.random(outputs.shape, key: key.child(4))).sum()
    for (index, tensor) in final.tensors.enumerated() {
      total = total + (tensor * Tensor.random(tensor.shape, key: key.child(5).child(index))).sum()
    }
    return total
  }

  private func checkGradients() throws {
    for plan in [plan(ragged: false), plan(ragged: true), plan(ragged: true, .backward)] {
      let state = randomState(rows: plan.segmentCount)
      var tolerance = GradientTolerance()
      // what only ragged sequences can get wrong shows in a direction that moves everything
      if !plan.isFull { (tolerance.elements, tolerance.smallTensor) = (1, 1) }
      do {
        try checkGradient(of: cell, inputs: [input] + state.tensors, tolerance: tolerance) {
          loss($0, $1, plan: plan)
        }
      } catch {
        throw CheckFailure(
          "\(C.self) \(shape), \(plan.isFull ? "full" : "ragged") \(plan.direction): \(error)")
      }
    }
  }

  /// The scan is the chain of steps, in bits, and the reference within rounding; prepared weights change nothing.
  private func checkScan() throws {
    let reference = ReferenceBackend()
    for plan in [plan(ragged: false), plan(ragged: true)] {
      let state = randomState(rows: plan.segmentCount)
      let whole = scanned(cell, input, state, plan)
      try requireSameBits(
        parts(cell.unrolledScan(input, from: state, plan: plan)), whole, "\(C.self) \(shape): unrolled scan")
      try requireSameBits(
        scanned(cell.packed(), input, state, plan), whole, "\(C.self) \(shape): prepared scan")
      let exact = parts(
        cell.moved(to: reference).unrolledScan(
          input.moved(to: reference), from: C.State(tensors: state.tensors.map { $0.moved(to: reference) }),
          plan: plan))
      for (actual, expected) in zip(whole, exact) {
        try requireClose(
          actual, expected, relative: 1e-5, absolute: 1e-6, "\(C.self) \(shape): scan on the CPU")
      }
    }
  }

  /// Results and gradients have the same bits for every number of threads.
  private func checkThreads() throws {
    for plan in [plan(ragged: false), plan(ragged: true)] {
      let state = randomState(rows: plan.segmentCount)
      var expected: [Tensor]?
      for threads in 1...3 {
        let backend = CPUBackend(exactThreadCount: threads)
        poisonStoragePool()
        let results = Backends.$current.withValue(backend) {
          let point = ModelWithInputs(model: cell, inputs: [input] + state.tensors).moved(to: backend)
          let (_, outputs, gradient) = valueAndGradient(of: point) { point in
            let start = C.State(tensors: Array(point.inputs.dropFirst()))
            let result = scanned(point.model, point.inputs[0], start, plan)
            return (loss(point.model, point.inputs, plan: plan), result.map(\.detached))
          }
          return outputs + gradient.parameters.map(\.value)
        }
        if let expected { try requireSameBits(results, expected, "\(C.self) \(shape): \(threads) threads") }
        expected = expected ?? results
      }
    }
  }

  func scanned(_ cell: C, _ x: Tensor, _ state: C.State, _ plan: SequencePlan) -> [Tensor] {
    parts(cell.scan(x, from: state, plan: plan))
  }

  func parts(_ result: (outputs: Tensor, state: C.State)) -> [Tensor] {
    [result.outputs] + result.state.tensors
  }
}
