import Synchronization

/// Where requests wait until the thread of the models takes them, from any thread. It refuses what would wait too long: ``WaitingWork``.
public final class ServingInbox: Sendable {
  private struct Content {
    var requests: [ServingRequest] = []
    var isClosed = false
    var work: WaitingWork
  }

  private let content: Mutex<Content>
  private let metrics: ServingMetrics
  private let clock: @Sendable () -> Double
  private let signal: @Sendable () -> Void

  /// An inbox with nothing in it.
  ///
  /// - Parameters:
  ///   - limits: how much may wait.
  ///   - metrics: where refusals are counted.
  ///   - clock: seconds since some moment.
  ///   - signal: called when something has come.
  public init(
    _ limits: ServingLimits, metrics: ServingMetrics, clock: @escaping @Sendable () -> Double,
    signal: @escaping @Sendable () -> Void = {}
  ) {
    content = Mutex(Content(work: WaitingWork(limits)))
    (self.metrics, self.clock, self.signal) = (metrics, clock, signal)
  }

  /// Takes a request, or answers at once why not.
  public func submit(_ request: ServingRequest) {
    let (now, cost) = (clock(), request.cost)
    // what ends makes room, and a client that is gone does not ask again
    let isEnd = if case .close = request.action { true } else { false }
    let error = content.withLock { content -> ServingError? in
      if !isEnd, let error = content.work.refusal(now: now) { return error }
      guard !content.isClosed else {
        return ServingError(.unavailable, "the server ends", retryAfter: 1)
      }
      content.requests.append(request)
      content.work.begin(cost: cost, now: now)
      return nil
    }
    guard let error else { return signal() }
    count(error)
    request.reply(.failure(error))
  }

  /// Why work is not taken now; counted as a refusal. A request alone is always taken.
  public func refusal() -> ServingError? {
    let now = clock()
    let error = content.withLock { $0.work.refusal(now: now) }
    if let error { count(error) }
    return error
  }

  private func count(_ error: ServingError) {
    metrics.add(.rejected, 1, [("reason", error.kind == .unavailable ? "draining" : "queue")])
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
  var steps: Int { content.withLock { $0.work.steps } }

  /// Whether all that waits is of a kind.
  func allSatisfy(_ isFine: (ServingRequest) -> Bool) -> Bool {
    content.withLock { $0.requests.allSatisfy(isFine) }
  }

  /// Says that steps are done or given up.
  func finish(cost: Int) {
    let now = clock()
    content.withLock { $0.work.end(cost: cost, now: now) }
  }

  /// Takes note of how long steps took.
  func note(steps: Int, seconds: Double) { content.withLock { $0.work.note(steps: steps, seconds: seconds) } }
}
