import CRecurrent
import CRecurrentKernels
import Recurrent
import RecurrentCore

extension KernelCall {
  /// Writes the gradients.
  ///
  /// - Throws: ``CallError`` where the call is not what the header asks for.
  fileprivate func differentiate(_ backward: rec_backward_call) throws {
    let saved = try required(call.saved, "saved")
    let (x, y) = (try required(call.x, "x"), try required(call.y, "y"))
    let weights = try cell.weights(call.weights, "weights")
    let gradients = try cell.weights(backward.gradients, "gradients")
    if let dx = backward.dx { plan.clearBeyond(dx, width: cell.input) }
    let isDirect = plan.plan.isIdentity
    let segments = plan.plan.segmentCount

    /// The gradients behind each segment; nil for zero.
    func upstream(_ rows: UnsafePointer<Float>?, _ width: Int) -> TensorStorage? {
      guard let rows, !isDirect else { return nil }
      let memory = memory(segments * width)
      plan.gatherLast(rows, width, to: memory.floats)
      return memory
    }
    let lastHidden = upstream(backward.dhn, cell.stateSize)
    let lastCell = cell.hasCellState ? upstream(backward.dcn, cell.hidden) : nil
    let firstHidden = isDirect && backward.dh0 != nil ? nil : memory(segments * cell.stateSize)
    let firstCell =
      !cell.hasCellState || isDirect && backward.dc0 != nil ? nil : memory(segments * cell.hidden)

    var arguments = rk_backward_args()
    arguments.dhn = lastHidden.map { UnsafePointer($0.floats) } ?? backward.dhn
    arguments.dcn = lastCell.map { UnsafePointer($0.floats) } ?? (cell.hasCellState ? backward.dcn : nil)
    arguments.dh0 = firstHidden?.floats ?? backward.dh0
    arguments.dc0 = firstCell?.floats ?? (cell.hasCellState ? backward.dc0 : nil)
    arguments.cell = cell.kernel(isNoisy: isNoisy)
    arguments.precision = cell.precision
    arguments.input = Int64(cell.input)
    arguments.hidden = Int64(cell.hidden)
    (arguments.x, arguments.y) = (x, UnsafePointer(y))
    arguments.weights = weights.kernel
    arguments.saved = saved.assumingMemoryBound(to: Float.self)
    arguments.dy = backward.dy
    arguments.dx = backward.dx
    arguments.gradients = gradients.kernelGradients
    withFirstStates { hidden, cellState in
      withWalk { walk, options in
        (arguments.h0, arguments.c0) = (hidden, cellState)
        (arguments.walk, arguments.options) = (walk, options)
        run(&arguments, gradients)
      }
    }
    if let firstHidden, let to = backward.dh0 {
      plan.scatterFirst(firstHidden.floats, cell.stateSize, to: to)
    }
    if let firstCell, let to = backward.dc0 { plan.scatterFirst(firstCell.floats, cell.hidden, to: to) }
    withExtendedLifetime((lastHidden, lastCell)) {}
  }

  private func run(_ arguments: inout rk_backward_args, _ gradients: rec_weights) {
    guard arguments.walk.slots > 0 else {
      // nothing was read: states pass through
      func pass(_ from: UnsafePointer<Float>?, _ to: UnsafeMutablePointer<Float>?, _ width: Int) {
        let count = plan.plan.segmentCount * width
        if let from { to?.update(from: from, count: count) } else { to?.update(repeating: 0, count: count) }
      }
      pass(arguments.dhn, arguments.dh0, cell.stateSize)
      pass(arguments.dcn, arguments.dc0, cell.hidden)
      return gradients.clear(cell)
    }
    let kernels = engine.backend.kernels.pointee
    let area = scratch { kernels.recurrent_backward_scratch_bytes(&arguments, $0) }
    arguments.scratch = area.floats
    withUnsafePointer(to: arguments) { pointer in
      engine.backend.pool.run(members: members) { kernels.recurrent_backward(pointer, $0) }
    }
    withExtendedLifetime(area) {}
  }
}

/// The gradients of a cell over sequences: `rec_backward` of the header.
@_cdecl("rec_backward")
public func recBackward(
  _ call: UnsafePointer<rec_backward_call>?, _ error: UnsafeMutablePointer<rec_error>?
) -> Int32 {
  status(error) {
    let backward = try required(call, "call").pointee
    guard backward.size >= MemoryLayout<rec_backward_call>.size else {
      throw CallError.argument(
        "the size of the call is \(backward.size), expected \(MemoryLayout<rec_backward_call>.size)")
    }
    try KernelCall(backward.forward).differentiate(backward)
  }
}
