/// How the outputs of two directions become one.
public enum DirectionMerge: String, Sendable, Codable, CaseIterable {
  /// Side by side: twice as wide.
  case concatenate
  /// Added.
  case sum
  /// Their mean.
  case average
}

/// Where the state of a recurrent layer begins when none is given.
public enum InitialState: String, Sendable, Codable, CaseIterable {
  /// Zeros.
  case zero
  /// Parameters that are trained with the others, one state for all rows.
  case trained
}

/// A recurrent network of any cell: layers on layers, one or two directions, ragged batches, resets.
///
///     let layer = RecurrentLayer(layerCount: 2, inputSize: 64) { LSTM(inputSize: $0, hiddenSize: 256, key: $1) }
///     let (outputs, state) = layer(SequenceBatch(x, lengths: [5, 0, 7]))
///
/// A row of a ragged batch gets the bits of the row alone, a sequence in pieces (with the state carried from piece to
/// piece) the bits of the whole.
public struct RecurrentLayer<C: Cell>: Module {
  /// `layerCount` times the number of directions, forward before backward in each layer.
  public var cells: [C]
  /// Where each cell begins, when that is trained: the parts of a state with one row.
  public var initialStates: [[Tensor]]
  /// The number of layers on top of each other.
  public let layerCount: Int
  /// Whether each layer also reads from the end to the beginning.
  public let isBidirectional: Bool
  /// How the outputs of the directions are put together, in every layer.
  public let merge: DirectionMerge
  /// The dropout rate between layers, in training.
  public let dropoutRate: Float
  /// Whether dropout uses one mask for all steps.
  public let isDropoutVariational: Bool

  /// The states of all cells, in the order of ``cells``; each `[B, ...]`.
  public struct State: Sendable {
    /// One for each cell.
    public var cells: [C.State]

    /// From the states of all cells.
    public init(cells: [C.State]) { self.cells = cells }

    /// The same state off the tape.
    public var detached: State { State(cells: cells.map(\.detached)) }
  }

  /// A network of cells made by `makeCell(inputSize, key)`.
  ///
  /// - Parameters:
  ///   - layerCount: layers on top of each other, at least 1.
  ///   - inputSize: the width of the input of the first layer.
  ///   - isBidirectional: whether each layer also reads backwards.
  ///   - merge: how the directions' outputs are put together.
  ///   - dropoutRate: between layers, in training.
  ///   - isDropoutVariational: one dropout mask for all steps.
  ///   - initialState: zeros or trained.
  ///   - key: of the random numbers.
  ///   - makeCell: makes a cell for an input width and a key.
  public init(
    layerCount: Int = 1, inputSize: Int, isBidirectional: Bool = false, merge: DirectionMerge = .concatenate,
    dropoutRate: Float = 0, isDropoutVariational: Bool = false, initialState: InitialState = .zero,
    key: RandomKey, makeCell: (Int, RandomKey) -> C
  ) {
    trapUnless(layerCount >= 1, "RecurrentLayer: expected at least one layer, received \(layerCount)")
    let directions = isBidirectional ? 2 : 1
    var cells: [C] = []
    var width = inputSize
    for layer in 0..<layerCount {
      for direction in 0..<directions {
        cells.append(makeCell(width, key.child(layer * directions + direction)))
      }
      width = clampedProduct(
        cells[cells.count - 1].outputSize, isBidirectional && merge == .concatenate ? 2 : 1)
    }
    self.cells = cells
    initialStates = initialState == .zero ? [] : cells.map { $0.initialState(batch: 1).tensors }
    self.layerCount = layerCount
    self.isBidirectional = isBidirectional
    self.merge = merge
    self.dropoutRate = dropoutRate
    self.isDropoutVariational = isDropoutVariational
  }

  /// The width of the input.
  public var inputSize: Int { cells[0].inputSize }

  /// The width of the output.
  public var outputSize: Int {
    cells[cells.count - 1].outputSize * (isBidirectional && merge == .concatenate ? 2 : 1)
  }

  var directionCount: Int { isBidirectional ? 2 : 1 }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    for index in cells.indices {
      let suffix = "_l\(index / directionCount)" + (index % directionCount == 1 ? "_reverse" : "")
      visitor.visit(suffix: suffix, &cells[index])
      if !initialStates.isEmpty {
        for part in initialStates[index].indices {
          visitor.visit("initial_\(part)\(suffix)", &initialStates[index][part])
        }
      }
    }
  }

  /// The state that `batch` rows begin with.
  public func initialState(batch: Int) -> State {
    State(
      cells: cells.indices.map { index in
        let zero = cells[index].initialState(batch: batch)
        if initialStates.isEmpty { return zero }
        return C.State(tensors: zip(zero.tensors, initialStates[index]).map { $0 + $1 })
      })
  }

  /// The same network with its weights in the form that kernels read, for many short calls with fixed weights.
  public func packed() -> RecurrentLayer {
    var copy = self
    copy.cells = cells.map { $0.packed() }
    return copy
  }

  /// The same network with the operands of its products rounded to `precision`, in the cells that know it.
  public func with(precision: Precision) -> RecurrentLayer {
    var copy = self
    copy.cells = cells.map { $0.with(precision: precision) }
    return copy
  }

  /// Reads a batch of sequences.
  ///
  /// - Parameters:
  ///   - batch: values `[T, B, I]`.
  ///   - state: of B rows; nil for the initial state.
  ///   - mode: training for dropout between layers and for the noise inside the cells.
  /// - Returns: the outputs of the last layer `[T, B, outputSize]`, zero beyond the lengths, and the state after the
  ///   last real step of each row.
  public func callAsFunction(
    _ batch: SequenceBatch, state: State? = nil, mode: Mode = .inference
  ) -> (outputs: Tensor, state: State) {
    switch mode {
    case .observed(let observer): return observed(batch, state: state, by: observer)
    case .training(_, _, _, let observer?): return sampled(batch, state: state, mode: mode, by: observer)
    case .inference, .training: return read(batch, state: state, mode: mode)
    }
  }

  /// Reads a batch; in place of the scan of the cell with a number, `scan` is called where it is given.
  func read(
    _ batch: SequenceBatch, state: State?, mode: Mode,
    scan: ((Int, Tensor, C.State, SequencePlan) -> (outputs: Tensor, state: C.State))? = nil
  ) -> (outputs: Tensor, state: State) {
    trapUnless(
      batch.featureCount == inputSize,
      "RecurrentLayer: expected input [T, B, \(inputSize)], received shape \(batch.values.shape)")
    trapUnless(
      state == nil || state?.cells.count == cells.count,
      "RecurrentLayer: expected the states of \(cells.count) cells, received \(state?.cells.count ?? 0)")
    trapUnless(
      !isBidirectional || !batch.isPart,
      "RecurrentLayer: a network that reads backwards needs whole sequences, received a part of one")
    let plans = [batch.plan(.forward)] + (isBidirectional ? [batch.plan(.backward)] : [])
    let begin = state ?? initialState(batch: batch.batchSize)
    let fresh = plans.allSatisfy { $0.continuesState.allSatisfy { $0 } } ? nil : initialState(batch: 1)
    var values = batch.values
    var final: [C.State] = []
    for layer in 0..<layerCount {
      if layer > 0 {
        values = Dropout(rate: dropoutRate, isVariational: isDropoutVariational)(
          values, mode: mode.child(layer))
      }
      let first = layer * directionCount
      func start(_ direction: Int) -> C.State {
        plans[direction].segmentStates(
          from: begin.cells[first + direction], fresh: fresh?.cells[first + direction])
      }
      let results: [(outputs: Tensor, state: C.State)]
      if let scan {
        results = plans.enumerated().map { direction, plan in
          let (output, end) = scan(first + direction, values, start(direction), plan)
          return (output, plan.rowStates(from: end))
        }
      } else {
        results = directions(of: layer, values, begin.cells[first...]) { [values] direction in
          let (index, plan) = (first + direction, plans[direction])
          let (output, end) = cells[index].scan(
            values, from: start(direction), plan: plan, mode: mode.child(layerCount + index))
          return (output, plan.rowStates(from: end))
        }
      }
      final += results.map(\.state)
      values = merged(results.map(\.outputs))
    }
    return (values, State(cells: final))
  }

  /// What `scan` gives for each direction of a layer. In inference the directions are read at the same time, each by
  /// threads of its own, which need not wait for one another at every step.
  private func directions(
    of layer: Int, _ values: Tensor, _ states: ArraySlice<C.State>,
    _ scan: (Int) -> (outputs: Tensor, state: C.State)
  ) -> [(outputs: Tensor, state: C.State)] {
    let own = cells[layer * directionCount..<(layer + 1) * directionCount]
    // other cells might record on a tape what cannot be seen here
    guard isBidirectional, own.allSatisfy(\.isSelfContained), values.node == nil,
      states.prefix(directionCount).allSatisfy({ $0.tensors.allSatisfy { $0.node == nil } }),
      own.allSatisfy({ $0.parameters.allSatisfy { $0.value.node == nil } })
    else { return (0..<directionCount).map(scan) }
    var results: [(outputs: Tensor, state: C.State)] = []
    values.backend.concurrently(directionCount) {
      scan($0)
    } inOrder: {
      results.append($0)
    }
    return results
  }

  /// One step of streaming: `[B, I]` in, `[B, outputSize]` out, with the bits that the whole sequence would give.
  /// Only for networks of one direction.
  public func step(_ x: Tensor, _ state: State) -> (output: Tensor, state: State) {
    trapUnless(!isBidirectional, "RecurrentLayer.step: a network that reads backwards cannot stream")
    let (outputs, next) = self(SequenceBatch(x.reshaped(to: [1] + x.shape)), state: state)
    return (outputs.reshaped(to: [x.shape[0], outputSize]), next)
  }

  private func merged(_ outputs: [Tensor]) -> Tensor {
    guard outputs.count == 2 else { return outputs[0] }
    switch merge {
    case .concatenate: return concatenate(outputs, axis: 2)
    case .sum: return outputs[0] + outputs[1]
    case .average: return (outputs[0] + outputs[1]) * 0.5
    }
  }
}

extension SequencePlan {
  /// One row of state for each segment, from one for each batch row and a fresh one for after resets.
  func segmentStates<S: RecurrentState>(from rows: S, fresh: S?) -> S {
    if isIdentity { return rows }
    guard let fresh else { return rows.rows(rowOfSegment) }
    let table = S.joined([rows, fresh])
    return table.rows(zip(rowOfSegment, continuesState).map { $1 ? $0 : batchSize })
  }

  /// One row of state for each batch row, that of its last segment.
  func rowStates<S: RecurrentState>(from segments: S) -> S {
    isIdentity ? segments : segments.rows(lastSegmentOfRow)
  }
}
