import CRecurrent
import Recurrent

extension RecurrentLayer where C == AnyCell {
  /// The state whose parts stand one after the other, each `[B, width]`.
  func state(from numbers: UnsafePointer<Float>, batch: Int) -> State {
    var next = numbers
    return State(
      cells: initialState(batch: batch).cells.map { cell in
        AnyCell.State(
          tensors: cell.tensors.map { part in
            defer { next += part.count }
            return Tensor(
              [Float](UnsafeBufferPointer(start: next, count: part.count)), shape: part.shape, like: part)
          })
      })
  }

  /// Writes the parts of a state one after the other.
  func write(_ state: State, to numbers: UnsafeMutablePointer<Float>) {
    var next = numbers
    for part in state.cells.flatMap(\.tensors) {
      next.update(from: part.scalars, count: part.count)
      next += part.count
    }
  }
}

/// The lengths of rows; nil where all are whole.
///
/// - Throws: ``CallError`` where one is outside of 0 ... T.
func rowLengths(_ lengths: UnsafePointer<Int64>?, steps: Int, rows: Int) throws -> [Int]? {
  guard let lengths else { return nil }
  return try (0..<rows).map { row in
    guard (0...Int64(steps)).contains(lengths[row]) else {
      throw CallError.argument("lengths[\(row)] is \(lengths[row]), expected 0 to \(steps)")
    }
    return Int(lengths[row])
  }
}

/// Reads a batch with layers: `rec_apply` of the header.
@_cdecl("rec_apply")
public func recApply(
  _ model: OpaquePointer?, _ steps: Int64, _ rows: Int64, _ x: UnsafePointer<Float>?,
  _ lengths: UnsafePointer<Int64>?, _ state: UnsafePointer<Float>?, _ y: UnsafeMutablePointer<Float>?,
  _ end: UnsafeMutablePointer<Float>?, _ error: UnsafeMutablePointer<rec_error>?
) -> Int32 {
  status(error) {
    let model = try Handle.object(model, Model.self, "model")
    let layer = try model.layers(for: "rec_apply")
    let (steps, rows) = (try count(steps, "steps"), try count(rows, "rows"))
    let (x, y) = (try required(x, "x"), try required(y, "y"))
    let size = try product(steps, rows, layer.inputSize)
    _ = try product(steps, rows, layer.outputSize)
    let lengths = try rowLengths(lengths, steps: steps, rows: rows)
    model.engine.run {
      let input = Tensor(
        [Float](UnsafeBufferPointer(start: x, count: size)), shape: [steps, rows, layer.inputSize])
      let (outputs, final) = layer(
        SequenceBatch(input, lengths: lengths), state: state.map { layer.state(from: $0, batch: rows) })
      y.update(from: outputs.scalars, count: outputs.count)
      if let end { layer.write(final, to: end) }
    }
  }
}
