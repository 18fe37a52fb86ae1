import Synchronization

/// Norms of gradients by cell, row and time, gathered while a tape is walked backwards.
final class StateNorms: Sendable {
  private let squares: Mutex<[[[Double]]]>

  /// Zeros.
  init(cells: Int, rows: Int, steps: Int) {
    let row = [Double](repeating: 0, count: steps)
    squares = Mutex(Array(repeating: Array(repeating: row, count: rows), count: cells))
  }

  /// Adds the gradients of the parts of the state of a cell behind a step of its reading, `[alive, ...]`.
  func add(_ gradients: [Tensor?], cell: Int, step: Int, plan: SequencePlan) {
    for gradient in gradients.compactMap({ $0 }) {
      let rows = gradient.asMatrix
      for segment in 0..<rows.shape[0] {
        let own = rows.backend.sumOfSquares(rows.sliced(axis: 0, segment..<segment + 1))
        // the place of a step in the flat input, a row after the other at each time
        let place = Int(plan.first[segment] + Int64(step) * plan.stride)
        let (time, row) = (place / plan.batchSize, place % plan.batchSize)
        squares.withLock { $0[cell][row][time] += own }
      }
    }
  }

  /// The norms, `[cell][row][time]`.
  var norms: [[[Double]]] { squares.withLock { $0.map { $0.map { $0.map { $0.squareRoot() } } } } }
}
