import Recurrent
import RecurrentTestSupport
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@testable import RecurrentServing

/// Names, positions, files and limits of sessions.
@Suite struct SessionLifeTests {
  private let line = Harness.line([0.1, -0.2, 0.3])

  @Test func repeatedPositions() throws {
    let harness = try Harness([Harness.layers()])
    let id = try #require(harness.ask(.open(model: "layers", id: nil, idleSeconds: nil)).session?.id)
    let first = harness.ask(.push(id: id, lines: [line, line], position: 0))
    #expect(first.position == 2)
    let again = harness.ask(.push(id: id, lines: [line, line], position: 0))
    #expect(again.rows?.node.bytes == first.rows?.node.bytes && again.position == 2)
    #expect(harness.ask(.push(id: id, lines: [line], position: 1)).error?.kind == .conflict)
    #expect(harness.ask(.push(id: id, lines: [line], position: 2)).position == 3)
    #expect(harness.ask(.push(id: id, lines: [line, .text("x")], position: 3)).error?.kind == .malformed)
    #expect(harness.ask(.describe(id: id)).session?.position == 3)
  }

  /// An idle session goes to disk and comes back as if it had stayed; another run finds it, and still knows its last answer.
  @Test func disk() throws {
    let folder = try ScratchFolder()
    var limits = ServingLimits()
    limits.idleSeconds = 10
    let harness = try Harness([Harness.layers()], limits: limits, directory: folder.path)
    for id in ["a", "b"] {
      _ = harness.ask(.open(model: "layers", id: id, idleSeconds: id == "b" ? 1000 : nil))
      _ = harness.ask(.push(id: id, lines: [line, line], position: nil))
    }
    harness.time.value = 20
    harness.run()
    #expect(harness.ask(.describe(id: "a")).session?.isOnDisk == true)
    #expect(harness.ask(.describe(id: "b")).session?.isOnDisk == false)
    let expected = harness.ask(.push(id: "b", lines: [line], position: 2)).rows?.node.bytes
    #expect(harness.ask(.push(id: "a", lines: [line], position: 2)).rows?.node.bytes == expected)
    harness.core.end()
    let next = try Harness([Harness.layers()], limits: limits, directory: folder.path)
    #expect(next.ask(.push(id: "a", lines: [line], position: 2)).rows?.node.bytes == expected)
    let further = next.ask(.push(id: "a", lines: [line], position: 3)).rows?.node.bytes
    #expect(harness.ask(.push(id: "b", lines: [line], position: 3)).rows?.node.bytes == further)
    _ = next.ask(.close(id: "a"))
    let last = try Harness([Harness.layers()], limits: limits, directory: folder.path)
    #expect(last.ask(.describe(id: "a")).error?.kind == .unknown)
    #expect(last.ask(.describe(id: "b")).session?.position == 3)
  }

  /// Without a folder an idle session ends.
  @Test func idleSessionsEnd() throws {
    let harness = try Harness([Harness.layers()])
    _ = harness.ask(.open(model: "layers", id: "a", idleSeconds: 5))
    harness.time.value = 7
    harness.run()
    #expect(harness.ask(.describe(id: "a")).error?.kind == .unknown)
    #expect(harness.core.hosts["layers"]?.openSessions == 0)
  }

  @Test func statesMoveToOtherServers() throws {
    let (harness, other) = (
      try Harness([Harness.text.host]), try Harness([Harness.text.host, Harness.layers()])
    )
    _ = harness.ask(.open(model: "text", id: "a", idleSeconds: nil))
    _ = harness.ask(.push(id: "a", lines: [.text("abc")], position: nil))
    let file = try #require(harness.ask(.save(id: "a")).file)
    #expect(other.ask(.restore(id: "b", model: "text", file: file)).session?.position == 1)
    let next = ServingRequest.Action.push(id: "a", lines: [.text("d")], position: 1)
    let rows = harness.ask(next).rows?.node.bytes
    #expect(other.ask(.push(id: "b", lines: [.text("d")], position: 1)).rows?.node.bytes == rows)
    #expect(other.ask(.restore(id: "c", model: "layers", file: file)).error?.kind == .conflict)
    for cut in [0, 1, 8, 100, file.count - 1] {
      #expect(
        other.ask(.restore(id: "c", model: "text", file: Array(file.prefix(cut)))).error?.kind == .malformed)
    }
    #expect(other.ask(.describe(id: "c")).error?.kind == .unknown)
  }

  @Test func limits() throws {
    var limits = ServingLimits()
    (limits.sessions, limits.steps, limits.waitingPerSession, limits.completions) = (2, 3, 2, 1)
    let harness = try Harness([Harness.layers(), Harness.text.host], limits: limits)
    for id in ["a", "b"] { _ = harness.ask(.open(model: "layers", id: id, idleSeconds: nil)) }
    #expect(harness.ask(.open(model: "layers", id: "c", idleSeconds: nil)).error?.kind == .busy)
    #expect(
      harness.ask(.push(id: "a", lines: .values(Array(repeating: line, count: 4)), position: nil)).error?.kind
        == .tooLarge)
    let waiting = (0..<5).map { _ in harness.submit(.push(id: "a", lines: [line], position: nil)) }
    harness.run()
    #expect(waiting.map { $0.value.position } == [1, 2, 3, nil, nil])
    #expect(waiting[4].value.error?.kind == .busy)
    #expect(harness.metrics.value(.rejected, [("reason", "session")]) == 2)
    let both = (0..<2).map { _ in harness.submit(.complete(CompletionRequest(model: "text"))) }
    harness.run()
    #expect(both.map { $0.value.error?.kind } == [nil, .busy])
    #expect(harness.ask(.open(model: "none", id: nil, idleSeconds: nil)).error != nil)
    harness.inbox.close()
    #expect(harness.ask(.list).error?.kind == .unavailable)
  }

  /// What would wait longer than the limit is refused with when to come again; what was refused costs nothing.
  @Test func queues() throws {
    var limits = ServingLimits()
    limits.waitingSeconds = 0.01
    let harness = try Harness([Harness.layers()], limits: limits)
    for number in 0..<4 { _ = harness.ask(.open(model: "layers", id: "a\(number)", idleSeconds: nil)) }
    // a hundred thousand steps a second are assumed at first: a thousand of them are the limit
    let answers = (0..<4).map {
      harness.submit(.push(id: "a\($0)", lines: .values(Array(repeating: line, count: 900)), position: nil))
    }
    harness.run()
    #expect(answers.map { $0.value.error?.kind } == [nil, nil, .busy, .busy])
    #expect(answers[2].value.error?.retryAfter == 1)
    #expect(harness.ask(.push(id: "a2", lines: [line], position: nil)).position == 1)
  }

  /// What cannot be written stays in memory, new sessions are refused meanwhile, and when the disk is back everything goes on.
  @Test func fullDisk() throws {
    let folder = try ScratchFolder()
    var limits = ServingLimits()
    limits.sessions = 1
    let (harness, alone) = (
      try Harness([Harness.layers()], limits: limits, directory: folder.path), try Harness([Harness.layers()])
    )
    func open(_ id: String, in harness: Harness) -> ServingError? {
      harness.ask(.open(model: "layers", id: id, idleSeconds: nil)).error
    }
    for own in [harness, alone] {
      #expect(open("a", in: own) == nil)
      _ = own.ask(.push(id: "a", lines: [line, line], position: nil))
    }
    let manager = FileManager.default
    try manager.removeItem(atPath: folder.path)
    #expect(manager.createFile(atPath: folder.path, contents: nil))
    #expect(open("b", in: harness) == nil)
    while harness.metrics.value(.rejected, [("reason", "disk")]) == 0 { PlainThread.sleep(milliseconds: 1) }
    #expect(open("c", in: harness)?.kind == .busy)
    #expect(harness.ask(.push(id: "a", lines: [line], position: 2)).error?.kind == .busy)
    _ = harness.ask(.close(id: "b"))
    let next = ServingRequest.Action.push(id: "a", lines: [line], position: 2)
    #expect(harness.ask(next).rows?.node.bytes == alone.ask(next).rows?.node.bytes)
    try manager.removeItem(atPath: folder.path)
    try manager.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    while harness.core.store.writer.isFailing { PlainThread.sleep(milliseconds: 1) }
    #expect(open("c", in: harness) == nil)
    #expect(harness.ask(.describe(id: "a")).session?.isOnDisk == true)
  }
}
