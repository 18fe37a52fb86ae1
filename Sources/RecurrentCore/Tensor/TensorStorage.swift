import Synchronization

/// The memory of a tensor and the backend that understands it.
///
/// The only type of the package that is `Sendable` by promise: its memory is written by the code that made it, before
/// anybody else sees it, and afterwards only while it is uniquely referenced.
package final class TensorStorage: @unchecked Sendable {
  package let backend: any Backend
  package let bytes: Int
  /// The rows that a table is made of; its memory is then filled when somebody first asks for it.
  package let rows: SparseRows?

  private let counted: Int
  private let meter: MemoryMeter?
  private let memory: UnsafeMutableRawPointer?
  private let table = Mutex<Tensor?>(nil)

  /// Uninitialised memory of a backend.
  ///
  /// - Parameters:
  ///   - backend: whose memory it is.
  ///   - bytes: how much.
  ///   - counted: what a ``MemoryMeter`` sees, when `bytes` depends on the number of threads.
  package init(backend: any Backend, bytes: Int, counted: Int? = nil) {
    self.backend = backend
    self.bytes = bytes
    rows = nil
    self.counted = counted ?? bytes
    memory = backend.allocate(bytes: bytes)
    meter = MemoryMeter.active
    meter?.add(bytes: self.counted)
  }

  /// A table that is zero but for some rows.
  package init(backend: any Backend, rows: SparseRows) {
    self.backend = backend
    self.rows = rows
    bytes = 0
    counted = 0
    memory = nil
    meter = nil
  }

  deinit {
    meter?.remove(bytes: counted)
    if let memory { backend.deallocate(memory, bytes: bytes) }
  }

  package var pointer: UnsafeMutableRawPointer { memory ?? tableMemory }

  private var tableMemory: UnsafeMutableRawPointer {
    guard let rows else { fatalError("TensorStorage: neither memory nor rows") }
    return table.withLock { table in
      let whole = table ?? rows.table
      table = whole
      return whole.storage.pointer
    }
  }
}
