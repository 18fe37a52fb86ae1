import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Keeps freed blocks of memory for the next tensor of about the same size.
///
/// Blocks are 64-byte aligned and not zeroed. Sizes are rounded up to eighths of a power of two, so that at most an
/// eighth is wasted and a training step finds every block that it needs from the second step on.
package final class StoragePool: Sendable {
  /// The pool of the process.
  package static let shared = StoragePool()

  /// Blocks that were asked from the system, and their bytes, since the start.
  package struct Statistics: Sendable, Equatable {
    /// Number of blocks.
    package var systemAllocations = 0
    /// Bytes in blocks that are in use or kept.
    package var bytes = 0
  }

  private struct State: ~Copyable {
    var free: [Int: [UInt]] = [:]
    var statistics = Statistics()
  }

  private let state = Mutex(State())

  package init() {}

  package var statistics: Statistics { state.withLock { $0.statistics } }

  /// The size of the block that serves a request of `bytes`.
  package static func blockSize(for bytes: Int) -> Int {
    guard bytes > 512 else { return 512 }
    let exponent = Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount
    let step = max(64, 1 << (exponent - 3))
    return (bytes + step - 1) / step * step
  }

  /// A block of at least `bytes`; its size is `blockSize(for: bytes)`.
  package func take(bytes: Int) -> UnsafeMutableRawPointer {
    let size = StoragePool.blockSize(for: bytes)
    let reused = state.withLock { state -> UInt? in
      if let address = state.free[size]?.popLast() { return address }
      state.statistics.systemAllocations += 1
      state.statistics.bytes += size
      return nil
    }
    if let reused, let pointer = UnsafeMutableRawPointer(bitPattern: reused) { return pointer }
    var pointer: UnsafeMutableRawPointer?
    let result = posix_memalign(&pointer, 64, size)
    guard result == 0, let pointer else {
      fatalError("Recurrent: out of memory; a tensor needs \(bytes) bytes and the system has none")
    }
    return pointer
  }

  /// Gives a block back.
  package func give(_ pointer: UnsafeMutableRawPointer, bytes: Int) {
    let size = StoragePool.blockSize(for: bytes)
    let address = UInt(bitPattern: pointer)
    state.withLock { $0.free[size, default: []].append(address) }
  }

  /// Returns all kept blocks to the system.
  package func trim() {
    let blocks = state.withLock { state -> [UInt] in
      var blocks: [UInt] = []
      for (size, addresses) in state.free {
        state.statistics.bytes -= size * addresses.count
        blocks += addresses
      }
      state.free = [:]
      return blocks
    }
    for address in blocks { free(UnsafeMutableRawPointer(bitPattern: address)) }
  }
}
