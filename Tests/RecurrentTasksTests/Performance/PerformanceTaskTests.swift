import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Music as it is played: tokens, what may come next, likelihoods, streams.
@Suite struct PerformanceTaskTests {
  static func task(layers: Int = 1) -> PerformanceTask {
    PerformanceTask(
      configuration: MusicConfiguration(
        cell: CellChoice(.gru), hiddenSize: 5, layerCount: layers, embeddingSize: 4, dropoutRate: 0.2),
      tokens: PerformanceTokens(55...70), transposition: 2)
  }

  /// Random notes that overlap each other.
  static func performance(_ count: Int, seed: Int) -> MusicPerformance {
    let draws = RandomKey(seed: UInt64(seed)).integers(count * 4, below: 1000)
    return MusicPerformance(
      notes: (0..<count).map { index in
        let own = draws[index * 4..<index * 4 + 4].map { Int($0) }
        return .init(
          key: 57 + own[0] % 12, velocity: 1 + own[1] % 127, start: 40 * index + own[2] % 60 * (own[2] % 3),
          end: 40 * index + own[3] % 300)
      })
  }

  @Test(arguments: [1, 2]) func promisesHold(_ layers: Int) throws {
    let task = Self.task(layers: layers)
    #expect(task.issue == nil)
    let examples = [6, 3, 9, 1, 5].enumerated().map { index, count in
      var own = task.example(Self.performance(count, seed: index))
      if index == 2 { own.contextCount = 7 }
      return own
    }
    try checkTask(task, examples: examples + [.init(tokens: [task.tokens.token(.strength(3))])])
  }

  // MARK: Notes

  @Test func notesDoNotOverlapInTheirKey() {
    let own = MusicPerformance(notes: [
      .init(key: 60, velocity: 10, start: 500, end: 700), .init(key: 60, velocity: 20, start: 600, end: 900),
      .init(key: 60, velocity: 90, start: 600, end: 650), .init(key: 40, start: 450, end: 450),
    ])
    #expect(
      own.notes == [
        .init(key: 40, start: 0, end: 1), .init(key: 60, velocity: 10, start: 50, end: 150),
        .init(key: 60, velocity: 90, start: 150, end: 450),
      ])
    #expect(own.length == 450 && own.range == 40...60 && MusicPerformance(notes: []).range == nil)
  }

  @Test func filesGiveTheirTimes() throws {
    // a quarter of half a second, then one of a second; the pedal holds the first note until it is struck again
    let file = MIDIFile(
      notes: [
        .init(key: 60, velocity: 33, start: 0, end: 240), .init(key: 64, start: 480, end: 960),
        .init(key: 60, velocity: 99, start: 720, end: 960), .init(key: 36, start: 0, end: 100, channel: 9),
        .init(key: 50, start: 0, end: 480, channel: 1, program: 30),
      ],
      clock: MIDIClock(
        division: .quarter(480),
        tempi: [.init(tick: 0, quarter: 500_000), .init(tick: 480, quarter: 1_000_000)]),
      pedals: [.init(tick: 0, channel: 0, isDown: true)])
    let (own, report) = try MusicPerformance.read(file, name: "x", programs: [0])
    #expect(report.drumCount == 1 && report.otherCount == 1)
    #expect(
      own.notes == [
        .init(key: 60, velocity: 33, start: 0, end: 100), .init(key: 64, start: 50, end: 150),
        .init(key: 60, velocity: 99, start: 100, end: 150),
      ])
    let plain = try MusicPerformance.read(file, name: "x", programs: [0], usesPedal: false).performance
    #expect(plain.notes[0].end == 25)
    // a file of it gives the same again
    let again = try MusicPerformance.read(
      MIDIFile(DataBytes(own.file(program: 3).bytes)), name: "x", programs: [3])
    #expect(again.performance.notes == own.notes)
    #expect(throws: DataError.self) { try MusicPerformance.read(file, name: "x", programs: [5]) }
    var long = file
    long.notes[0].end = 1 << 26
    #expect(throws: DataError.self) { try MusicPerformance.read(long, name: "x") }
  }

  // MARK: Tokens

  @Test func tokensAreNumbered() {
    let tokens = PerformanceTokens(55...70)
    #expect(tokens.count == 2 * 16 + 100 + 32 + 2 && tokens.event(tokens.beginning) == nil)
    for token in 0..<tokens.beginning { #expect(tokens.event(token).map { tokens.token($0) } == token) }
    for velocity in 1...127 {
      let strength = PerformanceTokens.strength(of: velocity)
      #expect(abs(PerformanceTokens.velocity(of: strength) - velocity) <= 2)
      #expect(PerformanceTokens.strength(of: PerformanceTokens.velocity(of: strength)) == strength)
    }
  }

  @Test(arguments: 0..<8) func performancesHaveOneSpelling(_ seed: Int) {
    let tokens = PerformanceTokens(55...70)
    let own = Self.performance(30, seed: seed)
    let ids = tokens.tokens(of: own)
    var grammar = PerformanceGrammar()
    for (place, id) in ids.enumerated() {
      let event = tokens.event(id)
      let isAllowed = event.map { grammar.allows($0, in: tokens.range) } ?? false
      #expect(isAllowed, "\(place): \(String(describing: event))")
      if let event { grammar.push(event) }
    }
    #expect(grammar.time == own.length && ids.last == tokens.token(.end))
    let read = tokens.performance(of: ids)
    #expect(
      read.notes.map { [$0.key, $0.start, $0.end] } == own.notes.map { [$0.key, $0.start, $0.end] })
    #expect(zip(read.notes, own.notes).allSatisfy { abs($0.velocity - $1.velocity) <= 2 })
    #expect(tokens.tokens(of: read) == ids)
  }

  @Test func theGrammarAllowsWhatCanBeWritten() {
    let range = 60...71
    var grammar = PerformanceGrammar()
    func allowed(_ events: [PerformanceTokens.Event], voices: Int? = nil) -> [Bool] {
      events.map { grammar.allows($0, in: range, voices: voices) }
    }
    // at first only how hard
    #expect(
      allowed([.struck(60), .released(60), .wait(1), .strength(3), .end]) == [
        false, false, false, true, false,
      ])
    grammar.push(.strength(3))
    #expect(allowed([.struck(60), .wait(1), .strength(4), .end]) == [true, false, false, false])
    grammar.push(.struck(62))
    // upwards at a moment, no key twice, and the same strength is not said again
    #expect(
      allowed([
        .struck(61), .struck(62), .struck(63), .released(62), .wait(9), .strength(3), .strength(4), .end,
      ])
        == [false, false, true, false, true, false, true, false])
    #expect(allowed([.struck(63), .strength(4)], voices: 1) == [false, false])
    grammar.push(.wait(100))
    #expect(allowed([.wait(100), .wait(5), .released(62), .released(61)]) == [true, true, true, false])
    grammar.push(.wait(5))
    #expect(grammar.time == 105 && allowed([.wait(5), .released(62)]) == [false, true])
    let stored = grammar.stored
    #expect(PerformanceGrammar(stored: stored) == grammar)
    #expect(PerformanceGrammar(stored: [1]) == nil)
    grammar.push(.released(62))
    #expect(allowed([.end, .struck(62), .released(62), .wait(5)]) == [true, true, false, true])
  }

  @Test func keysOutOfRangeAreMovedByOctaves() {
    let tokens = PerformanceTokens(55...70)
    let ids = tokens.tokens(
      of: MusicPerformance(notes: [.init(key: 30, start: 0, end: 10), .init(key: 90, start: 0, end: 10)]))
    #expect(tokens.performance(of: ids).notes.map(\.key) == [66])
  }

  @Test func stretchingKeepsMomentsApart() {
    let tokens = PerformanceTokens(55...70)
    let own = Self.performance(20, seed: 2)
    let ids = tokens.tokens(of: own)
    #expect(tokens.stretched(ids[...], by: 1) == ids)
    let slow = tokens.performance(of: tokens.stretched(ids[...], by: 1.05))
    for (a, b) in zip(own.notes, slow.notes) {
      #expect(abs(Double(a.start) * 1.05 - Double(b.start)) <= 1 && a.key == b.key)
    }
    let fast = tokens.stretched(ids[...], by: 0.001)
    let waits = fast.filter { if case .wait = tokens.event($0) { true } else { false } }
    #expect(!waits.isEmpty && waits.allSatisfy { tokens.event($0) == .wait(1) })
  }

  @Test func augmentedPerformancesAreMoved() {
    let task = Self.task()
    let example = task.example(Self.performance(12, seed: 5))
    let keys = (0..<60).map { draw -> Int in
      let own = task.augmented(example, key: RandomKey(seed: 3).child(draw))
      return task.tokens.performance(of: own.tokens).notes[0].key
    }
    // within the keys of the model: notes of 57 to 68 among keys of 55 to 70
    #expect(Set(keys).count == 5)
    var part = example
    part.tokens = Array(example.tokens[10...])
    part.contextCount = 9
    let moved = task.augmented(part, key: RandomKey(seed: 4))
    #expect(moved.contextCount > 4 && moved.contextCount < moved.tokens.count)
  }

  // MARK: Likelihoods

  /// What may not come has no part in the probability: all that may is 1 in sum.
  @Test func eventsAreADistribution() {
    let task = Self.task()
    let model = task.makeModel(key: RandomKey(seed: 1))
    let begin = task.example(Self.performance(3, seed: 3)).tokens.prefix(9)
    let all = (0..<task.tokens.beginning).map { PerformanceTask.Example(tokens: begin + [$0]) }
    let nats = task.predictions(model, to: all).map { Double($0.events[9].nats) }
    #expect(abs(nats.filter { $0 < 99 }.reduce(0) { $0 + exp(-$1) } - 1) < 1e-4)
    #expect(nats.contains(100))
  }

  @Test func theLossIsOfAnEvent() {
    let task = Self.task()
    let model = task.makeModel(key: RandomKey(seed: 2))
    let examples = [7, 4].map { task.example(Self.performance($0, seed: $0)) }
    let (mean, weight) = task.loss(model, examples, mode: .inference)
    let nats = task.predictions(model, to: examples).flatMap(\.events).map { Double($0.nats) }
    #expect(weight == Double(nats.count))
    // the loss counts what the grammar rules out too
    let own = nats.reduce(0, +) / weight
    #expect(Double(mean.scalar) > own && Double(mean.scalar) < 3 * own)
    var part = examples[0]
    part.contextCount = 5
    #expect(task.loss(model, [part], mode: .inference).weight == Double(part.tokens.count - 5))
  }

  // MARK: Streams

  @Test func linesOfAStream() throws {
    let task = Self.task()
    var reader = try #require(task.stepReader())
    func value(_ text: String) throws -> JSONValue { try JSONValue(text: text.utf8) }
    let tokens = task.tokens
    let first = try reader.push(value(#"{"key": 60, "velocity": 80, "wait": 3}"#), line: 1)
    #expect(first == [tokens.token(.strength(19)), tokens.token(.struck(60))])
    let second = try reader.push(value(#"{"wait": 1.25, "key": 60, "velocity": 0}"#), line: 2)
    #expect(second == [tokens.token(.wait(100)), tokens.token(.wait(25)), tokens.token(.released(60))])
    let third = try reader.push(value(#"{"key": 64}"#), line: 3)
    #expect(third == [tokens.token(.struck(64))])
    for text in [
      #"{"key": 64}"#, #"{"key": 62}"#, #"{"key": 65, "velocity": 0}"#, #"{"key": 200}"#, "[60]",
      #"{"velocity": 3}"#,
      #"{"key": 66, "wait": -1}"#, #"{"key": 66, "velocity": 128}"#,
    ] {
      let error = #expect(throws: DataError.self, "\(text)") { try reader.push(value(text), line: 7) }
      #expect(error.map { "\($0)".contains("line 7") } ?? false)
    }
    var other = try #require(task.stepReader())
    let isRead = other.restore(reader.stored)
    #expect(isRead && other.stored == reader.stored)
    #expect(try other.push(value(#"{"key": 65}"#), line: 1) == reader.push(value(#"{"key": 65}"#), line: 1))
    let isNone = other.restore([1, 2])
    #expect(!isNone)
  }

  @Test func impossibleTasksAreSaid() {
    func issue(_ change: (inout PerformanceTask) -> Void) -> String? {
      var task = Self.task()
      change(&task)
      return task.issue
    }
    #expect(issue { $0.tokens.highest = 60 } != nil && issue { $0.tokens.lowest = -1 } != nil)
    #expect(issue { $0.frequencies = [] } != nil && issue { $0.frequencies[0] = -1 } != nil)
    #expect(issue { $0.transposition = 99 } != nil && issue { $0.programs = [128] } != nil)
  }
}
