/// What the cells with PyTorch's parameters share: names, checks, packed weights, noise, and the way to the backend.
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
  /// One step in primitives: the activated gates `[B, H]` by name, and the next state.
  func equations(
    _ x: Tensor, _ state: State, noise: RecurrentNoise
  ) -> (gates: [(name: String, values: Tensor)], state: State)
  static func state(hidden: Tensor, cell: Tensor?) -> State
  static func parts(of state: State) -> (hidden: Tensor, cell: Tensor?)
}

extension FusedCell {
  /// The width of the input.
  public var inputSize: Int { weightInputHidden.shape[1] }
  /// The width of the output.
  public var outputSize: Int { weightHiddenHidden.shape[1] }
  /// Whether a scan depends on its arguments and the parameters alone: yes.
  public var isSelfContained: Bool { true }
  /// Whether the output is the first part of the state: yes.
  public var outputsState: Bool { true }

  /// The zero state for `batch` rows: one value a unit, unless the cell says otherwise.
  public func initialState(batch: Int) -> State {
    State(tensors: [weightHiddenHidden.backend.filled(0, shape: [batch, outputSize])])
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) { walkParameters(&visitor) }

  /// One step for B independent rows, in one piece where the backend can. The bits are those of a whole sequence.
  public func step(_ x: Tensor, _ state: State) -> (output: Tensor, state: State) {
    let plan = SequencePlan(stepCount: 1, batchSize: x.shape[0])
    guard let result = recurrentScan(call(x.reshaped(to: [1] + x.shape), from: state, plan: plan)) else {
      return composedStep(x, state, noise: .none)
    }
    return (
      result.output.reshaped(to: [x.shape[0], outputSize]),
      Self.state(hidden: result.hidden, cell: result.cell)
    )
  }

  /// One step with its activated gates and next states.
  public func tracedStep(_ x: Tensor, _ state: State) -> (
    values: [(name: String, values: Tensor)], state: State
  ) {
    let (gates, next) = equations(x, state, noise: .none)
    let parts = Self.parts(of: next)
    return (gates + [("hidden", parts.hidden)] + (parts.cell.map { [("cell", $0)] } ?? []), next)
  }

  /// A whole sequence; see ``Cell/scan(_:from:plan:)``.
  public func scan(_ x: Tensor, from state: State, plan: SequencePlan) -> (outputs: Tensor, state: State) {
    scan(x, from: state, plan: plan, noise: .none)
  }

  /// A whole sequence with noise in training; see ``Cell/scan(_:from:plan:mode:)``.
  public func scan(
    _ x: Tensor, from state: State, plan: SequencePlan, mode: Mode
  ) -> (outputs: Tensor, state: State) {
    guard case .training(let weightKey, let firstStep, _, _) = mode, let key = mode.rowKey,
      regularization != .none
    else {
      return scan(x, from: state, plan: plan)
    }
    let rates = regularization
    let inputs =
      rates.inputDropout > 0 ? variationalDropout(x, rate: rates.inputDropout, key: key.child(0)) : x
    var cell = self
    if rates.weightDrop > 0 {
      cell.weightHiddenHidden = dropout(weightHiddenHidden, rate: rates.weightDrop, key: weightKey.child(1))
      cell.preparedWeights = nil
    }
    return cell.scan(
      inputs, from: state, plan: plan, noise: noise(for: state, plan: plan, key: key, firstStep: firstStep))
  }

  /// The same with its weights in the form that kernels read.
  public func packed() -> Self {
    var copy = self
    var options = options
    options.precision = precision
    copy.preparedWeights = weightInputHidden.backend.prepare(kind, weights, options: options)
    return copy
  }

  /// The same with the operands of its products rounded to `precision`.
  public func with(precision: Precision) -> Self {
    var copy = self
    copy.precision = precision
    copy.preparedWeights = nil
    return copy
  }

  /// The cell as a stage of a stack that is stepped.
  public func stepStage(from state: State) -> StepStage? {
    let batch = Self.parts(of: state).hidden.shape[0]
    let input = weightInputHidden.backend.filled(0, shape: [1, batch, inputSize])
    return .cell(call(input, from: state, plan: SequencePlan(stepCount: 1, batchSize: batch)))
  }
}

extension FusedCell where State == Tensor {
  package static func state(hidden: Tensor, cell: Tensor?) -> Tensor { hidden }
  package static func parts(of state: Tensor) -> (hidden: Tensor, cell: Tensor?) { (state, nil) }
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

  /// The call of the backend for a sequence.
  private func call(_ x: Tensor, from state: State, plan: SequencePlan, noise: RecurrentNoise = .none)
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
  private func scan(
    _ x: Tensor, from state: State, plan: SequencePlan, noise: RecurrentNoise
  ) -> (outputs: Tensor, state: State) {
    guard let result = recurrentScan(call(x, from: state, plan: plan, noise: noise)) else {
      return unrolled(x, from: state, plan: plan) { composedStep($1, $2, noise: noise.at($0, of: plan)) }
    }
    return (result.output, Self.state(hidden: result.hidden, cell: result.cell))
  }

  private func composedStep(
    _ x: Tensor, _ state: State, noise: RecurrentNoise
  ) -> (output: Tensor, state: State) {
    let next = equations(x, state, noise: noise).state
    return (Self.parts(of: next).hidden, next)
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
}
