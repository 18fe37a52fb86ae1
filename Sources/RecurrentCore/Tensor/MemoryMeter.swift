import Synchronization

/// Counts the memory of the tensors that a piece of work makes, wherever they are freed.
///
/// The count is a function of the work alone: it depends neither on what other tasks do nor on the number of threads.
/// Blocks count as what the pool takes for them at most, with an allowance for the objects around them: the storage, the
/// shapes, the entry on the tape.
package final class MemoryMeter: Sendable {
  @TaskLocal private static var current: MemoryMeter?
  /// How many meters run, so that without any a new tensor does not have to look for its own.
  private static let running = Atomic<Int>(0)

  private struct State {
    var live = 0
    var peak = 0
  }

  private let state = Mutex(State())

  private init() {}

  /// The most bytes that were in use at once in tensors that `body` made.
  package static func peak(_ body: () throws -> Void) rethrows -> Int {
    let meter = MemoryMeter()
    running.add(1, ordering: .relaxed)
    defer { running.subtract(1, ordering: .relaxed) }
    try $current.withValue(meter, operation: body)
    return meter.state.withLock { $0.peak }
  }

  /// The meter of the work that is being done; nil for none.
  static var active: MemoryMeter? { running.load(ordering: .relaxed) == 0 ? nil : current }

  /// What a block of `bytes` counts: `StoragePool.blockSize(for:)` rounds up by an eighth at most.
  package static func size(of bytes: Int) -> Int { max(512, bytes + bytes / 8) + 512 }

  func add(bytes: Int) {
    state.withLock { state in
      state.live += MemoryMeter.size(of: bytes)
      state.peak = max(state.peak, state.live)
    }
  }

  func remove(bytes: Int) { state.withLock { $0.live -= MemoryMeter.size(of: bytes) } }
}
