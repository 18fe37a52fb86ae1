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

  private let memory: UnsafeMutableRawPointer?
  private let table = Mutex<Tensor?>(nil)

  /// Uninitialised memory from the pool.
  package init(backend: any Backend, bytes: Int) {
    self.backend = backend
    self.bytes = bytes
    rows = nil
    memory = StoragePool.shared.take(bytes: bytes)
  }

  /// A table that is zero but for some rows.
  package init(backend: any Backend, rows: SparseRows) {
    self.backend = backend
    self.rows = rows
    bytes = 0
    memory = nil
  }

  deinit { if let memory { StoragePool.shared.give(memory, bytes: bytes) } }

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
