import Recurrent
import RecurrentTestSupport
import Testing

@testable import RecurrentServing

/// Texts with the same beginning read it once, and say what they say without that.
@Suite struct PrefixStatesTests {
  private func ids(_ count: Int, from start: Int32 = 0) -> [Int32] { (0..<Int32(count)).map { $0 + start } }

  @Test func longest() {
    var states = PrefixStates<String>(block: 8, limit: 100_000)
    #expect(states.longest(of: ids(20), model: "a") == nil)
    for (count, name) in [(16, "sixteen"), (20, "twenty"), (40, "forty"), (21, "other")] {
      let text = name == "other" ? ids(18) + [7, 7, 7] : ids(count)
      states.keep(name, bytes: 10, behind: text, model: "a")
    }
    // too few to be worth it
    states.keep("few", bytes: 10, behind: ids(8), model: "a")
    #expect(states.count == 4)
    func found(_ ids: [Int32], _ model: String = "a") -> String? {
      states.longest(of: ids, model: model).map { "\($0.count) \($0.state)" }
    }
    #expect(found(ids(15)) == nil)
    #expect(found(ids(16)) == "16 sixteen")
    #expect(found(ids(19)) == "16 sixteen")
    #expect(found(ids(20)) == "20 twenty")
    #expect(found(ids(39)) == "20 twenty")
    #expect(found(ids(50)) == "40 forty")
    #expect(found(ids(18) + [7, 7, 7, 7]) == "21 other")
    #expect(found(ids(18) + [7, 7]) == "16 sixteen")
    #expect(found(ids(20, from: 1)) == nil)
    #expect(found(ids(20), "b") == nil)
  }

  /// Memory is bounded; what was not asked for longest goes, and never what something stands behind.
  @Test func forgets() {
    var states = PrefixStates<Int>(block: 8, limit: 20_000)
    let key = RandomKey(seed: 8)
    let texts = (0..<60).map { number in
      ids(16) + key.child(number).integers(1 + number % 30, below: 3).map { Int32($0) }
    }
    for turn in 0..<2000 {
      let number = Int(key.uniform(at: turn) * 60)
      states.keep(number, bytes: 500, behind: texts[number], model: "a")
      #expect(states.bytes <= 20_000)
      if let found = states.longest(of: texts[number], model: "a") {
        #expect(texts[number].starts(with: texts[found.state].prefix(found.count)))
        #expect(found.count == texts[found.state].count)
      } else {
        Issue.record("what was just kept is not there")
      }
      _ = states.longest(of: texts[0], model: "a")
    }
    #expect(states.longest(of: texts[0], model: "a")?.state == 0)
    #expect(states.count > 10)
    states.keep(1, bytes: 30_000, behind: ids(40, from: 50), model: "a")
    #expect(states.longest(of: ids(40, from: 50), model: "a") == nil)
  }

  /// Random conversations, forth and back, with and without kept states.
  @Test func completionsSayTheSame() throws {
    var limits = ServingLimits()
    limits.promptChunk = 8
    let kept = try Harness([Harness.text.host], limits: limits)
    limits.prefixBytes = 0
    let plain = try Harness([Harness.text.host], limits: limits)
    let key = RandomKey(seed: 9)
    var texts = ["abcdefgh abc\nhgf ab"]
    for turn in 0..<80 {
      let letters = "abcdefgh \n".map { String($0) }
      let place = Int(key.uniform(at: turn) * Float(texts.count))
      let more = key.child(turn).integers(1 + turn % 11, below: 10).map { letters[$0] }.joined()
      let request = CompletionRequest(
        model: "text", prompts: [.text(texts[place] + more)], length: turn % 20, choices: 1 + turn % 3,
        sampler: Sampler(repetitionPenalty: turn % 2 == 0 ? 1 : 1.3), seed: UInt64(turn),
        logProbabilities: turn % 4 == 0 ? 2 : nil)
      func pieces(_ harness: Harness) -> [CompletionPiece] {
        harness.ask(.complete(request)).compactMap { if case .piece(let own) = $0 { own } else { nil } }
      }
      let (a, b) = (pieces(kept), pieces(plain))
      #expect(a.map(\.text) == b.map(\.text))
      #expect(a.flatMap(\.chances) == b.flatMap(\.chances))
      let (usage, other) = (a.last?.usage, b.last?.usage)
      #expect(usage?.prompt == other?.prompt && usage?.completion == other?.completion)
      #expect(other?.kept == 0)
      texts.append(texts[place] + more + a.filter { $0.index == 0 }.map(\.text).joined())
    }
    let (read, passed) = (
      kept.metrics.value(.promptTokens, [("model", "text")]),
      kept.metrics.value(.prefixTokens, [("model", "text")])
    )
    #expect(passed > 2 * read)
    #expect(read + passed == plain.metrics.value(.promptTokens, [("model", "text")]))
    #expect(plain.metrics.value(.prefixTokens, [("model", "text")]) == 0)
    #expect(kept.core.hosts["text"]?.openSessions == 0 && kept.core.prefixes.count > 20)
  }

  /// What a session reads follows what it has read, and is no beginning of a text.
  @Test func sessionsAreTheirOwn() throws {
    let harness = try Harness([Harness.text.host])
    let prompt = CompletionPrompt.text("abcdefgh abcdefgh abcdefgh")
    var request = CompletionRequest(model: "text", prompts: [prompt], length: 5)
    _ = harness.ask(.complete(request))
    let count = harness.core.prefixes.count
    _ = harness.ask(.open(model: "text", id: "a", idleSeconds: nil))
    request.session = "a"
    for _ in 0..<2 { _ = harness.ask(.complete(request)) }
    #expect(harness.core.prefixes.count == count && count == 2)
    #expect(harness.metrics.value(.prefixTokens, [("model", "text")]) == 0)
    let twice = try Harness([Harness.text.host])
    _ = twice.ask(.open(model: "text", id: "a", idleSeconds: nil))
    let first = twice.ask(.complete(request)).texts[0]
    request.session = nil
    #expect(twice.ask(.complete(request)).texts[0] == first)
  }
}
