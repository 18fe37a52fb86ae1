import RecurrentTasks
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes sessions to disk in a thread of its own: that a file is on disk for good takes milliseconds, in which the models work on.
///
/// Of a session only the last state is written. Until it is, it is here; what cannot be written stays here and is tried again.
final class SessionWriter: Sendable {
  /// What is to be done with a file.
  private enum Task {
    case write(SessionState, model: String)
    case remove
  }

  private struct Content {
    var tasks: [String: Task] = [:]
    var order: [String] = []
    /// The file that is being worked on, and how it will be.
    var current: (path: String, task: Task)?
    var isRunning = false
  }

  private let content = Mutex(Content())
  private let failing = Atomic<Bool>(false)
  private let metrics: ServingMetrics

  init(metrics: ServingMetrics) { self.metrics = metrics }

  /// States that wait.
  var count: Int { content.withLock { $0.tasks.count } }

  /// Whether the last try has failed: the disk is full, or gone.
  var isFailing: Bool { failing.load(ordering: .relaxed) }

  /// Writes a state before long.
  func write(_ state: SessionState, model: String, to path: String) { add(.write(state, model: model), path) }

  /// Removes a file, or does so when it is written.
  func remove(_ path: String) {
    let isBusy = content.withLock { content in
      if content.tasks.removeValue(forKey: path) != nil { content.order.removeAll { $0 == path } }
      return content.current?.path == path
    }
    if isBusy { add(.remove, path) } else { try? FileManager.default.removeItem(atPath: path) }
  }

  /// The state that a file will have; nil where nothing waits for it.
  func pending(_ path: String) -> SessionState? {
    content.withLock { content in
      let task = content.tasks[path] ?? (content.current?.path == path ? content.current?.task : nil)
      if case .write(let state, _)? = task { return state }
      return nil
    }
  }

  /// Waits until everything is written, or cannot be.
  func flush() {
    let start = ContinuousClock.now
    while content.withLock({ $0.isRunning }), !isFailing || start.duration(to: .now) < .seconds(1) {
      PlainThread.sleep(milliseconds: 1)
    }
  }

  private func add(_ task: Task, _ path: String) {
    let starts = content.withLock { content in
      if content.tasks.updateValue(task, forKey: path) == nil { content.order.append(path) }
      defer { content.isRunning = true }
      return !content.isRunning
    }
    // the thread ends when it has nothing to do
    if starts { PlainThread.start { self.run() } }
  }

  private func next() -> (path: String, task: Task)? {
    content.withLock { content in
      while !content.order.isEmpty {
        let path = content.order.removeFirst()
        guard let task = content.tasks.removeValue(forKey: path) else { continue }
        content.current = (path, task)
        return (path, task)
      }
      (content.isRunning, content.current) = (false, nil)
      return nil
    }
  }

  private func run() {
    while let (path, task) = next() {
      switch task {
      case .remove: try? FileManager.default.removeItem(atPath: path)
      case .write(let state, let model):
        do {
          try state.write(to: path, model: model)
          failing.store(false, ordering: .relaxed)
        } catch {
          metrics.add(.rejected, 1, [("reason", "disk")])
          failing.store(true, ordering: .relaxed)
          content.withLock { content in
            // what came meanwhile is newer
            guard content.tasks[path] == nil else { return }
            content.tasks[path] = task
            content.order.append(path)
          }
          PlainThread.sleep(milliseconds: 200)
        }
      }
    }
  }
}
