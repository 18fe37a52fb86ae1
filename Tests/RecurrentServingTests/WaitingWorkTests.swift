import Testing

@testable import RecurrentServing

/// A burst is taken, a load that cannot be borne is not.
@Suite struct WaitingWorkTests {
  /// A thousand steps a second, 0.1 s of work at most, 0.01 s of it for longer than that.
  private func work() -> WaitingWork {
    var limits = ServingLimits()
    (limits.waitingSeconds, limits.standingSeconds) = (0.1, 0.01)
    var work = WaitingWork(limits)
    for _ in 0..<100 { work.note(steps: 1024, seconds: 1.024) }
    return work
  }

  @Test func measuresTheRate() {
    #expect(abs(work().rate - 1000) < 1e-6)
  }

  /// Nothing beyond the most, whatever there was before.
  @Test func most() {
    var work = work()
    work.begin(cost: 100, now: 0)
    #expect(work.refusal(now: 0) == nil)
    work.begin(cost: 1, now: 0)
    #expect(work.refusal(now: 0)?.kind == .busy)
    work.end(cost: 101, now: 0)
    #expect(work.refusal(now: 0) == nil)
  }

  /// More than the lower bound may wait as long as the higher one says, and then no more until nothing waits.
  @Test func standing() {
    var work = work()
    work.begin(cost: 50, now: 1)
    #expect(work.refusal(now: 1.09) == nil)
    #expect(work.refusal(now: 1.11)?.retryAfter == 1)
    // it goes down, and what fits is taken again, a burst is not
    work.end(cost: 45, now: 1.12)
    #expect(work.refusal(now: 1.2) == nil)
    work.begin(cost: 10, now: 1.2)
    #expect(work.refusal(now: 1.21) != nil)
    // 0.03 s without work are as long a burst
    work.end(cost: 15, now: 1.22)
    work.begin(cost: 50, now: 1.25)
    #expect(work.refusal(now: 1.275) == nil)
    #expect(work.refusal(now: 1.285) != nil)
  }

  /// A load of seven tenths that comes in bursts of 16 ms of work is borne without a refusal; twice the load is refused the rest, and
  /// who is taken never finds more than the lower bound and a request before him.
  @Test(arguments: [0.7, 2])
  func load(share: Double) {
    var work = work()
    var (now, done, refused, taken, longest) = (0.0, 0.0, 0, 0, 0)
    let period = 0.016 / share
    for burst in 0..<400 {
      // requests of 4 steps, four of them at once where the load is borne; evenly where it is not
      for number in 0..<4 {
        let time = Double(burst) * period + (share > 1 ? Double(number) * period / 4 : 0)
        // a step takes a thousandth of a second
        while work.steps > 0, max(now, done) + 0.001 <= time {
          done = max(now, done) + 0.001
          work.end(cost: 1, now: done)
        }
        now = time
        if work.refusal(now: now) != nil {
          refused += 1
          continue
        }
        if work.steps == 0 { done = now }
        if burst >= 100 { longest = max(longest, work.steps) }
        work.begin(cost: 4, now: now)
        taken += 1
      }
    }
    guard share > 1 else {
      #expect(refused == 0)
      return
    }
    #expect(longest <= 10)
    #expect((720...880).contains(taken), "\(taken) of 1600")
  }

  /// The end of a session is taken however much waits, and makes room.
  @Test func endsAreTaken() throws {
    let harness = try Harness([Harness.layers()])
    #expect(harness.ask(.open(model: "layers", id: "a", idleSeconds: nil)).session != nil)
    harness.inbox.finish(cost: -1_000_000_000)
    #expect(harness.ask(.describe(id: "a")).error?.kind == .busy)
    #expect(harness.ask(.close(id: "a")).error == nil)
    harness.inbox.finish(cost: 1_000_000_000)
    #expect(harness.ask(.describe(id: "a")).error?.kind == .unknown)
  }
}
