// Looking inside: traces, and readings that an observer is shown.
extension RecurrentLayer {
  /// What happens inside each cell while the network reads a batch, without noise and off the tape.
  ///
  /// - Parameters:
  ///   - batch: values `[T, B, I]`.
  ///   - state: of B rows; nil for the initial state.
  /// - Returns: for each of ``cells`` its activated gates and states by name, `[T, B, width]`, zero beyond the lengths; empty
  ///   where there is no step.
  public func trace(_ batch: SequenceBatch, state: State? = nil) -> [[(name: String, values: Tensor)]] {
    var traces = [[(name: String, values: Tensor)]](repeating: [], count: cells.count)
    let layer = mappingParameters { $1.detached }
    _ = layer.read(
      batch.replacing(batch.values.detached), state: state?.detached, mode: .inference
    ) { index, values, start, plan in
      traces[index] = layer.cells[index].trace(values, from: start, plan: plan)
      return layer.cells[index].scan(values, from: start, plan: plan)
    }
    return traces
  }

  /// Reads a batch step by step and shows what happens.
  func observed(
    _ batch: SequenceBatch, state: State?, by observer: RecurrentObserver
  ) -> (outputs: Tensor, state: State) {
    let reading = observer.begin(reading(batch, state: state))
    let (outputs, final) = read(batch, state: state, mode: .inference) { index, values, start, plan in
      observer.scan(cells[index], part: part(index, plan), of: reading, values, from: start, plan: plan)
    }
    return observer.end(reading, outputs, final)
  }

  /// Reads a batch as in training, and shows some of its rows.
  func sampled(
    _ batch: SequenceBatch, state: State?, mode: Mode, by observer: RecurrentObserver
  ) -> (outputs: Tensor, state: State) {
    let (outputs, final) = read(batch, state: state, mode: mode)
    // without a gradient there is nothing to see
    guard outputs.node != nil, let rows = observer.rows(of: batch) else { return (outputs, final) }
    let own = batch.replacing(batch.values.detached).rows(rows)
    var reading = reading(own, state: state.map { State(cells: $0.detached.cells.map { $0.rows(rows) }) })
    let plans = [own.plan(.forward)] + (isBidirectional ? [own.plan(.backward)] : [])
    reading.parts = cells.indices.map { part($0, plans[$0 % directionCount]) }
    return observer.end(observer.begin(reading), outputs, final, rows: rows)
  }

  /// A reading of a batch off the tape from a state, without its parts and outputs.
  private func reading(_ batch: SequenceBatch, state: State?) -> RecurrentReading {
    let (layer, begin) = (mappingParameters { $1.detached }, state?.detached)
    let own = batch.replacing(batch.values.detached)
    return RecurrentReading(batch: own, outputs: own.values) { gradient, losses in
      layer.stateGradientNorms(own, state: begin, outputGradient: gradient, of: losses)
    } finalNorms: { gradient, rows in
      layer.stateGradientNorms(own, state: begin, finalGradient: gradient, ofRows: rows)
    } traces: {
      layer.trace(own, state: begin)
    }
  }

  private func part(_ index: Int, _ plan: SequencePlan) -> RecurrentReading.Part {
    let kind = (cells[index] as? AnyCell).map { "\(type(of: $0.base))" } ?? "\(C.self)"
    return RecurrentReading.Part(
      layer: index / directionCount, isReverse: index % directionCount == 1, cell: kind,
      inputSize: cells[index].inputSize, outputSize: cells[index].outputSize, plan: plan)
  }
}
