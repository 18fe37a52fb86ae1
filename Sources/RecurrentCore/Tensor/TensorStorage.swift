/// The memory of a tensor and the backend that understands it.
///
/// The only type of the package that is `Sendable` by promise: its memory is written by the code that made it, before
/// anybody else sees it, and afterwards only while it is uniquely referenced.
package final class TensorStorage: @unchecked Sendable {
  package let backend: any Backend
  package let pointer: UnsafeMutableRawPointer
  package let bytes: Int
  private let counted: Int
  private let meter: MemoryMeter?

  /// Uninitialised memory from the pool.
  ///
  /// - Parameters:
  ///   - backend: whose memory it is.
  ///   - bytes: how much.
  ///   - counted: what a ``MemoryMeter`` sees, when `bytes` depends on the number of threads.
  package init(backend: any Backend, bytes: Int, counted: Int? = nil) {
    self.backend = backend
    self.bytes = bytes
    self.counted = counted ?? bytes
    pointer = StoragePool.shared.take(bytes: bytes)
    meter = MemoryMeter.active
    meter?.add(bytes: self.counted)
  }

  deinit {
    meter?.remove(bytes: counted)
    StoragePool.shared.give(pointer, bytes: bytes)
  }
}
