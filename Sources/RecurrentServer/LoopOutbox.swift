#if Server
import NIOCore
import Synchronization

/// Answers on their way from the thread of the models to the event loop: all answers of a turn are one task of the loop.
final class LoopOutbox: Sendable {
  private let loop: any EventLoop
  private let content = Mutex([@Sendable () -> Void]())

  init(_ loop: any EventLoop) { self.loop = loop }

  /// Takes what is to be done in the loop when the turn is over.
  func add(_ task: @escaping @Sendable () -> Void) { content.withLock { $0.append(task) } }

  /// Hands on what was taken.
  func flush() {
    let tasks = content.withLock { content in
      defer { content.removeAll(keepingCapacity: true) }
      return content
    }
    guard !tasks.isEmpty else { return }
    loop.execute { for task in tasks { task() } }
  }
}
#endif
