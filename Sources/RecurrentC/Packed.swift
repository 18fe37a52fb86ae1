import CRecurrent
import CRecurrentKernels
import Recurrent
import RecurrentCore

/// Weights in the form that the kernels read.
final class Packed: Sendable {
  let cell: KernelCell
  private let storage: TensorStorage

  /// Packs weights. `isNoisy` says that steps leave old state or see a part of it.
  init(_ cell: KernelCell, _ weights: rec_weights, _ engine: Engine, isNoisy: Bool = false) {
    self.cell = cell
    let backend = engine.backend
    let kernels = backend.kernels.pointee
    let kernel = cell.kernel(isNoisy: isNoisy)
    let (input, hidden) = (Int64(cell.input), Int64(cell.hidden))
    let isPlain = cell.isPlain && !isNoisy
    let (packing, arguments) = (cell.options, weights.kernel)
    storage = withUnsafePointer(to: packing) { options in
      let options = isPlain ? nil : options
      let storage = TensorStorage(
        backend: backend,
        bytes: kernels.recurrent_packed_bytes(kernel, options, cell.precision, input, hidden))
      let packed = storage.pointer.assumingMemoryBound(to: Float.self)
      withUnsafePointer(to: arguments) { arguments in
        backend.pool.run(members: storage.bytes > 1 << 16 ? backend.pool.teamSize : 1) { team in
          kernels.recurrent_pack(kernel, options, cell.precision, input, hidden, arguments, packed, team)
        }
      }
      return storage
    }
  }

  /// The panels.
  var pointer: UnsafePointer<Float> { UnsafePointer(storage.pointer.assumingMemoryBound(to: Float.self)) }
}

/// Packs weights: `rec_pack` of the header.
@_cdecl("rec_pack")
public func recPack(
  _ engine: OpaquePointer?, _ cell: UnsafePointer<rec_cell>?, _ weights: UnsafePointer<rec_weights>?,
  _ error: UnsafeMutablePointer<rec_error>?
) -> OpaquePointer? {
  attempt(error) {
    let engine = try Engine.at(engine)
    let cell = try KernelCell(cell)
    return Handle.retained(Packed(cell, try cell.weights(weights, "weights"), engine))
  }
}

/// Frees packed weights: `rec_packed_free` of the header.
@_cdecl("rec_packed_free")
public func recPackedFree(_ packed: OpaquePointer?) { Handle.release(packed, Packed.self) }
