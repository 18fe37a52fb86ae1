import RecurrentCore
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The thread of the models: it takes turns as long as there is something to do, and sleeps else. While it sleeps a short turn may be
/// taken where its requests come from.
public final class ServingThread: Sendable {
  private let bell = Bell()
  private let stopping = Atomic<Bool>(false)
  private let idle = Atomic<Bool>(true)
  /// Held by who takes a turn.
  private let turn = Mutex(())
  /// The models, and what follows a turn; used under the mutex alone, nil before the thread begins and when it has ended.
  private nonisolated(unsafe) var work: (core: ServingCore, afterTurn: @Sendable () -> Void)?
  #if canImport(Glibc)
  /// What is short: to wake the thread and to be woken by it takes about as long.
  private static let handover: Double? = 100e-6
  #else
  /// Elsewhere other threads have not the stack that models fit on.
  private static let handover: Double? = nil
  #endif

  /// A thread that does not run yet.
  public init() {}

  /// Wakes the thread; the signal of an inbox.
  public func wake() { bell.ring() }

  /// Whether the last turn has left nothing to do.
  public var isIdle: Bool { idle.load(ordering: .acquiring) }

  /// Takes a turn in the calling thread where that is shorter than to wake another one, else wakes the thread.
  ///
  /// - Parameters:
  ///   - backend: what operations run on.
  ///   - answered: called where a turn was taken, before what else follows a turn.
  public func turnOrWake(on backend: any Backend, answered: () -> Void) {
    let taken: (hasMore: Bool, afterTurn: () -> Void)? =
      turn.withLockIfAvailable { _ in
        guard let work, let handover = ServingThread.handover, work.core.isShort(within: handover) else {
          return nil
        }
        return (Backends.$current.withValue(backend) { step(work.core, sweeps: false) }, work.afterTurn)
      } ?? nil
    guard let taken else { return bell.ring() }
    answered()
    taken.afterTurn()
    if taken.hasMore { bell.ring() }
  }

  /// Begins to take turns.
  ///
  /// - Parameters:
  ///   - backend: what operations of the thread run on.
  ///   - makeCore: called once, in the thread.
  ///   - afterTurn: called behind each turn, in the thread.
  ///   - ended: called in the thread when it ends, with why it could not begin.
  public func start(
    on backend: any Backend, _ makeCore: @escaping @Sendable () throws -> ServingCore,
    afterTurn: @escaping @Sendable () -> Void, ended: @escaping @Sendable ((any Error)?) -> Void
  ) {
    PlainThread.start {
      Backends.$current.withValue(backend) {
        do {
          let core = try makeCore()
          self.run(core, afterTurn)
          ended(nil)
        } catch {
          ended(error)
        }
      }
    }
  }

  /// Asks the thread to end: what is being done ends where it is, and sessions are written to disk.
  public func stop() {
    stopping.store(true, ordering: .releasing)
    bell.ring()
  }

  private func run(_ core: ServingCore, _ afterTurn: @escaping @Sendable () -> Void) {
    turn.withLock { _ in work = (core, afterTurn) }
    while !stopping.load(ordering: .acquiring) {
      let (hasMore, rest) = turn.withLock { _ in (step(core), core.secondsToSweep) }
      afterTurn()
      // once a second what is idle is looked for; a reader that was behind is seen within a hundredth
      if !hasMore { bell.wait(milliseconds: isIdle ? Int((rest * 1000).rounded(.up)) : 10) }
    }
    turn.withLock { _ in
      work = nil
      core.end()
    }
    afterTurn()
  }

  /// One turn; whether there is more to do.
  private func step(_ core: ServingCore, sweeps: Bool = true) -> Bool {
    idle.store(false, ordering: .releasing)
    let hasMore = core.turn(sweeps: sweeps)
    idle.store(core.isIdle, ordering: .releasing)
    return hasMore
  }
}

/// Threads of the system with a stack that models fit on.
public enum PlainThread {
  /// Starts a thread that nobody waits for.
  public static func start(_ body: @escaping @Sendable () -> Void) {
    DetachedThread.start(stackBytes: 8 << 20, body)
  }

  /// Does nothing for a while.
  public static func sleep(milliseconds: Int) { usleep(UInt32(milliseconds) * 1000) }
}
