import CRecurrent
import CRecurrentKernels
import Recurrent
import RecurrentCore

extension KernelCall {
  /// The packed weights of the call.
  ///
  /// - Throws: ``CallError`` where there are neither packed nor other weights, or those of another cell.
  private func packedWeights() throws -> Packed {
    // noise makes a plain cell one with options, whose weights stand in another order
    if let pointer = call.packed, !isNoisy || cell.hasCellState && !cell.isPlain {
      let packed = try Handle.object(pointer, Packed.self, "packed")
      guard packed.cell == cell else { throw CallError.argument("packed holds the weights of another cell") }
      return packed
    }
    return Packed(cell, try cell.weights(call.weights, "weights"), engine, isNoisy: isNoisy)
  }

  /// Runs the cell.
  fileprivate func run() throws {
    let packed = try packedWeights()
    let (x, y) = (try required(call.x, "x"), try required(call.y, "y"))
    plan.clearBeyond(y, width: cell.stateSize)
    let isDirect = plan.plan.isIdentity
    let segments = plan.plan.segmentCount
    let ownHidden = isDirect && call.hn != nil ? nil : memory(segments * cell.stateSize)
    let ownCell = !cell.hasCellState || isDirect && call.cn != nil ? nil : memory(segments * cell.hidden)
    let (hidden, cellState) = (
      ownHidden?.floats ?? call.hn, ownCell?.floats ?? (cell.hasCellState ? call.cn : nil)
    )
    withFirstStates { firstHidden, firstCell in
      withWalk { walk, options in
        guard walk.slots > 0 else {
          hidden?.update(from: firstHidden, count: segments * cell.stateSize)
          if let firstCell { cellState?.update(from: firstCell, count: segments * cell.hidden) }
          return
        }
        var arguments = rk_forward_args()
        arguments.cell = cell.kernel(isNoisy: isNoisy)
        arguments.precision = cell.precision
        arguments.walk = walk
        arguments.input = Int64(cell.input)
        arguments.hidden = Int64(cell.hidden)
        arguments.options = options
        arguments.x = x
        (arguments.h0, arguments.c0) = (firstHidden, firstCell)
        arguments.packed = packed.pointer
        arguments.y = y
        (arguments.hn, arguments.cn) = (hidden, cellState)
        arguments.saved = call.saved?.assumingMemoryBound(to: Float.self)
        let kernels = engine.backend.kernels.pointee
        let area = scratch { kernels.recurrent_forward_scratch_bytes(&arguments, $0) }
        arguments.scratch = area.floats
        withUnsafePointer(to: arguments) { pointer in
          engine.backend.pool.run(members: members) { kernels.recurrent_forward(pointer, $0) }
        }
        withExtendedLifetime(area) {}
      }
    }
    withExtendedLifetime(packed) {}
    if let ownHidden, let to = call.hn { plan.scatterLast(ownHidden.floats, cell.stateSize, to: to) }
    if let ownCell, let to = call.cn { plan.scatterLast(ownCell.floats, cell.hidden, to: to) }
  }
}

extension KernelCall {
  /// Bytes that a forward pass saves.
  fileprivate var savedBytes: Int {
    let kernels = engine.backend.kernels.pointee
    return withWalk { walk, options in
      kernels.recurrent_saved_bytes(
        cell.kernel(isNoisy: isNoisy), options, walk.slots, Int64(cell.hidden))
    }
  }
}

/// Bytes that a forward pass saves: `rec_saved_bytes` of the header.
@_cdecl("rec_saved_bytes")
public func recSavedBytes(
  _ call: UnsafePointer<rec_forward_call>?, _ error: UnsafeMutablePointer<rec_error>?
) -> Int64 {
  attempt(error) { Int64(max(64, try KernelCall(call).savedBytes)) } ?? -1
}

/// A cell over sequences: `rec_forward` of the header.
@_cdecl("rec_forward")
public func recForward(
  _ call: UnsafePointer<rec_forward_call>?, _ error: UnsafeMutablePointer<rec_error>?
) -> Int32 {
  status(error) { try KernelCall(call).run() }
}
