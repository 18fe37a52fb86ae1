/// A recurrent network that reads one step of B rows after the other, at the speed of the hardware.
///
///     var stepper = RecurrentStepper(layer)
///     for sample in samples {                       // [Float], I numbers each
///       stepper.step(sample)
///       stepper.withOutput { hidden in ... }        // H numbers
///     }
///
/// The outputs and states are those of ``RecurrentLayer/callAsFunction(_:state:mode:)`` over the whole sequence, bit for
/// bit. Weights are packed once, when the stepper is made, and everything else lives in one block of memory: a step
/// allocates nothing, and takes no lock. Only where another thread of the backend is to help (large weights) and sleeps,
/// it is woken.
///
/// A stepper is a value. A copy shares the memory until one of the two goes on; that step copies it once. ``state`` is
/// the ordinary state of the layer, to be saved or to begin from.
///
/// Cells that the backend does not fuse, among them custom ones, are stepped by ``Cell/step(_:_:)`` and allocate as that
/// does; see ``isResident``.
///
/// A stepper is for inference: it has no dropout and records nothing on a tape.
public struct RecurrentStepper<C: Cell>: Sendable {
  /// B: rows that are stepped together.
  public let batchSize: Int
  /// I: the width of the input.
  public let inputSize: Int
  /// The width of the output: that of the last head, or of the layer when there is none.
  public let outputSize: Int

  /// Whether the network is stepped in memory of its own, without allocation.
  public let isResident: Bool
  private var engine: any StepEngine

  /// The rows that a step reads: the first ones, B where nothing else was set.
  public private(set) var rowCount: Int

  /// Makes a stepper of a layer of one direction.
  ///
  /// - Parameters:
  ///   - layer: the network; it is copied, later changes do not show.
  ///   - heads: linear maps that the output of the layer goes through, in this order.
  ///   - batchSize: B, at least 1.
  ///   - state: of B rows; nil for the layer's initial state.
  ///
  /// Traps when the layer reads backwards too, or when the widths of the heads or the rows of the state do not fit.
  public init(
    _ layer: RecurrentLayer<C>, heads: [Linear] = [], batchSize: Int = 1,
    state: RecurrentLayer<C>.State? = nil
  ) {
    trapUnless(!layer.isBidirectional, "RecurrentStepper: a network that reads backwards cannot be stepped")
    trapUnless(batchSize >= 1, "RecurrentStepper: expected at least one row, received \(batchSize)")
    let state = (state ?? layer.initialState(batch: batchSize)).detached
    trapUnless(
      state.cells.count == layer.cells.count
        && state.cells.allSatisfy { $0.tensors.allSatisfy { $0.shape[0] == batchSize } },
      "RecurrentStepper: expected the states of \(layer.cells.count) cells with \(batchSize) rows")
    (self.batchSize, rowCount) = (batchSize, batchSize)
    inputSize = layer.inputSize
    var width = layer.outputSize
    for head in heads {
      trapUnless(
        head.weight.shape[1] == width,
        "RecurrentStepper: expected a head that reads \(width) numbers, received weights \(head.weight.shape)"
      )
      width = head.weight.shape[0]
    }
    outputSize = width
    let stages = layer.stepStages(from: state, heads: heads)
    let resident = stages.flatMap { $0.backend.stepEngine($0.stages, batchSize: batchSize) }
    isResident = resident != nil
    engine =
      resident
      ?? UnrolledStepEngine(
        layer: layer.packed(), heads: heads.map { $0.packed() }, batchSize: batchSize, state: state,
        output: Array(repeating: 0, count: batchSize * width))
  }

  /// The state after the last step. Reading it makes new tensors; writing it goes on from there.
  public var state: RecurrentLayer<C>.State {
    get { RecurrentLayer<C>.State(cells: engine.states.map { C.State(tensors: $0) }) }
    set { engine.setStates(newValue.cells.map(\.tensors)) }
  }

  /// Reads one step.
  ///
  /// - Parameter input: B * I numbers, row-major, with ``setRowCount(_:)`` of so many rows. Traps when there are more or fewer.
  public mutating func step(_ input: UnsafeBufferPointer<Float>) {
    trapUnless(
      input.count == rowCount * inputSize,
      "RecurrentStepper.step: expected \(rowCount * inputSize) numbers, received \(input.count)")
    engine.step(input)
  }

  /// Reads one step.
  ///
  /// - Parameter input: B * I numbers, row-major. Traps when there are more or fewer.
  public mutating func step(_ input: [Float]) {
    input.withUnsafeBufferPointer { step($0) }
  }

  /// Reads one step of vectors out of a table.
  ///
  /// - Parameters:
  ///   - symbols: B numbers of rows, each in 0 ..< V. Traps at others.
  ///   - embedding: a table `[V, I]`.
  public mutating func step(_ symbols: UnsafeBufferPointer<Int32>, in embedding: Embedding) {
    let count = embedding.weight.shape[0]
    trapUnless(
      symbols.count == rowCount && embedding.weight.shape[1] == inputSize,
      "RecurrentStepper.step: expected \(rowCount) symbols and vectors of \(inputSize) numbers, received "
        + "\(symbols.count) and \(embedding.weight.shape[1])")
    for symbol in symbols {
      trapUnless(
        symbol >= 0 && Int(symbol) < count,
        "RecurrentStepper.step: symbol \(symbol) is outside 0 ..< \(count)")
    }
    engine.step(rows: symbols, of: embedding.weight)
  }

  /// Takes back what the last step did to the state of a row, as if it had not been read: the rows of a batch may go on at
  /// times of their own. At most once for each step and row; ``output`` stays.
  public mutating func takeBack(row: Int) {
    trapUnless(
      (0..<batchSize).contains(row), "RecurrentStepper: row \(row) is outside 0 ..< \(batchSize)")
    engine.takeBack(row: row)
  }

  /// Calls `body` with the output of the last step, B * outputSize numbers, row-major; zeros before the first step.
  public func withOutput<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    try engine.withOutput(body)
  }

  /// Numbers of the state of one row; nil where rows cannot come and go, so that nothing of what follows may be called.
  public var rowStateCount: Int? { engine.rowStateCount }

  /// Lets the next steps read the first `count` rows alone, 1 to B: inputs are of so many rows, outputs of the others mean
  /// nothing. A row behind them has no state after a step until ``setRow(_:from:row:)`` gives it one.
  public mutating func setRowCount(_ count: Int) {
    engine.setRowCount(count)
    rowCount = count
  }

  /// Goes on with a row from the state of a row of another stepper of the same network; without allocation.
  public mutating func setRow(_ row: Int, from other: RecurrentStepper, row otherRow: Int) {
    guard let count = rowStateCount, other.rowStateCount == count else {
      trapUnless(
        false, "RecurrentStepper.setRow: expected a stepper of the same network whose rows can come and go")
      return
    }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(count, 1)) { numbers in
      guard let base = numbers.baseAddress else { return }
      other.engine.copyRowState(otherRow, to: base)
      engine.setRowState(row, from: base)
    }
  }

  /// A copy of the output of the last step, B * outputSize numbers, row-major; zeros before the first step.
  public var output: [Float] { withOutput { Array($0) } }
}

extension RecurrentLayer {
  /// The layers and heads as stages of a stack, and the backend of their weights; nil when one of them has no such form.
  fileprivate func stepStages(
    from state: State, heads: [Linear]
  ) -> (stages: [StepStage], backend: any Backend)? {
    var stages: [StepStage] = []
    var backend: (any Backend)?
    for (cell, state) in zip(cells, state.cells) {
      guard let stage = cell.stepStage(from: state) else { return nil }
      backend = backend ?? state.tensors.first?.backend
      stages.append(stage)
    }
    for head in heads {
      guard let stage = head.stepStage else { return nil }
      stages.append(stage)
    }
    return backend.map { (stages, $0) }
  }
}
