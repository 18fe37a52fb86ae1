import RecurrentTestSupport
import Synchronization
import Testing

@testable import RecurrentCore

/// A pool whose members run in threads of somebody else.
@Suite(.serialized) struct LentThreadsTests {
  /// Calls a function in threads that end with the region.
  private static let parallel: LentThreads.Parallel = { function, context, count, _ in
    nonisolated(unsafe) let (function, context) = (function, context)
    let left = Countdown(Int(count) - 1)
    for _ in 1..<count {
      DetachedThread.start {
        function(context)
        left.count.subtract(1, ordering: .releasing)
      }
    }
    function(context)
    while left.count.load(ordering: .acquiring) > 0 {}
  }

  private final class Countdown: Sendable {
    let count: Atomic<Int>
    init(_ count: Int) { self.count = Atomic(count) }
  }

  @Test(arguments: [2, 3]) func runsEachMemberOnce(_ threads: Int) {
    let pool = ThreadPool(threadCount: threads, lent: LentThreads(LentThreadsTests.parallel, { 0 }))
    let runs = Mutex([Int](repeating: 0, count: threads))
    var expected = [Int](repeating: 0, count: threads)
    for region in 0..<50 {
      let members = 1 + region % threads
      pool.run(members: members) { team in runs.withLock { $0[Int(team.index)] += 1 } }
      for member in 0..<members { expected[member] += 1 }
    }
    #expect(runs.withLock { $0 } == expected)
    #expect(pool.teamSize == threads && pool.isAwake)
    pool.rouse()
  }

  /// Within a region of the runtime the caller does all of the work.
  @Test func worksAloneWithinARegion() {
    let pool = ThreadPool(threadCount: 2, lent: LentThreads(LentThreadsTests.parallel, { 1 }))
    let sizes = Mutex([Int32]())
    pool.run(members: 2) { team in sizes.withLock { $0.append(team.count) } }
    #expect(sizes.withLock { $0 } == [1])
  }

  @Test func thisProcessHasNone() {
    #expect(LentThreads.loaded() == nil && CPUBackend(lentThreads: 2) == nil)
  }
}
