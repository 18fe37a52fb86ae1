import CRecurrentKernels
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A fixed gang of threads for parallel regions that cost microseconds.
///
/// The calling thread is member 0 of every region. The others spin for a short while after a region, because the next
/// one usually follows at once, and then sleep. All members of a region run at the same time, so they may meet at a
/// barrier. A region that starts while another one runs is executed by its caller alone, which is why everything that
/// runs in a region must give results that do not depend on the number of members.
package final class ThreadPool: Sendable {
  /// The most members of a region.
  package let threadCount: Int

  private let shared: Shared
  private let isBusy = Atomic<Bool>(false)

  /// What the worker threads see; they keep it alive, not the pool itself.
  private final class Shared: Sendable {
    /// The number of the region in the upper bits and how many members it has in the lower 16: one word, so that a
    /// worker never takes the members of a later region for those of the one that it saw.
    let generation = Atomic<Int>(0)
    let finished = Atomic<Int>(0)
    let sleepers = Atomic<Int>(0)
    let isStopped = Atomic<Bool>(false)
    let spins: Int
    /// Written by the caller of a region before it raises `generation`, read by its members after they saw it raised.
    nonisolated(unsafe) var region: ((rk_team) -> Void)?
    /// The same for a region that is a plain function, which takes no memory.
    nonisolated(unsafe) var function: Function?
    nonisolated(unsafe) var context: UnsafeRawPointer?
    nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>
    nonisolated(unsafe) let wake: UnsafeMutablePointer<pthread_cond_t>
    nonisolated(unsafe) let barrier: UnsafeMutablePointer<rk_barrier>

    init(spins: Int) {
      self.spins = spins
      mutex = .allocate(capacity: 1)
      wake = .allocate(capacity: 1)
      barrier = .allocate(capacity: 1)
      pthread_mutex_init(mutex, nil)
      pthread_cond_init(wake, nil)
      barrier.initialize(to: rk_barrier())
    }

    deinit {
      pthread_mutex_destroy(mutex)
      pthread_cond_destroy(wake)
      mutex.deallocate()
      wake.deallocate()
      barrier.deallocate()
    }

    /// Returns the next generation after `seen`, or nil when the pool is gone.
    func awaitRegion(after seen: Int) -> Int? {
      for _ in 0..<spins {
        let current = generation.load(ordering: .acquiring)
        if current != seen { return current }
        rk_relax()
      }
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      _ = sleepers.add(1, ordering: .sequentiallyConsistent)
      defer { _ = sleepers.subtract(1, ordering: .sequentiallyConsistent) }
      while true {
        if isStopped.load(ordering: .acquiring) { return nil }
        let current = generation.load(ordering: .sequentiallyConsistent)
        if current != seen { return current }
        pthread_cond_wait(wake, mutex)
      }
    }

    func work(as index: Int) {
      var seen = 0
      while let current = awaitRegion(after: seen) {
        seen = current
        if isStopped.load(ordering: .acquiring) { return }
        let members = current & 0xffff
        if index < members {
          let team = rk_team(index: Int32(index), count: Int32(members), barrier: barrier)
          if let function, let context { function(context, team) } else { region?(team) }
          _ = finished.add(1, ordering: .releasing)
        }
      }
    }

    /// Starts the next region.
    func raise(members: Int) {
      let current = generation.load(ordering: .relaxed)
      generation.store((current >> 16 &+ 1) << 16 | members, ordering: .sequentiallyConsistent)
      wakeSleepers()
    }

    private func wakeSleepers() {
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(wake)
        pthread_mutex_unlock(mutex)
      }
    }
  }

  /// Starts `threadCount - 1` threads.
  package init(threadCount: Int) {
    trapUnless(
      (1...0xffff).contains(threadCount), "ThreadPool: expected 1 ... 65535 threads, received \(threadCount)")
    self.threadCount = threadCount
    // a spin of about 200 microseconds; none when there are more threads than processors
    shared = Shared(spins: threadCount <= ThreadPool.processorCount ? 6000 : 50)
    for index in 1..<max(threadCount, 1) {
      ThreadPool.detach { [shared] in shared.work(as: index) }
    }
  }

  deinit {
    shared.isStopped.store(true, ordering: .sequentiallyConsistent)
    shared.raise(members: 0)
  }

  /// Processors that this process may run on.
  package static var processorCount: Int { max(1, Int(rk_processor_count())) }

  /// Runs `body` once for each of at most `members` members and returns when all have ended.
  package func run(members: Int, _ body: (rk_team) -> Void) {
    let count = min(members, threadCount)
    guard count > 1, isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      var barrier = rk_barrier()
      withUnsafeMutablePointer(to: &barrier) { body(rk_team(index: 0, count: 1, barrier: $0)) }
      return
    }
    withoutActuallyEscaping(body) { escaping in
      shared.region = escaping
      share(members: count, escaping)
      shared.region = nil
    }
    isBusy.store(false, ordering: .releasing)
  }

  /// A region without captured variables.
  package typealias Function = @convention(c) (UnsafeRawPointer, rk_team) -> Void

  /// Runs `function` with `context` once for each of at most `members` members and returns when all have ended; unlike a
  /// closure this takes no memory.
  package func run(members: Int, context: UnsafeRawPointer, _ function: Function) {
    let count = min(members, threadCount)
    guard count > 1, isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      function(context, rk_team(index: 0, count: 1, barrier: nil))
      return
    }
    (shared.function, shared.context) = (function, context)
    share(members: count) { function(context, $0) }
    (shared.function, shared.context) = (nil, nil)
    isBusy.store(false, ordering: .releasing)
  }

  /// Starts the region that was set, takes part in it as member 0 and waits for the others.
  private func share(members count: Int, _ body: (rk_team) -> Void) {
    shared.finished.store(0, ordering: .relaxed)
    shared.raise(members: count)
    body(rk_team(index: 0, count: Int32(count), barrier: shared.barrier))
    var spins = 0
    while shared.finished.load(ordering: .acquiring) < count - 1 {
      spins += 1
      if spins < 4000 { rk_relax() } else { sched_yield() }
    }
  }

  /// Whether the threads are waiting for a region without sleeping, so that one begins within a fraction of a
  /// microsecond and without a lock.
  package var isAwake: Bool { shared.sleepers.load(ordering: .relaxed) == 0 }

  /// Wakes the threads for regions that follow soon, and does not wait for them.
  package func rouse() {
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
      return
    }
    shared.raise(members: 1)
    isBusy.store(false, ordering: .releasing)
  }

  /// Runs `body` over disjoint parts of `0 ..< count`; parts begin at multiples of `unit`.
  package func ranges(of count: Int, unit: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    guard count >= 2 * grain, threadCount > 1 else {
      if count > 0 { body(0..<count) }
      return
    }
    run(members: min(threadCount, count / grain)) { team in
      let units = (count + unit - 1) / unit
      let begin = units * Int(team.index) / Int(team.count) * unit
      let end = min(count, units * Int(team.index + 1) / Int(team.count) * unit)
      if begin < end { body(begin..<end) }
    }
  }

  private final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private static func detach(_ body: @escaping @Sendable () -> Void) {
    let context = Unmanaged.passRetained(Start(body)).toOpaque()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    #if canImport(Darwin)
    var thread: pthread_t?
    let entry: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = { context in
      Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body()
      return nil
    }
    #else
    var thread = pthread_t()
    let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
      if let context { Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body() }
      return nil
    }
    #endif
    let result = pthread_create(&thread, &attributes, entry, context)
    trapUnless(result == 0, "ThreadPool: the system refused a new thread (error \(result))")
    pthread_attr_destroy(&attributes)
  }
}
