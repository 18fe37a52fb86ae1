import NIOCore

/// An open loop: event n is due at the beginning plus n / rate, whatever became of the events before.
final class Schedule: @unchecked Sendable {
  private let loop: any EventLoop
  private let rate: Double
  private let send: (Int, Int64) -> Void
  private let start: Int64
  private var next = 0
  private var isOver = false
  /// A timer of the system comes some ten microseconds late, which are not the server's. Where events are seldom, the rest is waited for
  /// awake; it costs a tenth of a processor at most.
  private let awake: Int64
  /// Where they are many, one timer is for several: each costs as much as to send one.
  private let pause: Int64

  /// Begins at once.
  ///
  /// - Parameters:
  ///   - rate: events a second.
  ///   - send: called in the loop with the number of an event and the nanosecond that it was planned for.
  init(_ loop: any EventLoop, rate: Double, send: @escaping (Int, Int64) -> Void) {
    (self.loop, self.rate, self.send) = (loop, rate, send)
    (awake, pause) = (rate <= 1000 ? 100_000 : 0, rate <= 1000 ? 0 : 100_000)
    start = Clock.now + 1_000_000
    loop.execute { self.step() }
  }

  func stop() { isOver = true }

  private func time(_ number: Int) -> Int64 { start + Int64(Double(number) / rate * 1e9) }

  private func step() {
    guard !isOver else { return }
    var now = Clock.now
    while now < time(next), time(next) - now <= awake { now = Clock.now }
    // answers that have come meanwhile are read in between
    var count = 0
    while time(next) <= now, count < 256 {
      send(next, time(next))
      next += 1
      count += 1
    }
    let rest = max(pause, time(next) - Clock.now - awake)
    loop.scheduleTask(in: .nanoseconds(rest)) { self.step() }
  }
}

/// Nanoseconds since some moment.
enum Clock {
  static var now: Int64 { Int64(NIODeadline.now().uptimeNanoseconds) }
}
