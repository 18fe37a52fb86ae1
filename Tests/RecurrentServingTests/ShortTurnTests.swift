import Recurrent
import RecurrentTestSupport
import Synchronization
import Testing

@testable import RecurrentServing

/// A turn is taken by who asks where it is short, and by the thread of the models else.
@Suite struct ShortTurnTests {
  private let line = Harness.line([0.1, -0.2, 0.3])

  /// Steps of sessions in memory are short, as long as steps were before; all else is not.
  @Test func whatIsShort() throws {
    let folder = try ScratchFolder()
    var limits = ServingLimits()
    limits.idleSeconds = 10
    let harness = try Harness(
      [Harness.layers(), Harness.text.host], limits: limits, directory: folder.path)
    func isShort(_ actions: ServingRequest.Action...) -> Bool {
      for action in actions { _ = harness.submit(action) }
      defer { harness.run() }
      return harness.core.isShort(within: 1)
    }
    func push(_ id: String, _ count: Int) -> ServingRequest.Action {
      .push(id: id, lines: .values([JSONValue](repeating: line, count: count)), position: nil)
    }
    for id in ["a", "b"] { _ = harness.ask(.open(model: "layers", id: id, idleSeconds: nil)) }
    #expect(!isShort(push("a", 1)), "nothing is known before the first turn")
    #expect(isShort(push("a", 1), push("b", 3)))
    #expect(isShort(.infer(model: "layers", sequence: nil, lines: [line])))
    #expect(!isShort(push("a", 1), .describe(id: "a")))
    #expect(!isShort(.complete(CompletionRequest(model: "text"))))
    harness.time.value = 20
    harness.run()
    #expect(!isShort(push("a", 1)), "a session on disk")
    #expect(isShort(push("a", 1)), "it is back")
    // the next step seems to take 0.3 s: the clock is looked at around the turn and around the network
    harness.tick.value = 0.1
    _ = harness.ask(push("a", 1))
    harness.tick.value = 0
    #expect(isShort(push("a", 2)))
    #expect(!isShort(push("a", 4)))
  }

  /// Who asks has the answer at once; what is not short comes from the thread.
  @Test func turnsOfWhoAsks() throws {
    let harness = try Harness([Harness.layers()])
    let (core, thread, ended) = (Handed(harness.core), ServingThread(), Harness.Box(false))
    thread.start(
      on: CPUBackend.shared, { core.value }, afterTurn: {}, ended: { _ in ended.value = true })
    defer {
      thread.stop()
      while !ended.value { PlainThread.sleep(milliseconds: 1) }
    }
    func answers(_ action: ServingRequest.Action) -> (answers: [ServingAnswer], isAtOnce: Bool) {
      let answers = harness.submit(action)
      var isAtOnce = false
      thread.turnOrWake(on: CPUBackend.shared) { isAtOnce = answers.value.count == 1 }
      while answers.value.isEmpty { PlainThread.sleep(milliseconds: 1) }
      // the thread may be at the end of its turn still
      while !thread.isIdle { PlainThread.sleep(milliseconds: 1) }
      return (answers.value, isAtOnce)
    }
    #expect(!answers(.open(model: "layers", id: "a", idleSeconds: nil)).isAtOnce)
    let alone = try Harness([Harness.layers()])
    _ = alone.ask(.open(model: "layers", id: "a", idleSeconds: nil))
    var count = 0
    for position in 0..<50 {
      let own = answers(.push(id: "a", lines: [line], position: position))
      let expected = alone.ask(.push(id: "a", lines: [line], position: position))
      #expect(own.answers.rows?.node.bytes == expected.rows?.node.bytes)
      count += own.isAtOnce ? 1 : 0
    }
    #if canImport(Glibc)
    // the thread may hold the models just then, at times
    #expect(count > 25)
    #else
    #expect(count == 0)
    #endif
  }

  /// Models on their way to the thread that works with them from then on.
  private struct Handed: @unchecked Sendable {
    let value: ServingCore
    init(_ value: ServingCore) { self.value = value }
  }
}
