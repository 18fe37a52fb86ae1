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
/// barrier. A region that starts while another one runs is executed by its caller alone, and a pool that shares its
/// processors with others asks for fewer members, which is why everything that runs in a region must give results that do not
/// depend on the number of members.
package final class ThreadPool: Sendable {
  /// The most members of a region.
  package let threadCount: Int

  /// The number of members for regions instead of the one that the pool finds best; 0 for that one.
  package let fixedTeamSize = Atomic<Int>(0)

  /// Threads of somebody else that members run in; nil for those of the pool.
  private let lent: LentThreads?
  private let shared: Shared
  private let isBusy = Atomic<Bool>(false)
  private let chosenTeamSize: Atomic<Int>
  /// Who has set `isBusy` changes these.
  private nonisolated(unsafe) var control: TeamSize
  private nonisolated(unsafe) var metering = Metering()

  /// What the worker threads see; they keep it alive, not the pool itself.
  private final class Shared: Sendable {
    let isStopped = Atomic<Bool>(false)
    /// What a region is: written by its caller before it calls the members, and left alone until all have ended.
    nonisolated(unsafe) var region: ((rk_team) -> Void)?
    /// The same for a region that is a plain function, which takes no memory.
    nonisolated(unsafe) var function: Function?
    nonisolated(unsafe) var context: UnsafeRawPointer?
    nonisolated(unsafe) var memberCount = 0
    nonisolated(unsafe) var isMetered = false
    nonisolated(unsafe) let members: UnsafeMutablePointer<rk_member>
    nonisolated(unsafe) let running: UnsafeMutablePointer<rk_countdown>
    nonisolated(unsafe) let barrier: UnsafeMutablePointer<rk_barrier>

    init(threadCount: Int, isCrowded: Bool) {
      members = .allocate(capacity: threadCount)
      running = .allocate(capacity: 1)
      barrier = .allocate(capacity: 1)
      members.initialize(repeating: rk_member(), count: threadCount)
      running.initialize(to: rk_countdown())
      barrier.initialize(to: rk_barrier())
      // who spins on a processor that another member needs is waiting for itself
      if isCrowded {
        rk_barrier_set_spin(barrier, Spin.crowded)
        rk_countdown_set_spin(running, Spin.crowded)
      }
      for index in 0..<threadCount {
        rk_member_set_spin(members + index, isCrowded ? Spin.crowded : Spin.betweenRegions)
      }
    }

    deinit {
      members.deallocate()
      running.deallocate()
      barrier.deallocate()
    }

    func work(as index: Int) {
      var seen: Int32 = 0
      while true {
        let hasWork = rk_member_await(members + index, &seen)
        if isStopped.load(ordering: .acquiring) { return }
        if hasWork { take(index) }
      }
    }

    private func take(_ index: Int) {
      let team = rk_team(index: Int32(index), count: Int32(memberCount), barrier: barrier)
      var meter = rk_meter()
      if isMetered { rk_meter_start(&meter) }
      if let function, let context { function(context, team) } else { region?(team) }
      if isMetered {
        var elapsed: Int64 = 0
        rk_member_set_worked(members + index, rk_meter_stop(&meter, &elapsed))
      }
      rk_countdown_finish_one(running)
    }
  }

  /// How long threads spin before they sleep, in nanoseconds.
  private enum Spin {
    static let betweenRegions: Int32 = 200_000
    static let crowded: Int32 = 2_000
  }

  /// Which regions are measured: all where they are long, few where they are short, since a measurement takes about a
  /// seventh of a microsecond.
  private struct Metering {
    /// The usual length of a region, in nanoseconds.
    private var mean: Int64 = 1_000_000
    private var skips = 0
    private var random: UInt32 = 1

    mutating func isDue() -> Bool {
      if skips == 0 { return true }
      skips -= 1
      return false
    }

    /// Takes note of a measurement, and draws how many regions pass before the next: no fixed number, since operations
    /// repeat themselves.
    mutating func note(_ nanoseconds: Int64) {
      mean += (min(nanoseconds, 1_000_000) - mean) / 16
      random = random &* 1_664_525 &+ 1_013_904_223
      let most = 2 * UInt32(40_000 / max(mean, 2_500))
      skips = Int((random >> 16) % (most + 1))
    }
  }

  /// Starts `threadCount - 1` threads, as many as it says however few processors there are; none where they are lent.
  package init(threadCount: Int, lent: LentThreads? = nil) {
    trapUnless(
      (1...0xffff).contains(threadCount), "ThreadPool: expected 1 ... 65535 threads, received \(threadCount)")
    (self.threadCount, self.lent) = (threadCount, lent)
    chosenTeamSize = Atomic(threadCount)
    control = TeamSize(most: threadCount)
    shared = Shared(
      threadCount: threadCount, isCrowded: threadCount > 1 && threadCount > Processors.count)
    for index in 1..<max(threadCount, 1) where lent == nil {
      // whole models run in members, which is more than the least that a system gives
      DetachedThread.start(stackBytes: 8 << 20) { [shared] in shared.work(as: index) }
    }
  }

  deinit {
    shared.isStopped.store(true, ordering: .sequentiallyConsistent)
    for index in 1..<max(threadCount, 1) { rk_member_call(shared.members + index, false) }
  }

  /// How many members a region should have now: all threads, or fewer while others use the processors.
  package var teamSize: Int {
    let fixed = fixedTeamSize.load(ordering: .relaxed)
    return fixed > 0 ? min(fixed, threadCount) : chosenTeamSize.load(ordering: .relaxed)
  }

  // MARK: Regions

  /// Runs `body` once for each of at most `members` members and returns when all have ended.
  package func run(members: Int, _ body: (rk_team) -> Void) {
    let count = min(members, threadCount)
    guard count > 1, claim() else {
      return runAlone {
        var barrier = rk_barrier()
        withUnsafeMutablePointer(to: &barrier) { body(rk_team(index: 0, count: 1, barrier: $0)) }
      }
    }
    withoutActuallyEscaping(body) { escaping in
      shared.region = escaping
      share(members: count, escaping)
      shared.region = nil
    }
    release()
  }

  /// A region without captured variables.
  package typealias Function = @convention(c) (UnsafeRawPointer, rk_team) -> Void

  /// Runs `function` with `context` once for each of at most `members` members and returns when all have ended; unlike a
  /// closure this takes no memory.
  package func run(members: Int, context: UnsafeRawPointer, _ function: Function) {
    let count = min(members, threadCount)
    guard count > 1, claim() else {
      return runAlone { function(context, rk_team(index: 0, count: 1, barrier: nil)) }
    }
    (shared.function, shared.context) = (function, context)
    share(members: count) { function(context, $0) }
    (shared.function, shared.context) = (nil, nil)
    release()
  }

  private func claim() -> Bool {
    isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
  }

  private func release() { isBusy.store(false, ordering: .releasing) }

  /// Starts the region that was set, takes part in it as member 0 and waits for the others.
  private func share(members count: Int, _ body: (rk_team) -> Void) {
    if let lent {
      if !lent.run(members: count, body) { body(rk_team(index: 0, count: 1, barrier: shared.barrier)) }
      return
    }
    let isMetered = metering.isDue()
    var meter = rk_meter()
    if isMetered { rk_meter_start(&meter) }
    (shared.memberCount, shared.isMetered) = (count, isMetered)
    rk_countdown_start(shared.running, Int32(count - 1))
    rk_barrier_start(shared.barrier)
    for index in 1..<count { rk_member_call(shared.members + index, true) }
    body(rk_team(index: 0, count: Int32(count), barrier: shared.barrier))
    rk_countdown_await(shared.running)
    if isMetered { note(meter, members: count) }
  }

  /// Runs a region on its caller; where that is the whole team, what it gets of a processor is compared with what more
  /// members got.
  private func runAlone(_ body: () -> Void) {
    guard teamSize < min(2, threadCount), claim() else { return body() }
    let isMetered = metering.isDue()
    var meter = rk_meter()
    if isMetered { rk_meter_start(&meter) }
    body()
    if isMetered { note(meter, members: 1) }
    release()
  }

  private func note(_ meter: rk_meter, members: Int) {
    var elapsed: Int64 = 0
    var worked = withUnsafePointer(to: meter) { rk_meter_stop($0, &elapsed) }
    for index in 1..<members { worked += rk_member_worked(shared.members + index) }
    metering.note(elapsed)
    control.note(members: members, elapsed: elapsed, worked: worked, now: meter.begin + elapsed)
    chosenTeamSize.store(control.count, ordering: .relaxed)
  }

  /// Whether the threads are waiting for a region without sleeping, so that one begins within a fraction of a
  /// microsecond and without a call of the system.
  package var isAwake: Bool {
    if lent != nil { return true }
    for index in 1..<max(1, teamSize) where rk_member_sleeps(shared.members + index) { return false }
    return true
  }

  /// Wakes the threads for regions that follow soon, and does not wait for them.
  package func rouse() {
    guard lent == nil, claim() else { return }
    for index in 1..<max(1, teamSize) where rk_member_sleeps(shared.members + index) {
      rk_member_call(shared.members + index, false)
    }
    release()
  }

  /// Runs `body` over disjoint parts of `0 ..< count`; parts begin at multiples of `unit`.
  package func ranges(of count: Int, unit: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    guard count >= 2 * grain, threadCount > 1 else {
      if count > 0 { body(0..<count) }
      return
    }
    run(members: min(teamSize, count / grain)) { team in
      let units = (count + unit - 1) / unit
      let begin = units * Int(team.index) / Int(team.count) * unit
      let end = min(count, units * Int(team.index + 1) / Int(team.count) * unit)
      if begin < end { body(begin..<end) }
    }
  }
}
