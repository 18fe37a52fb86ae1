/// One call of a ``RecurrentLayer``: what it read, what happened in its cells, and how the gradient of a loss came back.
public struct RecurrentReading: Sendable {
  /// One cell of the layer: one direction of one of its layers.
  public struct Part: Sendable {
    /// Which layer, from 0.
    public let layer: Int
    /// Whether it reads from the end to the beginning.
    public let isReverse: Bool
    /// The kind of the cell, such as `LSTM`.
    public let cell: String
    /// The width of what it reads.
    public let inputSize: Int
    /// The width of its output.
    public let outputSize: Int
    /// The order in which it reads.
    public let plan: SequencePlan
    /// Activated gates, `hidden` and further states by name, `[T, B, width]`.
    public internal(set) var values: [(name: String, values: Tensor)] = []
    /// The norm of the gradient with respect to each part of the state behind each step of its reading, over all rows:
    /// `[part][step]`. What goes back through the output counts where that is the state.
    public internal(set) var stateGradients: [[Double]] = []

    /// The time of a step of its reading, in a row that is read whole.
    public func time(ofStep step: Int) -> Int { isReverse ? plan.stepCount - 1 - step : step }
  }

  /// What was read, off the tape.
  public let batch: SequenceBatch
  /// The cells, forward before backward in each layer.
  public internal(set) var parts: [Part] = []
  /// What came out, `[T, B, H]`.
  public internal(set) var outputs: Tensor
  /// The gradient of the loss with respect to that, as it comes from what stands above; nil where the loss does not depend
  /// on it, or none was taken.
  public internal(set) var outputGradient: Tensor?
  /// ``RecurrentLayer/stateGradientNorms(_:state:outputGradient:at:)`` of the layer from where it began.
  let norms: @Sendable (SequenceBatch, _ outputGradient: Tensor, _ times: [Int]) -> [[[Double]]]

  /// The norms of the gradient of single steps' losses with respect to all states: that of the loss as it reaches the output
  /// at a time, with respect to the state of each cell behind each step.
  ///
  /// - Parameter times: t, of the first row.
  /// - Returns: `[cell][t][time of the state]`; empty where there is no gradient.
  public func stateGradientNorms(at times: [Int]) -> [[[Double]]] {
    guard let outputGradient, !times.isEmpty else { return [] }
    let length = batch.lengths?[0] ?? batch.stepCount
    let columns = batch.batchSize
    let row = SequenceBatch(
      batch.values.sliced(axis: 1, 0..<1).sliced(axis: 0, 0..<length),
      resets: batch.resets.map { marks in (0..<length).map { marks[$0 * columns] } })
    return norms(row, outputGradient.sliced(axis: 1, 0..<1).sliced(axis: 0, 0..<length), times)
  }
}

extension RecurrentLayer {
  /// The norms of the gradients of single outputs with respect to all states: how far back each step's loss reaches.
  ///
  ///     norm[cell][m][s] = || (d y_t / d h_s)^T g_t ||,   t = times[m]
  ///
  /// with y_t the output of the network at t and g_t the gradient of a loss with respect to it. All times are done in one pass,
  /// each in a row of its own. Of a cell with several parts of state, all of them count.
  ///
  /// - Parameters:
  ///   - batch: one row, `[T, 1, I]`, all of it real.
  ///   - state: of one row; nil for the initial state.
  ///   - outputGradient: g, `[T, 1, outputSize]`.
  ///   - times: t, each in 0 ..< T.
  /// - Returns: for each of ``cells`` and each of `times`, the norm for the state behind each step by its time; T numbers.
  public func stateGradientNorms(
    _ batch: SequenceBatch, state: State? = nil, outputGradient: Tensor, at times: [Int]
  ) -> [[[Double]]] {
    let (count, rows) = (batch.stepCount, times.count)
    trapUnless(
      batch.batchSize == 1 && batch.lengths == nil && times.allSatisfy((0..<count).contains),
      "stateGradientNorms: expected one whole row and times in 0 ..< \(count), received \(batch.batchSize) rows and \(times)"
    )
    trapUnless(
      outputGradient.shape == [count, 1, outputSize],
      "stateGradientNorms: expected a gradient [\(count), 1, \(outputSize)], received shape \(outputGradient.shape)"
    )
    guard count > 0, rows > 0 else { return cells.map { _ in [] } }
    let gathered = StateNorms(cells: cells.count, rows: rows, steps: count)
    let tape = Tape()
    defer { tape.close() }
    // a leaf, so that all of it is on the tape
    let input = tape.leaf(
      concatenate([Tensor](repeating: batch.values.detached, count: rows), axis: 1))
    let marks = batch.resets.map { marks in marks.flatMap { [Bool](repeating: $0, count: rows) } }
    let begin = State(
      cells: (state ?? initialState(batch: 1)).detached.cells.map {
        $0.rows([Int](repeating: 0, count: rows))
      })
    let layer = mappingParameters { $1.detached }
    let outputs = layer.read(SequenceBatch(input, resets: marks), state: begin, mode: .inference) {
      index, x, start, plan in
      let cell = layer.cells[index]
      return cell.unrolled(x, from: start, plan: plan) { step, input, state in
        let (output, next) = cell.step(input, state)
        return cell.watched(output, next) { gathered.add($0, cell: index, step: step, plan: plan) }
      }
    }.outputs
    let own = outputGradient.scalars
    var seeds = [Float](repeating: 0, count: count * rows * outputSize)
    for (row, time) in times.enumerated() {
      for unit in 0..<outputSize {
        seeds[(time * rows + row) * outputSize + unit] = own[time * outputSize + unit]
      }
    }
    var none: [Tensor?] = []
    _ = tape.gradients(
      from: [(outputs, Tensor(seeds, shape: [count, rows, outputSize], like: outputs))], addingTo: &none)
    return gathered.norms
  }
}
