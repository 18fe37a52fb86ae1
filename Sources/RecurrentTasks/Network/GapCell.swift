/// ``MissingValues`` as a cell, so that a graph fills gaps as the featurizer does: it reads for each channel a value, or
/// zero, and whether one is there, and the time since the step before; it gives the last values, the marks, and the
/// logarithms of one and the time since a value was seen.
struct GapCell: Cell {
  /// Channels.
  let width: Int

  /// The last values and the times since them, `[B, C]` each.
  struct State: RecurrentState {
    var tensors: [Tensor]
  }

  var inputSize: Int { 2 * width + 1 }
  var outputSize: Int { 3 * width }

  mutating func walk(_ visitor: inout some ParameterVisitor) {}

  func initialState(batch: Int) -> State {
    State(tensors: [Tensor(zeros: [batch, width]), Tensor(zeros: [batch, width])])
  }

  func step(_ x: Tensor, _ state: State) -> (output: Tensor, state: State) {
    let (value, mark) = (x.sliced(axis: 1, 0..<width), x.sliced(axis: 1, width..<2 * width))
    let elapsed = x.sliced(axis: 1, 2 * width..<2 * width + 1)
    let last = value * mark + state.tensors[0] * (1 - mark)
    let age = (state.tensors[1] + elapsed) * (1 - mark)
    return (concatenate([last, mark, log(age + 1)], axis: 1), State(tensors: [last, age]))
  }
}
