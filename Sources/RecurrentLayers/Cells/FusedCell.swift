/// What the cells with PyTorch's parameters share: names, checks, preparation, noise, and the way to the backend.
///
/// `package` because a cell outside the package cannot be fused.
package protocol FusedCell: Cell {
  var kind: RecurrentKind { get }
  /// The kind that knows a mask on the recurrent state.
  var maskedKind: RecurrentKind { get }
  var weightInputHidden: Tensor { get set }
  var weightHiddenHidden: Tensor { get set }
  var biasInputHidden: Tensor? { get set }
  var biasHiddenHidden: Tensor? { get set }
  var preparedWeights: PreparedWeights? { get set }
  var precision: Precision { get set }
  /// The parameters for the backend.
  var weights: RecurrentWeights { get }
  /// What the cell does beyond the plain equations, without noise.
  var options: RecurrentOptions { get }
  var regularization: RecurrentRegularization { get }
  /// One step in primitives.
  func equations(_ x: Tensor, _ state: State, noise: RecurrentNoise) -> (output: Tensor, state: State)
  static func state(hidden: Tensor, cell: Tensor?) -> State
  static func parts(of state: State) -> (hidden: Tensor, cell: Tensor?)
}

extension FusedCell {
  package var weights: RecurrentWeights { plainWeights }

  package var maskedKind: RecurrentKind { kind }

  package var options: RecurrentOptions { RecurrentOptions(zoneoutHidden: .expected(regularization.zoneout)) }

  /// The parameters of the plain equations.
  var plainWeights: RecurrentWeights {
    RecurrentWeights(
      inputHidden: weightInputHidden, hiddenHidden: weightHiddenHidden, inputBias: biasInputHidden,
      hiddenBias: biasHiddenHidden)
  }

  mutating func walkParameters(_ visitor: inout some ParameterVisitor) {
    preparedWeights = nil  // a visitor may change the weights
    visitor.visit("weight_ih", &weightInputHidden)
    visitor.visit("weight_hh", &weightHiddenHidden)
    visitor.visit("bias_ih", &biasInputHidden)
    visitor.visit("bias_hh", &biasHiddenHidden)
  }

  func preparedCopy() -> Self {
    var copy = self
    var options = options
    options.precision = precision
    copy.preparedWeights = weightInputHidden.backend.prepare(kind, weights, options: options)
    return copy
  }

  func copy(with precision: Precision) -> Self {
    var copy = self
    copy.precision = precision
    copy.preparedWeights = nil
    return copy
  }

  /// The call of the backend for a sequence.
  func call(_ x: Tensor, from state: State, plan: SequencePlan, noise: RecurrentNoise = .none)
    -> RecurrentCall
  {
    trapUnless(
      x.rank == 3 && x.shape[2] == inputSize,
      "\(Self.self): expected input [T, B, \(inputSize)], received shape \(x.shape)")
    let (hidden, cell) = Self.parts(of: state)
    var options = options
    if let kept = noise.keptHidden { options.zoneoutHidden = .drawn(kept) }
    if let kept = noise.keptCell { options.zoneoutCell = .drawn(kept) }
    options.recurrentMask = noise.recurrentMask
    options.precision = precision
    return RecurrentCall(
      kind: noise.recurrentMask == nil ? kind : maskedKind, weights: weights, prepared: preparedWeights,
      options: options, input: x, hidden: hidden, cell: cell, plan: plan)
  }

  /// In one piece where the backend can, else unrolled.
  func fusedScan(
    _ x: Tensor, from state: State, plan: SequencePlan, noise: RecurrentNoise = .none
  ) -> (outputs: Tensor, state: State) {
    let call = call(x, from: state, plan: plan, noise: noise)
    guard x.backend.fuses(.recurrent(kind)) else {
      return unrolled(x, from: state, plan: plan) { equations($1, $2, noise: noise.at($0, of: plan)) }
    }
    let result = recurrentScan(call)
    return (result.output, Self.state(hidden: result.hidden, cell: result.cell))
  }

  /// The cell as a stage of a stack that is stepped, in the state of B rows with the given parts.
  func stepStage(from state: [Tensor]) -> StepStage {
    let batch = state[0].shape[0]
    let input = weightInputHidden.backend.filled(0, shape: [1, batch, inputSize])
    return .cell(
      call(input, from: State(tensors: state), plan: SequencePlan(stepCount: 1, batchSize: batch)))
  }

  /// One step, in one piece where the backend can. The bits are those of a whole sequence.
  func fusedStep(_ x: Tensor, _ state: State) -> (output: Tensor, state: State) {
    guard x.backend.fuses(.recurrent(kind)) else { return equations(x, state, noise: .none) }
    let plan = SequencePlan(stepCount: 1, batchSize: x.shape[0])
    let (outputs, next) = fusedScan(x.reshaped(to: [1] + x.shape), from: state, plan: plan)
    return (outputs.reshaped(to: [x.shape[0], outputSize]), next)
  }

  /// A sequence with the noise that `mode` asks for.
  func regularizedScan(
    _ x: Tensor, from state: State, plan: SequencePlan, mode: Mode
  ) -> (outputs: Tensor, state: State) {
    guard case .training(let key, let firstStep) = mode, regularization != .none else {
      return fusedScan(x, from: state, plan: plan)
    }
    let rates = regularization
    let inputs =
      rates.inputDropout > 0 ? variationalDropout(x, rate: rates.inputDropout, key: key.child(0)) : x
    var cell = self
    if rates.weightDrop > 0 {
      cell.weightHiddenHidden = dropout(weightHiddenHidden, rate: rates.weightDrop, key: key.child(1))
      cell.preparedWeights = nil
    }
    return cell.fusedScan(
      inputs, from: state, plan: plan, noise: noise(for: state, plan: plan, key: key, firstStep: firstStep))
  }

  /// Draws the noise on the state.
  private func noise(
    for state: State, plan: SequencePlan, key: RandomKey, firstStep: Int
  ) -> RecurrentNoise {
    let backend = weightHiddenHidden.backend
    let (hidden, cell) = Self.parts(of: state)
    func kept(rate: Float, width: Int, key: RandomKey) -> Tensor? {
      guard rate > 0 else { return nil }
      let uniform = backend.uniform(
        key, from: firstStep * plan.batchSize * width, shape: [plan.stepCount, plan.batchSize, width])
      return backend.binary(.greater, backend.filled(rate, shape: []), uniform)
    }
    var mask: Tensor?
    if regularization.recurrentDropout > 0 {
      let ones = backend.filled(1, shape: [plan.batchSize, hidden.shape[1]])
      let rows = dropout(ones, rate: regularization.recurrentDropout, key: key.child(4))
      mask = plan.isIdentity ? rows : rows.rows(plan.rowOfSegment)
    }
    return RecurrentNoise(
      keptHidden: kept(rate: regularization.zoneout, width: hidden.shape[1], key: key.child(2)),
      keptCell: cell.flatMap {
        kept(rate: regularization.zoneoutCell, width: $0.shape[1], key: key.child(3))
      },
      recurrentMask: mask)
  }

  /// The sums of inputs and of states before the gates are applied, `[B, G * H]` each.
  func preactivations(_ x: Tensor, _ hidden: Tensor) -> (input: Tensor, hidden: Tensor) {
    (
      matmul(x, weightInputHidden, transposeB: true, bias: biasInputHidden),
      matmul(hidden, weightHiddenHidden, transposeB: true, bias: biasHiddenHidden)
    )
  }

  /// Gate number `index` of `[B, G * H]` with H = `size`.
  func gate(_ index: Int, of sums: Tensor, size: Int) -> Tensor {
    sums.sliced(axis: 1, index * size..<(index + 1) * size)
  }
}

extension FusedCell where State == Tensor {
  package static func state(hidden: Tensor, cell: Tensor?) -> Tensor { hidden }
  package static func parts(of state: Tensor) -> (hidden: Tensor, cell: Tensor?) { (state, nil) }
}
