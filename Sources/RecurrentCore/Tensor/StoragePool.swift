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
    /// The most that `bytes` has been.
    package var peakBytes = 0
  }

  private struct State: ~Copyable {
    var free: [Int: [UInt]] = [:]
    var statistics = Statistics()
    var limits: [Int] = []

    /// Takes all kept blocks out.
    mutating func takeFree() -> [Block] {
      var blocks: [Block] = []
      for (size, addresses) in free {
        statistics.bytes -= size * addresses.count
        blocks += addresses.map { Block(address: $0, size: size) }
      }
      free = [:]
      return blocks
    }
  }

  /// Memory from the system. Large blocks are mapped, so that what is given back leaves the process at once, however
  /// the heap lies.
  private struct Block {
    let address: UInt
    let size: Int

    private static func isMapped(_ size: Int) -> Bool { size >= 1 << 18 }

    static func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
      if isMapped(size) {
        #if os(Linux)
        if size >= 2 * hugePage { return allocateHuge(size) }
        #endif
        return map(size)
      }
      var pointer: UnsafeMutableRawPointer?
      return posix_memalign(&pointer, 64, size) == 0 ? pointer : nil
    }

    private static func map(_ size: Int) -> UnsafeMutableRawPointer? {
      let pointer = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | Block.anonymous, -1, 0)
      return pointer == MAP_FAILED ? nil : pointer
    }

    #if os(Linux)
    private static let hugePage = 1 << 21

    /// Large blocks are read and written as a whole: they begin at a huge page and ask for such, which spares page
    /// faults and misses of the address translation.
    private static func allocateHuge(_ size: Int) -> UnsafeMutableRawPointer? {
      guard let start = map(size + hugePage) else { return nil }
      let head = (hugePage - Int(bitPattern: start) % hugePage) % hugePage
      if head > 0 { munmap(start, head) }
      munmap(start + head + size, hugePage - head)
      // a system without huge pages refuses, and the block is as good as any other
      _ = madvise(start + head, size, MADV_HUGEPAGE)
      return start + head
    }
    #endif

    func release() {
      guard let pointer = UnsafeMutableRawPointer(bitPattern: address) else { return }
      if Block.isMapped(size) { munmap(pointer, size) } else { free(pointer) }
    }

    #if canImport(Darwin)
    private static let anonymous = MAP_ANON
    #else
    private static let anonymous = MAP_ANONYMOUS
    #endif
  }

  private let state = Mutex(State())

  package init() {}

  package var statistics: Statistics { state.withLock { $0.statistics } }

  /// Does work during which kept blocks are given back to the system rather than that there are more than `limit` bytes
  /// in blocks. Blocks in use know no limit. Of several works at a time the lowest limit counts.
  package func withLimit<R>(_ limit: Int, _ body: () throws -> R) rethrows -> R {
    state.withLock { $0.limits.append(limit) }
    defer {
      state.withLock { state in
        if let index = state.limits.firstIndex(of: limit) { state.limits.remove(at: index) }
      }
    }
    return try body()
  }

  /// Begins to record the peak anew.
  package func resetPeak() { state.withLock { $0.statistics.peakBytes = $0.statistics.bytes } }

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
    let (reused, excess) = state.withLock { state -> (UInt?, [Block]) in
      if let address = state.free[size]?.popLast() { return (address, []) }
      let limit = state.limits.min() ?? .max
      let excess = state.statistics.bytes > limit - size ? state.takeFree() : []
      state.statistics.systemAllocations += 1
      state.statistics.bytes += size
      state.statistics.peakBytes = max(state.statistics.peakBytes, state.statistics.bytes)
      return (nil, excess)
    }
    if let reused, let pointer = UnsafeMutableRawPointer(bitPattern: reused) { return pointer }
    for block in excess { block.release() }
    guard let pointer = Block.allocate(size) else {
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
    let blocks = state.withLock { $0.takeFree() }
    for block in blocks { block.release() }
  }
}
