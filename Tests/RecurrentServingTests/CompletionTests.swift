import Recurrent
import RecurrentTestSupport
import Testing

@testable import RecurrentServing

/// Completions are the texts of `generate`, alone or among others.
@Suite struct CompletionTests {
  private func generated(
    _ prompt: String, seed: UInt64, choice: Int = 0, length: Int, sampler: Sampler = Sampler(),
    stop: [String] = []
  ) -> String {
    let trained = Harness.text.trained
    var session = LanguageModelSession(model: trained.model, vocabulary: trained.task.vocabulary)
    session.push(Array(trained.task.vocabulary.encode(prompt).ids))
    return Array(
      TextGenerator(
        session, sampler: sampler, length: length, stop: stop, key: RandomKey(seed: seed).child(choice))
    ).joined()
  }

  @Test func manyAtOnceAreEachAlone() throws {
    var limits = ServingLimits()
    limits.promptChunk = 5
    let harness = try Harness([Harness.text.host], limits: limits)
    var answers: [(request: CompletionRequest, answers: Harness.Box<[ServingAnswer]>)] = []
    for number in 0..<30 {
      let request = CompletionRequest(
        model: "text", prompts: [.text(String("abc hgf\nabcdefgh abc".prefix(number % 20)))],
        length: 1 + number % 17,
        choices: 1 + number % 3,
        sampler: Sampler(temperature: Double(number % 4) / 2, topK: number % 2 == 0 ? 5 : nil),
        stop: number % 5 == 0 ? ["a", "h "] : [], seed: UInt64(number))
      answers.append((request, harness.submit(.complete(request))))
      _ = harness.core.turn()
    }
    harness.run()
    for (request, answers) in answers {
      guard case .text(let prompt) = request.prompts[0] else { continue }
      for choice in 0..<request.choices {
        let expected = generated(
          prompt, seed: request.seed, choice: choice, length: request.length, sampler: request.sampler,
          stop: request.stop)
        #expect(answers.value.texts[choice, default: ""] == expected)
      }
    }
    #expect(harness.core.hosts["text"]?.openSessions == 0)
  }

  /// A session that writes, and is gone on with, has read what it wrote.
  @Test func sessionsGoOn() throws {
    let harness = try Harness([Harness.text.host])
    _ = harness.ask(.open(model: "text", id: "a", idleSeconds: nil))
    var request = CompletionRequest(model: "text", prompts: [.text("abc")], session: "a", length: 6, seed: 4)
    let first = harness.ask(.complete(request)).texts[0, default: ""]
    #expect(first == generated("abc", seed: 4, length: 6))
    request.prompts = [.text("de")]
    request.seed = 5
    #expect(harness.ask(.complete(request)).texts[0] == generated("abc" + first + "de", seed: 5, length: 6))
    #expect(harness.ask(.describe(id: "a")).session?.position == 17)
  }

  /// Who goes away is not written for; who is behind waits, and nobody else does.
  @Test func clientsThatGoAndWait() throws {
    let harness = try Harness([Harness.text.host])
    let (gone, behind) = (ServingClient(), ServingClient())
    let request = CompletionRequest(model: "text", length: 500)
    let first = harness.submit(.complete(request), client: gone)
    let second = harness.submit(.complete(request), client: behind)
    for _ in 0..<10 { _ = harness.core.turn() }
    gone.isGone = true
    behind.isBehind = true
    let count = second.value.count
    for _ in 0..<10 { _ = harness.core.turn() }
    #expect(second.value.count == count && count > 5)
    #expect(harness.metrics.value(.cancelled) == 1)
    behind.isBehind = false
    harness.run()
    #expect(second.value.texts[0]?.count == generated("", seed: 1, length: 500).count)
    #expect(first.value.count < 15)
  }

  @Test func logProbabilitiesAndPenalties() throws {
    let harness = try Harness([Harness.text.host])
    var request = CompletionRequest(
      model: "text", prompts: [.text("ab")], length: 20, sampler: Sampler(temperature: 0), logProbabilities: 3
    )
    func pieces() -> [CompletionPiece] {
      harness.ask(.complete(request)).compactMap { if case .piece(let piece) = $0 { piece } else { nil } }
    }
    let chances = pieces().flatMap(\.chances)
    #expect(chances.count == 20)
    #expect(
      chances.allSatisfy { $0.likeliest.count == 3 && $0.likeliest[0].logProbability == $0.logProbability })
    // a token with a bias of 100 is always the likeliest; a penalty lets none come twice while there are others
    request.sampler.bias = [3: 100]
    let letter = Harness.text.trained.task.vocabulary.decode([3])
    #expect(pieces().map(\.text).joined() == String(repeating: letter, count: 20))
    request.sampler = Sampler(temperature: 0)
    request.sampler.presencePenalty = 1000
    request.length = 6
    let text = pieces().map(\.text).joined()
    #expect(Set(text).count == 6)
  }
}
