/// A cell whose kind is known only when the program runs: what a file or a flag names.
///
/// It behaves as the cell inside, at the same speed over a sequence.
public struct AnyCell: Cell {
  /// The cell inside.
  public private(set) var base: any Cell

  /// The parts of the state of the cell inside.
  public struct State: RecurrentState {
    /// The parts.
    public var tensors: [Tensor]

    /// From its parts.
    public init(tensors: [Tensor]) { self.tensors = tensors }
  }

  /// Wraps a cell.
  public init(_ base: any Cell) { self.base = base }

  /// The width of the input.
  public var inputSize: Int { base.inputSize }
  /// The width of the output.
  public var outputSize: Int { base.outputSize }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) { base.walk(&visitor) }

  /// The zero state for `batch` rows.
  public func initialState(batch: Int) -> State {
    func open(_ cell: some Cell) -> State { State(tensors: cell.initialState(batch: batch).tensors) }
    return open(base)
  }

  /// One step for B independent rows.
  public func step(_ x: Tensor, _ state: State) -> (output: Tensor, state: State) {
    func open<C: Cell>(_ cell: C) -> (Tensor, State) {
      let (output, next) = cell.step(x, C.State(tensors: state.tensors))
      return (output, State(tensors: next.tensors))
    }
    return open(base)
  }

  /// A whole sequence; see ``Cell/scan(_:from:plan:)``.
  public func scan(_ x: Tensor, from state: State, plan: SequencePlan) -> (outputs: Tensor, state: State) {
    func open<C: Cell>(_ cell: C) -> (Tensor, State) {
      let (outputs, end) = cell.scan(x, from: C.State(tensors: state.tensors), plan: plan)
      return (outputs, State(tensors: end.tensors))
    }
    return open(base)
  }

  /// A whole sequence with noise in training; see ``Cell/scan(_:from:plan:mode:)``.
  public func scan(
    _ x: Tensor, from state: State, plan: SequencePlan, mode: Mode
  ) -> (outputs: Tensor, state: State) {
    func open<C: Cell>(_ cell: C) -> (Tensor, State) {
      let (outputs, end) = cell.scan(x, from: C.State(tensors: state.tensors), plan: plan, mode: mode)
      return (outputs, State(tensors: end.tensors))
    }
    return open(base)
  }

  /// Whether a scan of the cell inside depends on its arguments and the parameters alone.
  public var isSelfContained: Bool { base.isSelfContained }

  /// The cell inside as a stage of a stack that is stepped.
  public func stepStage(from state: State) -> StepStage? {
    func open<C: Cell>(_ cell: C) -> StepStage? { cell.stepStage(from: C.State(tensors: state.tensors)) }
    return open(base)
  }

  /// One step with what happens inside.
  public func tracedStep(
    _ x: Tensor, _ state: State
  ) -> (values: [(name: String, values: Tensor)], state: State) {
    func open<C: Cell>(_ cell: C) -> (values: [(name: String, values: Tensor)], state: State) {
      let (values, next) = cell.tracedStep(x, C.State(tensors: state.tensors))
      return (values, State(tensors: next.tensors))
    }
    return open(base)
  }

  /// Whether the output of the cell inside is the first part of its state.
  public var outputsState: Bool { base.outputsState }

  /// The same with its weights in the form that kernels read.
  public func packed() -> AnyCell {
    func open(_ cell: some Cell) -> AnyCell { AnyCell(cell.packed()) }
    return open(base)
  }

  /// The same with the operands of its products rounded to `precision`, when the cell inside knows it.
  public func with(precision: Precision) -> AnyCell {
    func open(_ cell: some Cell) -> AnyCell { AnyCell(cell.with(precision: precision)) }
    return open(base)
  }
}
