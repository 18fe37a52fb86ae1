import Synchronization

/// Where requests wait until the thread of the models takes them, from any thread. It refuses what would wait too long.
public final class ServingInbox: Sendable {
  private struct Content {
    var requests: [ServingRequest] = []
    var isClosed = false
  }

  private let content = Mutex(Content())
  /// Steps that wait here or were taken and not yet done.
  private let waiting = Atomic<Int>(0)
  /// Steps a second, as measured; whole, at least 1.
  private let rate = Atomic<Int>(100_000)
  private let limit: Double
  private let metrics: ServingMetrics
  private let signal: @Sendable () -> Void

  /// An inbox with nothing in it.
  ///
  /// - Parameters:
  ///   - limits: how much may wait.
  ///   - metrics: where refusals are counted.
  ///   - signal: called when something has come.
  public init(_ limits: ServingLimits, metrics: ServingMetrics, signal: @escaping @Sendable () -> Void = {}) {
    (limit, self.metrics, self.signal) = (limits.waitingSeconds, metrics, signal)
  }

  /// Takes a request, or answers at once why not.
  public func submit(_ request: ServingRequest) {
    let cost = request.cost
    if let error = refusal() {
      request.reply(.failure(error))
      return
    }
    let isOpen = content.withLock { content in
      guard !content.isClosed else { return false }
      content.requests.append(request)
      return true
    }
    guard isOpen else {
      metrics.add(.rejected, 1, [("reason", "draining")])
      request.reply(.failure(ServingError(.unavailable, "the server ends", retryAfter: 1)))
      return
    }
    waiting.add(cost, ordering: .relaxed)
    signal()
  }

  /// Why work is not taken now; counted as a refusal. A request alone is always taken.
  public func refusal() -> ServingError? {
    let seconds = Double(waiting.load(ordering: .relaxed)) / Double(rate.load(ordering: .relaxed))
    guard seconds > limit else { return nil }
    metrics.add(.rejected, 1, [("reason", "queue")])
    return ServingError(
      .busy, "work of more than \(limit) s waits", retryAfter: max(1, Int(seconds.rounded(.up))))
  }

  /// Takes no more requests.
  public func close() {
    content.withLock { $0.isClosed = true }
    signal()
  }

  /// Whether no more requests are taken.
  public var isClosed: Bool { content.withLock { $0.isClosed } }

  /// Everything that waits.
  func take() -> [ServingRequest] {
    content.withLock { content in
      defer { content.requests.removeAll(keepingCapacity: true) }
      return content.requests
    }
  }

  /// Steps that wait here or were taken and not yet done.
  var steps: Int { waiting.load(ordering: .relaxed) }

  /// Whether all that waits is of a kind.
  func allSatisfy(_ isFine: (ServingRequest) -> Bool) -> Bool {
    content.withLock { $0.requests.allSatisfy(isFine) }
  }

  /// Says that steps are done or given up.
  func finish(cost: Int) { waiting.subtract(cost, ordering: .relaxed) }

  /// Takes note of how long steps took.
  func note(steps: Int, seconds: Double) {
    guard steps > 0, seconds > 0 else { return }
    let (now, before) = (Double(steps) / seconds, Double(rate.load(ordering: .relaxed)))
    // the larger a turn the more it says
    let share = min(0.5, Double(steps) / 1024)
    rate.store(max(1, Int(min(before + (now - before) * share, 1e9))), ordering: .relaxed)
  }
}
