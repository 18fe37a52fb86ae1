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
  /// The gradient of the loss with respect to the state behind the last step of each row, as it comes from who goes on from it:
  /// of each cell that of each part, `[B, ...]`; nil where the loss does not depend on it, empty where on none of them.
  public internal(set) var finalGradient: [[Tensor?]] = []
  /// ``RecurrentLayer/stateGradientNorms(_:state:outputGradient:of:)`` of the layer from where it began.
  let norms: @Sendable (_ outputGradient: Tensor, _ losses: [(row: Int, time: Int)]) -> [[[Double]]]
  /// ``RecurrentLayer/stateGradientNorms(_:state:finalGradient:ofRows:)`` of the layer from where it began.
  let finalNorms: @Sendable (_ finalGradient: [[Tensor?]], _ rows: [Int]) -> [[[Double]]]
  /// ``RecurrentLayer/trace(_:state:)`` of the layer from where it began.
  let traces: @Sendable () -> [[(name: String, values: Tensor)]]

  /// How many steps of a row are real.
  public func length(ofRow row: Int) -> Int { batch.lengths?[row] ?? batch.stepCount }

  /// The norms of the gradient of single steps' losses with respect to all states: that of the loss as it reaches the output
  /// at a time, with respect to the state of each cell behind each step.
  ///
  /// - Parameter times: t, of the first row.
  /// - Returns: `[cell][t][time of the state]`; empty where there is no gradient.
  public func stateGradientNorms(at times: [Int]) -> [[[Double]]] {
    stateGradientNorms(of: times.map { (0, $0) })
  }

  /// The same for losses in any rows.
  ///
  /// - Parameter losses: the row and the time of each.
  /// - Returns: `[cell][loss][time of the state]`, as many times as the row is long; empty where there is no gradient.
  public func stateGradientNorms(of losses: [(row: Int, time: Int)]) -> [[[Double]]] {
    guard let outputGradient, !losses.isEmpty else { return [] }
    return norms(outputGradient, losses).map { cell in
      zip(cell, losses).map { Array($0.prefix(length(ofRow: $1.row))) }
    }
  }

  /// The norms of the gradient of a loss that comes in through the state behind the last step.
  ///
  /// - Parameter rows: whose losses.
  /// - Returns: `[cell][row][time of the state]`, as many times as the row is long; empty where there is no gradient.
  public func stateGradientNorms(ofFinalStateIn rows: [Int]) -> [[[Double]]] {
    guard !finalGradient.isEmpty, !rows.isEmpty else { return [] }
    return finalNorms(finalGradient, rows).map { cell in
      zip(cell, rows).map { Array($0.prefix(length(ofRow: $1))) }
    }
  }

  /// The reading with what happens in its cells, where that was not kept while it was read.
  public func traced() -> RecurrentReading {
    guard parts.contains(where: { $0.values.isEmpty }) else { return self }
    var copy = self
    for (index, values) in traces().enumerated() { copy.parts[index].values = values }
    return copy
  }
}

extension RecurrentLayer {
  /// The norms of the gradients of single outputs of one row with respect to all states; see
  /// ``stateGradientNorms(_:state:outputGradient:of:)``.
  ///
  /// - Parameters:
  ///   - batch: one row, `[T, 1, I]`.
  ///   - state: of one row; nil for the initial state.
  ///   - outputGradient: g, `[T, 1, outputSize]`.
  ///   - times: t, each in 0 ..< T.
  public func stateGradientNorms(
    _ batch: SequenceBatch, state: State? = nil, outputGradient: Tensor, at times: [Int]
  ) -> [[[Double]]] {
    trapUnless(
      batch.batchSize == 1, "stateGradientNorms: expected one row, received \(batch.batchSize) rows")
    return stateGradientNorms(
      batch, state: state, outputGradient: outputGradient, of: times.map { (0, $0) })
  }

  /// The norms of the gradients of single outputs with respect to all states: how far back each step's loss reaches.
  ///
  ///     norm[cell][m][s] = || (d y_t / d h_s)^T g_t ||,   (b, t) = losses[m], all of row b
  ///
  /// with y_t the output of the network at t and g_t the gradient of a loss with respect to it. All losses are done in one pass,
  /// each in a row of its own. Of a cell with several parts of state, all of them count.
  ///
  /// - Parameters:
  ///   - batch: values `[T, B, I]`.
  ///   - state: of B rows; nil for the initial state.
  ///   - outputGradient: g, `[T, B, outputSize]`.
  ///   - losses: b in 0 ..< B and t before the end of the row.
  /// - Returns: for each of ``cells`` and each of `losses`, the norm for the state behind each step by its time; T numbers.
  public func stateGradientNorms(
    _ batch: SequenceBatch, state: State? = nil, outputGradient: Tensor, of losses: [(row: Int, time: Int)]
  ) -> [[[Double]]] {
    let count = batch.stepCount
    trapUnless(
      losses.allSatisfy {
        (0..<batch.batchSize).contains($0.row) && (0..<(batch.lengths?[$0.row] ?? count)).contains($0.time)
      },
      "stateGradientNorms: expected steps of \(batch.batchSize) rows of at most \(count) steps, received \(losses)"
    )
    trapUnless(
      outputGradient.shape == [count, batch.batchSize, outputSize],
      "stateGradientNorms: expected a gradient [\(count), \(batch.batchSize), \(outputSize)], received shape \(outputGradient.shape)"
    )
    return norms(batch, state: state, rows: losses.map(\.row)) { outputs, _ in
      let gradient = outputGradient.scalars
      var seeds = [Float](repeating: 0, count: outputs.count)
      for (index, loss) in losses.enumerated() {
        for unit in 0..<outputSize {
          seeds[(loss.time * losses.count + index) * outputSize + unit] =
            gradient[(loss.time * batch.batchSize + loss.row) * outputSize + unit]
        }
      }
      return [(outputs, Tensor(seeds, shape: outputs.shape, like: outputs))]
    }
  }

  /// The norms of the gradients of losses that come in through the states behind the last steps: how far back they reach.
  ///
  ///     norm[cell][m][s] = || (d s_end / d h_s)^T g ||,   all of row b = rows[m]
  ///
  /// - Parameters:
  ///   - batch: values `[T, B, I]`.
  ///   - state: of B rows; nil for the initial state.
  ///   - finalGradient: g, for each of ``cells`` and each part of its state, `[B, ...]`; nil for zeros.
  ///   - rows: in 0 ..< B.
  /// - Returns: for each of ``cells`` and each of `rows`, the norm for the state behind each step by its time; T numbers.
  func stateGradientNorms(
    _ batch: SequenceBatch, state: State? = nil, finalGradient: [[Tensor?]], ofRows rows: [Int]
  ) -> [[[Double]]] {
    norms(batch, state: state, rows: rows) { _, final in
      zip(final.cells, finalGradient).flatMap { cell, gradients in
        zip(cell.tensors, gradients).compactMap { part, gradient in
          gradient.map { (part, $0.rows(rows)) }
        }
      }
    }
  }

  /// The norms of the gradient with respect to all states of what `seed` gives for the outputs and the final state of rows.
  private func norms(
    _ batch: SequenceBatch, state: State?, rows numbers: [Int],
    _ seed: (_ outputs: Tensor, _ final: State) -> [(tensor: Tensor, gradient: Tensor)]
  ) -> [[[Double]]] {
    let (count, rows) = (batch.stepCount, numbers.count)
    guard count > 0, rows > 0 else { return cells.map { _ in [] } }
    let gathered = StateNorms(cells: cells.count, rows: rows, steps: count)
    let own = batch.replacing(batch.values.detached).rows(numbers)
    let tape = Tape()
    defer { tape.close() }
    // a leaf, so that all of it is on the tape
    let input = own.replacing(tape.leaf(own.values))
    let begin = State(
      cells: (state ?? initialState(batch: batch.batchSize)).detached.cells.map {
        $0.rows(numbers)
      })
    let layer = mappingParameters { $1.detached }
    let (outputs, final) = layer.read(input, state: begin, mode: .inference) { index, x, start, plan in
      let cell = layer.cells[index]
      return cell.unrolled(x, from: start, plan: plan) { step, input, state in
        let (output, next) = cell.step(input, state)
        return cell.watched(output, next) { gathered.add($0, cell: index, step: step, plan: plan) }
      }
    }
    var none: [Tensor?] = []
    _ = tape.gradients(from: seed(outputs, final), addingTo: &none)
    return gathered.norms
  }
}

extension SequenceBatch {
  /// Some rows, in an order of their own, any of them more than once.
  func rows(_ numbers: [Int]) -> SequenceBatch {
    let lengths = lengths.map { lengths in numbers.map { lengths[$0] } }
    return SequenceBatch(
      values.columns(numbers), lengths: lengths?.allSatisfy { $0 == stepCount } ?? true ? nil : lengths,
      resets: resets.map { marks in
        (0..<stepCount).flatMap { step in numbers.map { marks[step * batchSize + $0] } }
      })
  }
}

extension Tensor {
  /// Some columns of `[T, B, F]`.
  func columns(_ numbers: [Int]) -> Tensor {
    if numbers.elementsEqual(0..<shape[1]) { return self }
    return concatenate(numbers.map { sliced(axis: 1, $0..<$0 + 1) }, axis: 1)
  }
}
