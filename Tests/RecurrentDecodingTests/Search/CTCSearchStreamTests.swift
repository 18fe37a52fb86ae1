import RecurrentCore
import RecurrentData
import RecurrentTestSupport
import Testing

@testable import RecurrentDecoding

@Suite struct CTCSearchStreamTests {
  private static let alphabet = ["a", "b", "c", "d", "e", " "]
  private static let units = try! OutputUnits(spelling: TokenList(alphabet), blank: .last)

  /// What scores the hypotheses besides the network.
  enum Scoring: Sendable {
    case nothing, pairs, ngrams
  }

  private static let words = ["a", "ab", "abc", "bad", "cab", "dab", "e", "be", "de", "c"]

  private static func search(_ settings: CTCSearchSettings, _ scoring: Scoring) throws -> CTCSearch {
    switch scoring {
    case .nothing: return CTCSearch(units: units, settings: settings)
    case .pairs: return lexicalSearch(settings, PairScorer(words: words))
    case .ngrams:
      let estimator = try NGramEstimator(order: 3)
      try estimator.add(
        UTF8TextReader(texts: ["a bad cab\nbe a bad cab\nde e c\nab abc dab\na bad dab\nbe a cab c\n"]))
      return lexicalSearch(settings, try estimator.model())
    }
  }

  private static func lexicalSearch(_ settings: CTCSearchSettings, _ model: some WordScorer) -> CTCSearch {
    let lexical = LexicalScorer(
      units: units, list: WordTrie(words), words: model, alpha: 0.8, beta: 0.5,
      unknownWords: .allowed(perWord: -1, perCharacter: -0.2))
    let hot = HotWordScorer(units: units, phrases: [("bad cab", 2), ("de", 1)])
    return CTCSearch(units: units, scorer: ScorerPair(lexical, hot), settings: settings)
  }

  private static let cases: [(CTCSearchSettings, Scoring)] = [
    (CTCSearchSettings(beamWidth: 8), .nothing), (CTCSearchSettings(beamWidth: 8), .pairs),
    (CTCSearchSettings(beamWidth: 8, commitAfter: 16), .nothing),
    (CTCSearchSettings(beamWidth: 24, commitAfter: 25), .pairs),
    (CTCSearchSettings(beamWidth: 8, commitAfter: 25), .ngrams),
  ]

  @Test(arguments: 0..<4) func anyCutGivesTheBitsOfTheWhole(_ number: Int) throws {
    let search = try Self.search(Self.cases[number].0, Self.cases[number].1)
    let (frames, width) = (3000, Self.units.count)
    let logits = spikyLogits(frames, width, blank: Self.units.blank, seed: 5 + number)
    let whole = try search.decode(logits, best: 5)
    #expect(whole[0].words.count > 100)
    let lengths = RandomKey(seed: 3).uniforms(frames)
    for (round, largest) in [1, 7, 90].enumerated() {
      var (state, taken, start, cut) = (search.start, [DecodedWord](), 0, 0)
      var stable: [DecodedWord] = []
      while start < frames {
        let end = min(frames, start + 1 + Int(lengths[cut] * Float(largest)))
        cut += 1
        try search.push(Array(logits[(start * width)..<(end * width)]), to: &state)
        start = end
        // looking does not touch
        let now = taken + search.stable(state)
        #expect(now.prefix(stable.count).elementsEqual(stable), "what was stable has changed")
        stable = now
        if cut % 5 == round { taken += search.takeStable(from: &state) }
      }
      #expect(taken.count > 50 || number < 2)
      let rest = search.finish(state, best: 5)
      #expect(rest.map(\.score) == whole.map(\.score) && rest.map(\.posterior) == whole.map(\.posterior))
      for (own, all) in zip(rest, whole) { #expect(taken + own.words == all.words) }
      #expect(stable + search.partial(state) == whole[0].words)
      #expect(search.finish(state, best: 5) == rest)
    }
  }

  @Test func theStateIsBounded() throws {
    let search = try Self.search(CTCSearchSettings(beamWidth: 8, commitAfter: 50), .pairs)
    let logits = spikyLogits(2000, Self.units.count, blank: Self.units.blank, seed: 1)
    var (state, words) = (search.start, 0)
    for _ in 0..<10 {
      try search.push(logits, to: &state)
      words += search.takeStable(from: &state).count
      #expect(state.tree.count < 500 && state.settled.isEmpty && state.treeLimit < 4096)
    }
    #expect(state.frameCount == 20_000 && words > 200)
  }

  @Test func decidesInTime() throws {
    let search = try Self.search(CTCSearchSettings(beamWidth: 32, commitAfter: 20), .nothing)
    // nothing is ever sure
    let logits = randomLogits(400, Self.units.count, seed: 4, scale: 2)
    var state = search.start
    for frame in 0..<400 {
      let own = logits[(frame * Self.units.count)..<((frame + 1) * Self.units.count)]
      try search.push(Array(own), to: &state)
      let late = search.finish(state)[0].words.filter { $0.lastFrame < frame - 40 }.count
      #expect(search.stable(state).count >= late - 1)
    }
    let words = search.finish(state)[0].words
    #expect(words.contains { $0.confidence < 0.9 } && words.allSatisfy { $0.confidence > 0 })
    #expect(zip(words, words.dropFirst()).allSatisfy { $0.lastFrame < $1.firstFrame })
  }

  @Test func rowsDoNotSeeEachOther() throws {
    let search = try Self.search(CTCSearchSettings(beamWidth: 16), .pairs)
    let width = Self.units.count
    let inputs = (0..<7).map {
      spikyLogits(20 + 9 * $0, width, blank: Self.units.blank, seed: 40 + $0)
    }
    let alone = try inputs.map { try search.decode($0, best: 3) }
    for seed in 0..<3 {
      // frame by frame in turn, in another order each time
      let order = RandomKey(seed: UInt64(seed)).uniforms(7).enumerated().sorted { $0.element < $1.element }
      var states = [CTCSearchState](repeating: search.start, count: 7)
      for frame in 0..<80 {
        for (row, _) in order where (frame + 1) * width <= inputs[row].count {
          try search.push(Array(inputs[row][(frame * width)..<((frame + 1) * width)]), to: &states[row])
        }
      }
      #expect(states.map { search.finish($0, best: 3) } == alone)
    }
  }

  @Test func keptStatesGoOnAsIfNothingHadHappened() throws {
    for (number, (settings, scoring)) in Self.cases.enumerated() {
      let search = try Self.search(settings, scoring)
      let logits = spikyLogits(600, Self.units.count, blank: Self.units.blank, seed: 60 + number)
      let whole = try search.decode(logits, best: 4)
      for cut in [0, 1, 50, 333, 600] {
        var state = search.start
        try search.push(Array(logits[..<(cut * Self.units.count)]), to: &state)
        let stored = try #require(search.stored(state))
        var other = try search.state(of: stored)
        #expect(try #require(search.stored(other)).map(\.values) == stored.map(\.values))
        try search.push(Array(logits[(cut * Self.units.count)...]), to: &other)
        #expect(search.finish(other, best: 4) == whole)
      }
    }
  }

  @Test(arguments: [Scoring.pairs, .ngrams]) func damagedStatesAreRefusedOrRead(_ scoring: Scoring) throws {
    let search = try Self.search(CTCSearchSettings(beamWidth: 4), scoring)
    let logits = spikyLogits(40, Self.units.count, blank: Self.units.blank, seed: 8)
    var state = search.start
    try search.push(logits, to: &state)
    let stored = try #require(search.stored(state))
    var refused = 0
    for name in stored.indices {
      for index in stored[name].values.indices {
        for value in [Int64.min, -1, 0, 1 << 20, Int64.max] {
          var other = stored
          other[name].values[index] = value
          guard var damaged = try? search.state(of: other) else {
            refused += 1
            continue
          }
          // a wrong number may pass as a right one, but nothing traps on it
          try search.push(logits, to: &damaged)
          _ = search.finish(damaged, best: 3)
        }
      }
      var shorter = stored
      shorter[name].values = shorter[name].values.dropLast()
      if !stored[name].values.isEmpty {
        #expect(throws: SearchError.self) { try search.state(of: shorter) }
      }
      shorter.remove(at: name)
      #expect(throws: SearchError.notAState(reason: "it has no integers \"\(stored[name].name)\"")) {
        try search.state(of: shorter)
      }
    }
    #expect(refused > 100)
    let plain = CTCSearch(units: Self.units)
    #expect(throws: SearchError.self) { try plain.state(of: stored) }
  }

  @Test(.enabled(if: AllocationCount.isAvailable), arguments: [Scoring.nothing, .pairs])
  func aSteadyFrameAllocatesNothing(_ scoring: Scoring) throws {
    let search = try Self.search(CTCSearchSettings(), scoring)
    let (width, frames) = (Self.units.count, 400)
    let logits = spikyLogits(frames, width, blank: Self.units.blank, seed: 2)
    var state = search.start
    try search.push(logits, to: &state)
    state.clearTree(Self.units)
    try search.push(Array(logits[..<(5 * width)]), to: &state)
    // 25 frames of 32 hypotheses: the tree is not cleared in between
    let calls = try logits.withUnsafeBufferPointer { frames in
      let next = UnsafeBufferPointer(rebasing: frames[(5 * width)..<(25 * width)])
      return try AllocationCount.during { try search.push(next, to: &state) }
    }
    #expect(calls == 0)
  }

  @Test func badFramesAreNamed() throws {
    let search = CTCSearch(units: .letters)
    var state = search.start
    let good: [Float] = [1, 2, 3, 4]
    #expect(throws: SearchError.incompleteFrame(outputs: 4, found: 5)) {
      try search.push(good + [1], to: &state)
    }
    #expect(throws: SearchError.notANumber(frame: 1, output: 2, found: .infinity)) {
      try search.push(good + [0, 0, .infinity, 0], to: &state)
    }
    #expect(state.frameCount == 1)
    let nan: [Float] = [0, .nan, 0, 0]
    #expect(throws: SearchError.self) { try search.push(nan, to: &state) }
    let none = [Float](repeating: -.infinity, count: 4)
    #expect(throws: SearchError.noProbability(frame: 1)) { try search.push(none, to: &state) }
    #expect(throws: SearchError.noProbability(frame: 0)) {
      try CTCSearch.greedy(none, units: .letters)
    }
    let message = "\(SearchError.notANumber(frame: 1, output: 2, found: .infinity))"
    #expect(message == "frame 1, output 2: expected a number below infinity, found inf")
  }

  @Test func nothingAndSilenceAreTheEmptyText() throws {
    let search = CTCSearch(units: .letters)
    #expect(try search.decode([]).map(\.text) == [""])
    #expect(search.stable(search.start).isEmpty && search.partial(search.start).isEmpty)
    let silence = [Float](repeating: 0, count: 400).enumerated().map { $0.offset % 4 == 3 ? Float(30) : 0 }
    #expect(try search.decode(silence)[0].text == "")
    // only a token that must follow itself: the frame is passed over
    let never: [Float] = [-.infinity, -.infinity, 0, -.infinity]
    let list = WordTrie(["a"])
    let scorer = LexicalScorer(units: .letters, list: list, words: WordList(list), unknownWords: .refused)
    let refusing = CTCSearch(units: .letters, scorer: scorer)
    let onlyB: [Float] = [-.infinity, 0, -.infinity, -.infinity]
    #expect(try refusing.decode(never + onlyB + onlyB)[0].text == "")
  }
}
