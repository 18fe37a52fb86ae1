/// What the cells share whose products over the input come first, for all steps at once, and whose recurrence is a scan.
///
/// `package` because a cell outside the package cannot be fused.
package protocol ScanCell: Cell {
  /// The products over the input.
  var projection: InputProjection { get set }
  /// The recurrence.
  var scanKind: ScanKind { get }
  /// The parameters of the recurrence, as the scan takes them.
  var scanParameters: [Tensor] { get }
  /// The preactivations of all real steps from their inputs: rows `[N, I]` of `x` as `plan` reads them.
  func preactivations(_ x: Tensor, _ state: State, _ plan: SequencePlan) -> [Tensor]
  /// The part of the state that the recurrence carries.
  func scanStates(of state: State) -> [Tensor]
  /// The state after the last steps, from that of the recurrence.
  func finalState(_ scanned: [Tensor], _ x: Tensor, _ state: State, _ plan: SequencePlan) -> State
  /// One step from primitives, given the preactivations of B rows.
  func composedStep(_ preactivations: [Tensor], _ states: [Tensor]) -> (output: Tensor, states: [Tensor])
  /// The gates of such a step by name, `[B, ...]`, activated.
  func gates(_ preactivations: [Tensor], _ states: [Tensor]) -> [(name: String, values: Tensor)]
  /// The part of the recurrence's state that is shown beside the output; nil for none.
  var shownState: Int? { get }
}

extension ScanCell {
  /// The weights over the input, as the cell's description gives their rows.
  public var weightInputHidden: Tensor { projection.weight }
  /// The biases of the products over the input, or nil without.
  public var biasInputHidden: Tensor? { projection.bias }
  /// The width of the input.
  public var inputSize: Int { projection.inputSize }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) { projection.walk(&visitor) }

  /// The zero state for `batch` rows: one value a unit, unless the cell says otherwise.
  public func initialState(batch: Int) -> State {
    State(tensors: [projection.zeros([batch, outputSize])])
  }

  /// The same with its weights in the form that kernels read.
  public func packed() -> Self {
    var copy = self
    copy.projection = projection.packed()
    return copy
  }

  package func preactivations(_ x: Tensor, _ state: State, _ plan: SequencePlan) -> [Tensor] {
    [projection(plan.realRows(of: x))]
  }
  package var scanParameters: [Tensor] { [] }
  package func gates(
    _ preactivations: [Tensor], _ states: [Tensor]
  ) -> [(name: String, values: Tensor)] { [] }
  package var shownState: Int? { nil }
  package func scanStates(of state: State) -> [Tensor] { state.tensors }
  package func finalState(_ scanned: [Tensor], _ x: Tensor, _ state: State, _ plan: SequencePlan) -> State {
    State(tensors: scanned)
  }

  /// One step with its activated gates, its output and, where that is another one, its cell state.
  public func tracedStep(
    _ x: Tensor, _ state: State
  ) -> (values: [(name: String, values: Tensor)], state: State) {
    let plan = SequencePlan(stepCount: 1, batchSize: x.shape[0])
    let row = x.reshaped(to: [1] + x.shape)
    let (inputs, states) = (preactivations(row, state, plan), scanStates(of: state))
    let (output, next) = composedStep(inputs, states)
    let shown = shownState.map { [(name: "cell", values: next[$0])] } ?? []
    return (
      gates(inputs, states) + [("hidden", output)] + shown, finalState(next, row, state, plan)
    )
  }

  /// One step for B independent rows.
  public func step(_ x: Tensor, _ state: State) -> (output: Tensor, state: State) {
    let plan = SequencePlan(stepCount: 1, batchSize: x.shape[0])
    let (outputs, next) = scan(x.reshaped(to: [1] + x.shape), from: state, plan: plan)
    return (outputs.reshaped(to: [x.shape[0], outputSize]), next)
  }

  /// ``Cell/scan(_:from:plan:)``: one product for all steps, then the recurrence in one piece where the backend can.
  public func scan(_ x: Tensor, from state: State, plan: SequencePlan) -> (outputs: Tensor, state: State) {
    trapUnless(
      x.rank == 3 && x.shape[2] == inputSize,
      "\(Self.self): expected input [T, B, \(inputSize)], received shape \(x.shape)")
    let (inputs, states) = (preactivations(x, state, plan), scanStates(of: state))
    let call = ScanCall(
      kind: scanKind, inputs: inputs, parameters: scanParameters, states: states, outputSize: outputSize,
      plan: plan)
    if let result = fusedScan(call) { return (result.output, finalState(result.states, x, state, plan)) }
    let (outputs, end) = plan.walk(
      from: AnyCell.State(tensors: states), outputSize: outputSize, on: x.backend
    ) { step, state in
      let (output, next) = composedStep(inputs.map { plan.realRows($0, at: step) }, state.tensors)
      return (output, AnyCell.State(tensors: next))
    }
    return (outputs, finalState(end.tensors, x, state, plan))
  }
}

extension Tensor {
  /// Columns `index * width ..< (index + 1) * width` of a matrix.
  func block(_ index: Int, width: Int) -> Tensor {
    sliced(axis: 1, index * width..<(index + 1) * width)
  }
}
