#if Server
import NIOCore
import RecurrentCore
import RecurrentServing
import Synchronization

/// Something of a connection that has to happen at some time, in the event loop of the connection.
protocol Timed: AnyObject {
  /// When, by the clock of the server; infinite for never.
  var deadline: Double { get set }
  /// Called once it is over, with a deadline of never. May come a little late.
  func expire()
}

/// One event loop with what passes between its connections and the thread of the models.
///
/// Requests of one turn of the loop wake the thread once, when all of them are there; one alone is answered in the loop where that is
/// quicker. Answers of one turn of the models are one task of the loop. Deadlines are looked at now and then, so that to put one off
/// costs nothing.
final class ServerLoop: @unchecked Sendable {
  let loop: any EventLoop
  private let inbox: ServingInbox
  private let thread: ServingThread
  private let backend: any Backend
  private let answers = Mutex([@Sendable () -> Void]())
  /// Requests of this turn of the loop.
  private var count = 0
  private(set) var timed: [ObjectIdentifier: any Timed] = [:]

  /// A loop.
  ///
  /// - Parameters:
  ///   - backend: what operations of the models run on.
  ///   - tick: seconds between two looks at deadlines.
  init(
    _ loop: any EventLoop, _ inbox: ServingInbox, _ thread: ServingThread, on backend: any Backend,
    tick: Double, clock: @escaping @Sendable () -> Double
  ) {
    (self.loop, self.inbox, self.thread, self.backend) = (loop, inbox, thread, backend)
    let delay = TimeAmount.microseconds(Int64(tick * 1e6))
    loop.scheduleRepeatedTask(initialDelay: delay, delay: delay) { [weak self] _ in self?.look(now: clock()) }
  }

  // MARK: In the loop

  /// Asks the models for something.
  func submit(_ request: ServingRequest) {
    inbox.submit(request)
    count += 1
    guard count == 1 else { return }
    // what else was read in this turn of the loop comes first
    loop.execute { [self] in
      // where several have come the loop has enough to do
      let isAlone = count == 1
      count = 0
      guard isAlone else { return thread.wake() }
      thread.turnOrWake(on: backend) { for task in takeAnswers() { task() } }
    }
  }

  /// Looks after a deadline from now on.
  func add(_ own: any Timed) { timed[ObjectIdentifier(own)] = own }

  /// Looks after a deadline no more.
  func remove(_ own: any Timed) { timed[ObjectIdentifier(own)] = nil }

  private func look(now: Double) {
    for own in timed.values where own.deadline <= now {
      own.deadline = .infinity
      own.expire()
    }
  }

  // MARK: From any thread

  /// Takes what is to be done in the loop when the turn of the models is over.
  func add(_ answer: @escaping @Sendable () -> Void) { answers.withLock { $0.append(answer) } }

  /// Hands on what was taken.
  func flush() {
    let tasks = takeAnswers()
    guard !tasks.isEmpty else { return }
    loop.execute { for task in tasks { task() } }
  }

  private func takeAnswers() -> [@Sendable () -> Void] {
    answers.withLock { answers in
      defer { answers.removeAll(keepingCapacity: true) }
      return answers
    }
  }
}
#endif
