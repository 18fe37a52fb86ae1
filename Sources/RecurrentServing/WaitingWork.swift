/// How much work waits, and whether more is taken.
///
/// Two bounds, in seconds by the measured rate of steps. Beyond `waitingSeconds` nothing is taken. Beyond `standingSeconds` a burst is
/// taken, and what goes on too long is not: a queue that is long for a moment is the price of using a machine well, one that stays long
/// makes everybody wait and serves nobody more. The two are told apart as CoDel does it (Nichols and Jacobson, "Controlling queue
/// delay", 2012), by how long the queue has been too long, with one difference: the time that it may be is earned while nothing waits
/// at all, a second for a second. A server that can bear its load is idle now and then and takes its bursts; one that cannot is never,
/// and everybody whom it takes waits for `standingSeconds` at most.
struct WaitingWork: Sendable {
  /// Steps that wait or were taken and not yet done.
  private(set) var steps = 0
  /// Steps a second, as measured, at least 1.
  private(set) var rate = 100_000.0
  /// Seconds that more than `standing` may wait from now on.
  private(set) var patience: Double
  /// The moment that `patience` is of.
  private var moment = 0.0
  private let (most, standing): (Double, Double)

  init(_ limits: ServingLimits) {
    (most, standing) = (limits.waitingSeconds, limits.standingSeconds)
    patience = limits.waitingSeconds
  }

  private var seconds: Double { Double(steps) / rate }

  /// Goes on to a moment; nothing has come or gone since the last one.
  private mutating func advance(to now: Double) {
    // threads take their time and then the lock
    let elapsed = max(0, now - moment)
    moment = max(moment, now)
    if steps == 0 {
      patience = min(most, patience + elapsed)
    } else if seconds > standing {
      patience = max(0, patience - elapsed)
    }
  }

  /// Why no more is taken; nil where it is.
  mutating func refusal(now: Double) -> ServingError? {
    advance(to: now)
    guard seconds > most || seconds > standing && patience == 0 else { return nil }
    return ServingError(
      .busy, "work of more than \(seconds > most ? most : standing) s waits",
      retryAfter: max(1, Int(seconds.rounded(.up))))
  }

  /// Work has come.
  mutating func begin(cost: Int, now: Double) {
    advance(to: now)
    steps += cost
  }

  /// Work is done or given up.
  mutating func end(cost: Int, now: Double) {
    advance(to: now)
    steps -= cost
  }

  /// Takes note of how long steps took.
  mutating func note(steps: Int, seconds: Double) {
    guard steps > 0, seconds > 0 else { return }
    // the larger a turn the more it says
    let share = min(0.5, Double(steps) / 1024)
    rate = min(max(1, rate + (Double(steps) / seconds - rate) * share), 1e9)
  }
}
