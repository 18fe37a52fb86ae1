import Recurrent
import RecurrentTestSupport
import Testing

@testable import RecurrentServing

/// Whoever else is served, a session answers as it does alone.
@Suite struct MixUpTests {
  /// What was done to a session.
  private enum Step { case lines([JSONValue]), reset }

  /// Thousands of random operations on sessions of two models; every answer is that of the session alone.
  @Test func randomOperations() throws {
    var limits = ServingLimits()
    limits.sessions = 24
    let folder = try ScratchFolder()
    let harness = try Harness([Harness.text.host, Harness.layers()], limits: limits, directory: folder.path)
    let layers = try Harness.layers("alone")
    var logs: [String: (model: String, steps: [Step])] = [:]
    var generator = SplitMix(seed: 9)
    var (checks, names) = (0, 0)
    func lines(_ model: String) -> [JSONValue] {
      (0..<Int.random(in: 0...3, using: &generator)).map { _ in
        model == "text"
          ? .text(String((0..<3).map { _ in "abcdefgh".randomElement(using: &generator) ?? "a" }))
          : Harness.line((0..<3).map { _ in Double.random(in: -1...1, using: &generator) })
      }
    }
    func alone(_ id: String) throws -> [StoredRows] {
      guard let log = logs[id] else { return [] }
      var host = log.model == "text" ? Harness.text.host : layers
      return try host.withTable { table in
        let slot = table.open()
        return try log.steps.map { step in
          switch step {
          case .lines(let lines): .rows(try table.push([SlotLines(slot: slot, lines: lines)])[0].get())
          case .reset: .rows(table.finish(slot))
          }
        }
      }
    }
    for round in 0..<300 {
      var pending: [(id: String, answers: Harness.Box<[ServingAnswer]>)] = []
      for _ in 0..<12 {
        let known = logs.keys.sorted()
        let id = known.randomElement(using: &generator) ?? ""
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<3 where logs.count < 60:
          names += 1
          let model = Bool.random(using: &generator) ? "text" : "layers"
          _ = harness.submit(.open(model: model, id: "n\(names)", idleSeconds: nil))
          logs["n\(names)"] = (model, [])
        case 3 where !id.isEmpty:
          names += 1
          #expect(harness.ask(.fork(id: id, to: "n\(names)")).session != nil)
          logs["n\(names)"] = logs[id]
        case 4 where !id.isEmpty:
          _ = harness.submit(.close(id: id))
          logs[id] = nil
        case 5 where !id.isEmpty:
          logs[id]?.steps.append(.reset)
          pending.append((id, harness.submit(.reset(id: id))))
        case 6: harness.time.value += Double.random(in: 0...200, using: &generator)
        default:
          guard let model = logs[id]?.model else { continue }
          let own = lines(model)
          logs[id]?.steps.append(.lines(own))
          pending.append((id, harness.submit(.push(id: id, lines: .values(own), position: nil))))
        }
        if Bool.random(using: &generator) { _ = harness.core.turn() }
      }
      harness.run()
      // the last answer of each session is looked at, for it depends on all before
      var last: [String: Harness.Box<[ServingAnswer]>] = [:]
      for own in pending where logs[own.id] != nil { last[own.id] = own.answers }
      for (id, answers) in last where round % 10 == 9 {
        let rows = try #require(answers.value.rows, "\(String(describing: answers.value.error))")
        #expect(try alone(id).last?.node.bytes == rows.node.bytes, "round \(round), session \(id)")
        checks += 1
      }
    }
    #expect(checks > 50)
    #expect(harness.metrics.value(.evicted, [("to", "disk")]) > 0)
  }

  /// What is no number cannot come in, and a freed place has nothing of who was there.
  @Test func placesAreCleared() throws {
    var host = try Harness.layers()
    try host.withTable { table in
      let first = table.open()
      _ = table.push([SlotLines(slot: first, lines: [Harness.line([1e30, -1e30, 1e30])])])
      table.close(first)
      let second = table.open()
      #expect(first == second)
      let states = table.state(second).tensors
      #expect(states.allSatisfy { $0.value.scalars.allSatisfy { $0 == 0 } })
    }
  }
}
