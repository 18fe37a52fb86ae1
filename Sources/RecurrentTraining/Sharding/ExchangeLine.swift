import RecurrentCore
import Synchronization

/// Exchanges with other ranks, one behind the other in the order in which they were asked for, in a thread of its own: this one goes on
/// meanwhile. Nothing else is to be exchanged before all has ended.
final class ExchangeLine: Sendable {
  /// What is exchanged.
  typealias Work = @Sendable () throws -> Void

  private struct State {
    var waiting: [Work] = []
    /// Works that have not ended.
    var count = 0
    /// Of the first that failed; those behind it are left out.
    var error: (any Error)?
    var isClosed = false
  }

  /// What the thread knows; the line itself it does not keep.
  private final class Shared: Sendable {
    let state = Mutex(State())
    let (asked, ended) = (Bell(), Bell())

    func run() {
      while true {
        let next: (work: Work?, isClosed: Bool) = state.withLock { state in
          (state.waiting.isEmpty ? nil : state.waiting.removeFirst(), state.isClosed)
        }
        guard let work = next.work else {
          if next.isClosed { return }
          asked.wait()
          continue
        }
        do { if state.withLock({ $0.error == nil }) { try work() } } catch {
          state.withLock { $0.error = error }
        }
        state.withLock { $0.count -= 1 }
        ended.ring()
      }
    }
  }

  private let shared = Shared()
  private let hasThread: Bool

  /// A line.
  ///
  /// - Parameter hasThread: whether it works in a thread of its own; otherwise where it is asked.
  init(hasThread: Bool) {
    self.hasThread = hasThread
    guard hasThread else { return }
    DetachedThread.start { [shared] in shared.run() }
  }

  deinit {
    shared.state.withLock { $0.isClosed = true }
    shared.asked.ring()
  }

  /// Asks for an exchange behind those that were asked for before.
  func ask(_ work: @escaping Work) {
    shared.state.withLock { state in
      state.waiting.append(work)
      state.count += 1
    }
    if hasThread { shared.asked.ring() }
  }

  /// Waits until all has been exchanged.
  ///
  /// - Throws: what the first that failed has thrown.
  func finish() throws {
    if !hasThread {
      let works = shared.state.withLock { state in
        defer { (state.waiting, state.count) = ([], 0) }
        return state.waiting
      }
      for work in works { try work() }
      return
    }
    while true {
      let (count, error) = shared.state.withLock { state in
        defer { if state.count == 0 { state.error = nil } }
        return (state.count, state.error)
      }
      if count == 0 {
        if let error { throw error }
        return
      }
      shared.ended.wait()
    }
  }
}
