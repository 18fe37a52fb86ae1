/// The memory of a tensor and the backend that understands it.
///
/// The only type of the package that is `Sendable` by promise: its memory is written by the code that made it, before
/// anybody else sees it, and afterwards only while it is uniquely referenced.
package final class TensorStorage: @unchecked Sendable {
  package let backend: any Backend
  package let pointer: UnsafeMutableRawPointer
  package let bytes: Int

  /// Uninitialised memory from the pool.
  package init(backend: any Backend, bytes: Int) {
    self.backend = backend
    self.bytes = bytes
    pointer = StoragePool.shared.take(bytes: bytes)
  }

  deinit { StoragePool.shared.give(pointer, bytes: bytes) }
}
