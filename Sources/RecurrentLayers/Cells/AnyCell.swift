/// A cell whose kind is known only when the program runs: what a file or a flag names.
///
/// It behaves as the cell inside, at the same speed over a sequence.
public struct AnyCell: Cell {
  /// The cell inside.
  public private(set) var base: any Cell

  /// The parts of the state of the cell inside.
  public struct State: RecurrentState {
    public var tensors: [Tensor]

    public init(tensors: [Tensor]) { self.tensors = tensors }
  }

  /// Wraps a cell.
  public init(_ base: any Cell) { self.base = base }

  public var inputSize: Int { base.inputSize }
  public var outputSize: Int { base.outputSize }

  public mutating func walk(_ visitor: inout some ParameterVisitor) { base.walk(&visitor) }

  public func initialState(batch: Int) -> State {
    func open(_ cell: some Cell) -> State { State(tensors: cell.initialState(batch: batch).tensors) }
    return open(base)
  }

  public func step(_ x: Tensor, _ state: State) -> (output: Tensor, state: State) {
    func open<C: Cell>(_ cell: C) -> (Tensor, State) {
      let (output, next) = cell.step(x, C.State(tensors: state.tensors))
      return (output, State(tensors: next.tensors))
    }
    return open(base)
  }

  public func scan(_ x: Tensor, from state: State, plan: SequencePlan) -> (outputs: Tensor, state: State) {
    func open<C: Cell>(_ cell: C) -> (Tensor, State) {
      let (outputs, end) = cell.scan(x, from: C.State(tensors: state.tensors), plan: plan)
      return (outputs, State(tensors: end.tensors))
    }
    return open(base)
  }

  public func prepared() -> AnyCell {
    func open(_ cell: some Cell) -> AnyCell { AnyCell(cell.prepared()) }
    return open(base)
  }
}
