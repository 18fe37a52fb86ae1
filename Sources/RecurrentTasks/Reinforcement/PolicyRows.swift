/// An actor or a critic that reads one observation of B rows after the other; who runs the episodes resets the rows.
struct PolicyRows: Sendable {
  private var recurrent: RecurrentStepper<AnyCell>
  private let layer: RecurrentLayer<AnyCell>
  private let scaler: ChannelScaler
  private let beginning: RecurrentLayer<AnyCell>.State
  /// What the layers read, `[B, O]`.
  private(set) var inputs: [Float]
  private let rowCount: Int

  /// Rows at the beginning of their episodes, or in a state.
  init(_ part: SequenceTagger, scaler: ChannelScaler, rowCount: Int, state: [Tensor]? = nil) {
    (layer, self.scaler, self.rowCount) = (part.network.recurrent, scaler, rowCount)
    let first = layer.initialState(batch: rowCount).detached
    beginning = first
    recurrent = RecurrentStepper(
      layer, heads: [part.head], batchSize: rowCount, state: state.map { first.replacing($0) })
    inputs = [Float](repeating: 0, count: rowCount * layer.inputSize)
  }

  /// The state, each part `[B, ...]`.
  var state: [Tensor] { recurrent.state.tensors }

  /// A row at the beginning of an episode.
  mutating func reset(row: Int) { reset(rows: [row]) }

  /// Some rows at the beginning of their episodes.
  mutating func reset(rows: [Int]) {
    guard !rows.isEmpty else { return }
    guard rows.count < rowCount else { return resetAll() }
    let state = recurrent.state
    recurrent.state = state.replacing(
      zip(state.tensors, beginning.tensors).map { own, fresh in
        let one = fresh.rows([0])
        return rows.reduce(own) { $0.replacingRow($1, by: one) }
      })
  }

  /// All rows at the beginning of their episodes.
  mutating func resetAll() { recurrent.state = beginning }

  /// Puts an observation of a row beside those of other rows.
  mutating func load(_ observation: [Float], row: Int) {
    let width = layer.inputSize
    for (place, number) in observation.enumerated() {
      inputs[row * width + place] = scaler.scaled(number, channel: place)
    }
  }

  /// Reads what was loaded.
  mutating func advance() { recurrent.step(inputs) }

  /// Calls `body` with what the head says of a row, `[P]`.
  func withScores<R>(row: Int, _ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    try recurrent.withOutput { try body($0.row(row, of: rowCount)) }
  }

  /// The only number of the head for a row.
  func value(row: Int) -> Double { withScores(row: row) { Double($0[0]) } }
}
