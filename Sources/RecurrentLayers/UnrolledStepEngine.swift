/// Steps by tensors, for cells without a form of their own in the backend: each step allocates what the cell does.
struct UnrolledStepEngine<C: Cell>: StepEngine {
  private let layer: RecurrentLayer<C>
  private let heads: [Linear]
  private let batchSize: Int
  private var state: RecurrentLayer<C>.State
  /// Before the last step.
  private var before: RecurrentLayer<C>.State
  private var output: [Float]

  /// - Parameters:
  ///   - layer: the layers, prepared.
  ///   - heads: linear maps behind them, prepared.
  ///   - batchSize: B.
  ///   - state: of B rows.
  ///   - output: what is there before the first step.
  init(
    layer: RecurrentLayer<C>, heads: [Linear], batchSize: Int, state: RecurrentLayer<C>.State, output: [Float]
  ) {
    self.layer = layer
    self.heads = heads
    self.batchSize = batchSize
    self.state = state
    before = state
    self.output = output
  }

  var states: [[Tensor]] { state.cells.map(\.tensors) }

  mutating func setStates(_ states: [[Tensor]]) {
    trapUnless(
      states.map { $0.map(\.shape) } == self.states.map { $0.map(\.shape) },
      "RecurrentStepper: expected a state of the shapes \(self.states.map { $0.map(\.shape) }), received "
        + "\(states.map { $0.map(\.shape) })")
    state = RecurrentLayer<C>.State(cells: states.map { C.State(tensors: $0.map(\.detached)) })
  }

  mutating func step(_ input: UnsafeBufferPointer<Float>) {
    let backend = state.cells.first?.tensors.first?.backend ?? Backends.current
    step(backend.tensor(Array(input), shape: [batchSize, layer.inputSize]))
  }

  mutating func step(rows: UnsafeBufferPointer<Int32>, of table: Tensor) {
    step(gather(table.detached, rows: Indices(Array(rows))))
  }

  private mutating func step(_ x: Tensor) {
    var (values, next) = layer.step(x, state)
    for head in heads { values = head(values) }
    before = state
    state = next.detached
    output = values.scalars
  }

  mutating func takeBack(row: Int) {
    state = RecurrentLayer<C>.State(
      cells: zip(state.cells, before.cells).map { own, before in
        C.State(tensors: zip(own.tensors, before.tensors).map { $0.replacingRow(row, by: $1[row]) })
      })
  }

  func withOutput<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    try output.withUnsafeBufferPointer(body)
  }
}

extension Tensor {
  /// The same rows but for one, which is that of another tensor.
  package func replacingRow(_ row: Int, by other: Tensor) -> Tensor {
    var numbers = scalars
    let width = count / shape[0]
    numbers.replaceSubrange(row * width..<(row + 1) * width, with: other.scalars)
    return Tensor(numbers, shape: shape, like: self)
  }
}
