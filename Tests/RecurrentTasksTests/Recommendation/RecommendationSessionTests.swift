import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct RecommendationSessionTests {
  private let task = RecommendationTaskTests.task(layers: 2, cell: .lstm)

  private func beginning(limit: Int = 100) -> (RecommendationSession, RecommendationModel) {
    let model = task.makeModel(key: RandomKey(seed: 3))
    return (RecommendationSession(task, packed: model.packed(), limit: limit), model)
  }

  /// Sessions whose events come in any order each get what they get alone, also through a file in the middle.
  @Test func sessionsDoNotDisturbEachOther() throws {
    var (session, model) = beginning()
    let examples = RecommendationTaskTests.examples([7, 1, 4, 9, 5])
    var left = examples.map { ArraySlice($0.items) }
    var order: [Int] = []
    for pick in RandomKey(seed: 8).integers(200, below: 5) where !left[pick].isEmpty {
      left[pick].removeFirst()
      order.append(pick)
    }
    #expect(order.count == 26)
    let folder = try ScratchFolder()
    var places = [Int](repeating: 0, count: 5)
    for (number, pick) in order.enumerated() {
      if number == 13 {
        try session.state.write(to: folder.path + "/s", model: "h")
        session = RecommendationSession(task, packed: model.packed())
        try session.restore(SessionState(path: folder.path + "/s", model: "h"))
      }
      let item = examples[pick].items[places[pick]]
      places[pick] += 1
      let output = session.push(RecommendationStep(session: "s\(pick)", item: item))
      let whole = task.predictions(
        model, to: [RecommendationTask.Example(items: Array(examples[pick].items[..<places[pick]]))])
      #expect(output == whole, "event \(number)")
    }
    #expect(session.sessionCount == 5)
  }

  @Test func unknownItemsLeaveASessionWhereItIs() {
    var (session, model) = beginning()
    let popular = task.predictions(model, to: [RecommendationTask.Example(items: [])])
    #expect(session.push(RecommendationStep(session: "a", item: nil, id: "?")) == popular)
    let first = session.push(RecommendationStep(session: "a", item: 2))
    _ = session.push(RecommendationStep(session: "b", item: 5))
    #expect(session.push(RecommendationStep(session: "a", item: nil, id: "?")) == first)
    #expect(
      session.push(RecommendationStep(session: "a", item: 4))
        == task.predictions(model, to: [RecommendationTask.Example(items: [2, 4])]))
  }

  @Test func sessionsEndAndAreForgotten() {
    var (session, model) = beginning(limit: 3)
    func alone(_ items: [Int32]) -> [RecommendationTask.Prediction] {
      task.predictions(model, to: [RecommendationTask.Example(items: items)])
    }
    for (name, item) in [("a", 1), ("b", 2), ("c", 3)] as [(String, Int32)] {
      #expect(session.push(RecommendationStep(session: name, item: item)) == alone([item]))
    }
    // an ended session begins anew; the one before it goes on
    let ended = session.push(RecommendationStep(session: "c", item: nil, isEnd: true))
    #expect(ended.isEmpty && session.sessionCount == 2)
    #expect(session.push(RecommendationStep(session: "b", item: 4)) == alone([2, 4]))
    #expect(session.push(RecommendationStep(session: "c", item: 4)) == alone([4]))
    // of four sessions the one that was active longest ago is forgotten
    #expect(session.push(RecommendationStep(session: "d", item: 5)) == alone([5]))
    #expect(session.sessionCount == 3)
    #expect(session.push(RecommendationStep(session: "b", item: 1)) == alone([2, 4, 1]))
    #expect(session.push(RecommendationStep(session: "a", item: 6)) == alone([6]))
    #expect(session.push(RecommendationStep(session: "z", item: nil, isEnd: true)).isEmpty)
  }

  @Test func linesAreRead() throws {
    var reader = try #require(task.stepReader())
    func read(_ text: String) throws -> RecommendationStep? {
      try reader.push(JSONValue(text: Array(text.utf8), path: "x"), line: 4).first
    }
    #expect(try read("{\"session\":\"a\",\"item\":\"i3\"}") == .init(session: "a", item: 3, id: "i3"))
    #expect(try read("{\"session\":17,\"item\":\"new\"}") == .init(session: "17", item: nil, id: "new"))
    #expect(try read("\"i0\"") == .init(item: 0, id: "i0"))
    #expect(try read("{\"session\":\"a\",\"end\":true}") == .init(session: "a", item: nil, isEnd: true))
    for text in ["[]", "{}", "{\"session\":\"a\"}", "{\"session\":[],\"item\":1}", "{\"item\":{}}", "null"] {
      #expect(throws: DataError.self) { try read(text) }
    }
  }

  /// A state that was damaged is refused or taken; nothing traps.
  @Test func damagedStates() throws {
    var (session, _) = beginning()
    for (name, item) in [("a", 1), ("b", 2), ("a", 3)] as [(String, Int32)] {
      session.read(RecommendationStep(session: name, item: item))
    }
    let state = session.state
    func restored(_ change: (inout SessionState) -> Void) throws {
      var (own, other) = (state, session)
      change(&own)
      try other.restore(own)
      _ = other.push(RecommendationStep(session: "b", item: 0))
    }
    try restored { _ in }
    for text in ["", "[]x", "[\"a\"]", "[\"a\",\"a\"]", "[1,2]", "[\"a\",\"b\",\"c\"]"] {
      #expect(throws: InterchangeError.self) { try restored { $0.texts["sessions"] = text } }
    }
    for place in state.integers.indices {
      for number in [-1, 9, 1 << 40] as [Int64] where !state.integers[place].values.isEmpty {
        try? restored { $0.integers[place].values[0] = number }
      }
    }
  }
}
