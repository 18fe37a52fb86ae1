import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct MusicTaskTests {
  static func task(
    _ representation: MusicRepresentation, tellsHeld: Bool = false, layers: Int = 1,
    labels: StyleNames? = nil,
    keyHidden: Int? = 3
  ) -> MusicTask {
    MusicTask(
      configuration: MusicConfiguration(
        representation: representation, cell: CellChoice(representation == .events ? .lstm : .gru),
        hiddenSize: 5,
        layerCount: layers, embeddingSize: 4, dropoutRate: 0.2,
        keyHiddenSize: representation == .roll ? keyHidden : nil,
        keyDropoutRate: representation == .roll ? 0.1 : nil),
      tokens: MusicTokens(55...69, tellsHeld: tellsHeld), transposition: 2, labels: labels)
  }

  /// Steps of random tones, some of which are held.
  static func steps(_ count: Int, seed: Int, tellsHeld: Bool = false) -> [[MusicPiece.Tone]] {
    let draws = RandomKey(seed: UInt64(seed)).integers(count * 20, below: 10)
    var steps: [[MusicPiece.Tone]] = []
    for step in 0..<count {
      var tones: [MusicPiece.Tone] = []
      for place in 0..<10 where draws[step * 20 + place] < 3 {
        let key = 67 - place
        let sounded = step > 0 && steps[step - 1].contains { $0.key == key }
        tones.append(MusicPiece.Tone(key, isHeld: tellsHeld && sounded && draws[step * 20 + 10 + place] < 6))
      }
      steps.append(tones)
    }
    return steps
  }

  @Test(arguments: [
    (MusicRepresentation.events, false, 0), (.events, true, 0), (.roll, false, 0), (.roll, false, 3),
  ])
  func promisesHold(_ representation: MusicRepresentation, _ tellsHeld: Bool, _ keyHidden: Int) throws {
    let task = Self.task(representation, tellsHeld: tellsHeld, layers: 2, keyHidden: keyHidden)
    #expect(task.issue == nil)
    let examples = [6, 3, 9, 1, 5].enumerated().map { index, count in
      MusicTask.Example(
        steps: Self.steps(count, seed: index, tellsHeld: tellsHeld), contextCount: index == 2 ? 3 : 0)
    }
    try checkTask(task, examples: examples)
  }

  // MARK: Tokens

  @Test(arguments: [false, true]) func stepsHaveOneSpelling(_ tellsHeld: Bool) {
    let tokens = MusicTokens(55...69, tellsHeld: tellsHeld)
    #expect(tokens.count == (tellsHeld ? 32 : 17) && tokens.keyCount == 15)
    for step in Self.steps(40, seed: 3, tellsHeld: tellsHeld) {
      let own = tokens.tokens(of: step)
      #expect(own.last == tokens.stepEnd && own.dropLast().compactMap { tokens.tone($0) } == step)
      #expect(own.allSatisfy { $0 >= 0 && $0 < tokens.beginning })
    }
    #expect(tokens.tone(tokens.stepEnd) == nil && tokens.tone(tokens.beginning) == nil)
  }

  @Test func theGrammarAllowsWhatCanBeWritten() {
    let tokens = MusicTokens(55...69, tellsHeld: true)
    var grammar = MusicGrammar(tokens, after: [.init(60), .init(57)], voices: 2)
    func allowed() -> [Int32] { (0..<Int32(tokens.count)).filter { grammar.allows($0) } }
    // all keys, the end, and of the held ones the two that sounded
    let (held57, held60, end) = (Int32(17), Int32(20), tokens.stepEnd)
    #expect(allowed() == Array(0..<15) + [held57, held60, end])
    let first = grammar.push(tokens.token(.init(60, isHeld: true)))
    #expect(!first && allowed() == Array(0..<5) + [held57, end])
    let second = grammar.push(tokens.token(.init(56)))
    #expect(!second && allowed() == [end] && grammar.tones == [.init(60, isHeld: true), .init(56)])
    let third = grammar.push(end)
    #expect(third)
  }

  // MARK: Likelihoods

  /// The probabilities of all steps that may follow are 1 in sum.
  @Test func stepsAreADistribution() throws {
    var task = Self.task(.events, tellsHeld: true)
    task.tokens = MusicTokens(60...71, tellsHeld: true)
    let model = task.makeModel(key: RandomKey(seed: 1))
    let first: [MusicPiece.Tone] = [.init(61), .init(60)]
    // of twelve keys two may be held: three ways for these, two for the others
    var sum = 0.0
    var examples: [MusicTask.Example] = []
    for pattern in 0..<(1 << 10) * 9 {
      var (rest, tones) = (pattern, [MusicPiece.Tone]())
      for key in 60...71 {
        let ways = key < 62 ? 3 : 2
        if rest % ways > 0 { tones.append(.init(key, isHeld: rest % ways == 2)) }
        rest /= ways
      }
      examples.append(MusicTask.Example(steps: [first, tones.reversed()]))
    }
    for start in stride(from: 0, to: examples.count, by: 1024) {
      let part = Array(examples[start..<min(start + 1024, examples.count)])
      for prediction in task.predictions(model, to: part) { sum += exp(-Double(prediction.steps[1].nats)) }
    }
    #expect(abs(sum - 1) < 1e-4, "\(sum)")
  }

  /// What a training lessens is what is evaluated, but for tokens that the grammar rules out.
  @Test(arguments: [MusicRepresentation.events, .roll]) func theLossIsInNatsOfAStep(
    _ representation: MusicRepresentation
  ) {
    let task = Self.task(representation)
    let model = task.makeModel(key: RandomKey(seed: 3))
    let examples = [7, 4].map { MusicTask.Example(steps: Self.steps($0, seed: $0)) }
    let (mean, weight) = task.loss(model, examples, mode: .inference)
    let nats =
      task.predictions(model, to: examples).flatMap { $0.steps.map { Double($0.nats) } }.reduce(0, +) / 11
    #expect(weight == 11)
    if representation == .roll {
      #expect(abs(Double(mean.scalar) - nats) < 1e-4)
    } else {
      #expect(Double(mean.scalar) > nats && Double(mean.scalar) < 2 * nats)
    }
    let context = task.loss(
      model, [MusicTask.Example(steps: examples[0].steps, contextCount: 5)], mode: .inference)
    #expect(context.weight == 2)
  }

  @Test(arguments: MusicRepresentation.allCases) func whatIsWrittenIsRead(
    _ representation: MusicRepresentation
  ) throws {
    let task = Self.task(representation)
    var session = try #require(task.session(task.makeModel(key: RandomKey(seed: 7))))
    for step in Self.steps(3, seed: 2) { session.read(step) }
    let (sampler, key) = (MusicSampler(voices: 3), RandomKey(seed: 9))
    let written = session.written(sampler, key: key, count: 6)
    // one by one, each read like a given step
    for (index, step) in written.enumerated() {
      #expect(session.stepper.sample(sampler, key: key.child(index)) == step)
      session.read(step)
    }
    #expect(Set(written.flatMap { $0.map(\.key) }).count > 1)
  }

  @Test func longPiecesAreReadInParts() throws {
    for representation in MusicRepresentation.allCases {
      let task = Self.task(representation)
      let model = task.makeModel(key: RandomKey(seed: 5))
      let steps = Self.steps(1100, seed: 8)
      let whole = task.predictions(
        model, to: [MusicTask.Example(steps: steps), .init(steps: Array(steps.prefix(3)))])
      var session = try #require(task.session(model))
      let outputs = steps.flatMap { session.push($0) }
      #expect(whole[0].steps == outputs && whole[1].steps == Array(outputs.prefix(3)))
    }
  }

  @Test func tonesThatMayNotComeAreUnlikelyButFinite() {
    let task = Self.task(.events, tellsHeld: true)
    let model = task.makeModel(key: RandomKey(seed: 5))
    let steps: [[MusicPiece.Tone]] = [[.init(60, isHeld: true)], [.init(62)]]
    let own = task.predictions(model, to: [.init(steps: steps)])[0]
    #expect(own.steps[0].nats > 100 && own.steps[0].nats.isFinite && own.steps[1].nats < 20)
  }

  // MARK: Settings and damage

  @Test func streamsReadKeys() throws {
    var reader = MusicTask.MusicStepReader(range: 55...69)
    let steps = try reader.push(.list([.number(60), .number(64), .number(-63)]), line: 1)
    #expect(steps == [[.init(64), .init(62, isHeld: true), .init(60)]])
    for value in [.text("60"), .list([.number(128)]), .list([.number(0.5)]), .list([.null])] as [JSONValue] {
      #expect(throws: DataError.self) { try reader.push(value, line: 1) }
    }
  }

  @Test func damagedTasksAreRefused() throws {
    let task = Self.task(.events)
    let text = String(decoding: try JSONEncoder().encode(task), as: UTF8.self)
    #expect(try JSONDecoder().decode(MusicTask.self, from: Data(text.utf8)) == task)
    for (old, new) in [
      ("\"hiddenSize\":5", "\"hiddenSize\":0"), ("\"lowest\":55", "\"lowest\":-1"),
      ("\"highest\":69", "\"highest\":60"),
      ("\"stepsPerQuarter\":4", "\"stepsPerQuarter\":0"),
      ("\"transposition\":2", "\"transposition\":4611686018427387904"),
      ("\"quartersPerBar\":4", "\"quartersPerBar\":0"), ("\"stepCount\":0", "\"stepCount\":-1"),
      ("\"dropoutRate\":", "\"dropoutRate\":7"),
    ] {
      #expect(text.contains(old), "\(old)")
      let damaged = try JSONDecoder().decode(
        MusicTask.self, from: Data(text.replacingOccurrences(of: old, with: new).utf8))
      #expect(damaged.issue != nil, "\(new)")
    }
  }
}
