import RecurrentCore
import Testing

@testable import RecurrentDecoding

@Suite struct CTCSearchTests {
  /// Compares all texts of a search that leaves nothing out with those of all paths.
  private func expectEqual(
    _ found: [DecodedHypothesis], _ expected: [(text: String, score: Double)], _ label: String
  ) {
    #expect(found.count == expected.count, "\(label)")
    for (own, other) in zip(found, expected) {
      #expect(abs(own.score - other.score) < 1e-5, "\(label): \(own.text) instead of \(other.text)")
    }
    let scores = Dictionary(uniqueKeysWithValues: expected.map { ($0.text, $0.score) })
    for own in found {
      #expect(abs(own.score - (scores[own.text] ?? .infinity)) < 1e-5, "\(label): \(own.text)")
    }
    #expect(abs(found.reduce(0) { $0 + $1.posterior } - 1) < 1e-9)
  }

  private static let units: [String: OutputUnits] = [
    "letters": .letters,
    "blank first": try! OutputUnits(spelling: TokenList(["a", " ", "b"]), blank: .first),
    "pieces": try! OutputUnits(spelling: TokenList(["▁a", "b", "ab", "a"]), blank: .last, wordMark: "▁"),
    "mark alone": try! OutputUnits(spelling: TokenList(["▁", "a", "▁a"]), blank: .first, wordMark: "▁"),
    "ends": try! OutputUnits(spelling: TokenList(["a ", "a", " b "]), blank: .last),
    "words": try! OutputUnits(words: TokenList(["bin", "blue", "at"]), blank: .first),
    "signs": try! OutputUnits(words: TokenList(["語", "日", "本"]), blank: .last, joiner: ""),
  ]

  @Test(arguments: ["letters", "blank first", "pieces", "mark alone", "ends", "words", "signs"], 1...4)
  func allTextsHaveTheSumsOfTheirPaths(_ name: String, seed: Int) throws {
    let units = try #require(Self.units[name])
    for frames in 0...5 {
      let logits = randomLogits(frames, units.count, seed: seed * 10 + frames, scale: 6)
      let search = CTCSearch(units: units, settings: .exhaustive)
      let found = try search.decode(logits, best: .max)
      expectEqual(found, BruteForce(logits, units).ranked(), "\(name), \(frames) frames")
    }
  }

  @Test(arguments: ["letters", "pieces", "ends", "words"], 1...4)
  func wordsAreScoredWhereTheyEnd(_ name: String, seed: Int) throws {
    let units = try #require(Self.units[name])
    let scorer = PairScorer(words: ["a", "ab", "bab", "bin", "at"])
    let logits = randomLogits(5, units.count, seed: seed)
    let lexical = LexicalScorer(
      units: units, list: WordTrie(scorer.words), words: scorer, alpha: 0.7, beta: 0.9,
      unknownWords: .allowed(perWord: -1.5, perCharacter: -0.25))
    let found = try CTCSearch(units: units, scorer: lexical, settings: .exhaustive).decode(logits, best: .max)
    let expected = BruteForce(logits, units).ranked {
      scorer.score($0, alpha: 0.7, beta: 0.9, perWord: -1.5, perCharacter: -0.25)
    }
    expectEqual(found, expected, name)
    for own in found {
      let score = scorer.score(own.text, alpha: 0.7, beta: 0.9, perWord: -1.5, perCharacter: -0.25)
      #expect(abs(own.scorerScore - score) < 1e-5 && abs(own.networkScore + score - own.score) < 1e-5)
    }
  }

  @Test(arguments: 1...4) func wordsOutsideTheListAreRefused(_ seed: Int) throws {
    let list = WordTrie(["ab", "b", "ba"])
    let logits = randomLogits(5, 4, seed: seed)
    let scorer = LexicalScorer(units: .letters, list: list, words: WordList(list), unknownWords: .refused)
    let found = try CTCSearch(units: .letters, scorer: scorer, settings: .exhaustive)
      .decode(logits, best: .max)
    let expected = BruteForce(logits, .letters).ranked {
      $0.split(separator: " ").allSatisfy { list.number(of: String($0)) != nil } ? 0 : -.infinity
    }
    #expect(expected.count > 3)
    expectEqual(found, expected, "refused")
  }

  @Test(arguments: 1...4) func hotWordsCountWhereTheyAreComplete(_ seed: Int) throws {
    let boosts: [(text: String, boost: Float)] = [("ab", 2), ("a b", 1.5), ("b", 0.5), ("bb a", 3)]
    let logits = randomLogits(6, 4, seed: seed)
    let scorer = HotWordScorer(units: .letters, phrases: boosts)
    let found = try CTCSearch(units: .letters, scorer: scorer, settings: .exhaustive)
      .decode(logits, best: .max)
    let expected = BruteForce(logits, .letters).ranked { text in
      boosts.reduce(0) { sum, phrase in
        let (words, own) = (text.split(separator: " "), phrase.text.split(separator: " "))
        let count = words.indices.count { words[$0...].starts(with: own) }
        return sum + Double(count) * Double(phrase.boost)
      }
    }
    expectEqual(found, expected, "hot words")
  }

  /// Scores tokens by the two before, so that two spellings of a text differ.
  private struct TokenScorer: Scorer {
    var start: [Int32] { [] }
    func score(_ token: Int32, after state: [Int32]) -> (score: Float, state: [Int32]) {
      (-Float((state.reduce(3) { $0 * 5 + Int($1) } + 7 * Int(token)) % 9) / 3, (state + [token]).suffix(2))
    }
    func finish(_ state: [Int32]) -> Float { -Float(state.count) }
  }

  @Test(arguments: ["letters", "pieces", "mark alone"], 1...3)
  func tokenScorersWeighEverySpellingOfAText(_ name: String, seed: Int) throws {
    let units = try #require(Self.units[name])
    let logits = randomLogits(5, units.count, seed: seed)
    let base = OutputScorer(TokenScorer(), units: units)
    let scorer = WeightedScorer(base, alpha: 0.6, beta: 0.2)
    let found = try CTCSearch(units: units, scorer: scorer, settings: .exhaustive).decode(logits, best: .max)
    let expected = BruteForce(logits, units) { tokens in
      var (sum, state) = (0.0, base.start)
      for token in tokens {
        let (own, next) = base.score(token, after: state)
        sum += Double(own) * 0.6 + 0.2
        state = next
      }
      return sum + 0.6 * Double(base.finish(state))
    }
    expectEqual(found, expected.ranked(), name)
  }

  @Test(arguments: ["letters", "pieces", "words"], 1...4)
  func timesAreThoseOfTheLikeliestPath(_ name: String, seed: Int) throws {
    let units = try #require(Self.units[name])
    let logits = randomLogits(5, units.count, seed: seed, scale: 8)
    let paths = BruteForce(logits, units)
    for own in try CTCSearch(units: units, settings: .exhaustive).decode(logits, best: 20) {
      let path = try #require(paths.texts[own.text]?.bestPath)
      // each frame with an output belongs to the word that is being spelled
      var (times, isInWord) = ([(first: Int, last: Int)](), false)
      for (frame, output) in path.enumerated() where output != units.blank {
        let isNew = frame == 0 || path[frame - 1] != output
        let unit = units.outputs[output]
        if isNew, unit.beginsWord { isInWord = false }
        if !unit.bytes.isEmpty {
          if isNew, !isInWord { times.append((frame, frame)) } else { times[times.count - 1].last = frame }
          isInWord = !unit.endsWord
        }
      }
      #expect(own.words.map(\.firstFrame) == times.map(\.first), "\(own.text): \(path)")
      #expect(own.words.map(\.lastFrame) == times.map(\.last), "\(own.text): \(path)")
    }
  }

  @Test func aBeamOfOneSumsPathsWhichGreedyDoesNot() throws {
    // two frames of blank .4, a .35, b .25: the likeliest path is empty, but "a" has three paths
    let logits = [Float](repeating: 0, count: 8).enumerated().map { index, _ in
      [0.35, 0.25, 1e-30, 0.4].map { Float(LogDomain.log($0)) }[index % 4]
    }
    let greedy = try CTCSearch.greedy(logits, units: .letters)
    #expect(greedy.text == "" && abs(greedy.score - LogDomain.log(0.16)) < 1e-6)
    let search = CTCSearch(units: .letters, settings: CTCSearchSettings(beamWidth: 1))
    #expect(try search.decode(logits).first?.text == "")
    let wide = try CTCSearch(units: .letters).decode(logits)
    #expect(wide.first?.text == "a")
    #expect(abs((wide.first?.score ?? 0) - LogDomain.log(0.35 * 0.35 + 2 * 0.35 * 0.4)) < 1e-6)

    // one hypothesis: a blank and a repeated token both keep "a", together above the new text "ab"
    let other: [Float] = [[0.9, 0.04, 0.01, 0.05], [0.3, 0.4, 0.01, 0.29]].flatMap { frame in
      frame.map { Float(LogDomain.log($0)) }
    }
    #expect(try CTCSearch.greedy(other, units: .letters).text == "ab")
    #expect(try search.decode(other).first?.text == "a")
  }

  @Test func confidencesArePosteriorsOfWords() throws {
    let logits = randomLogits(5, 4, seed: 9, scale: 4)
    let all = try CTCSearch(units: .letters, settings: .exhaustive).decode(logits, best: .max)
    let words = try #require(all.first { $0.words.count == 1 })
    // hypotheses of one word have no other place for it
    let lists = all.filter { $0.words.count <= 1 && $0.score > all[0].score - 14 }
    let share = lists.filter { $0.text == words.text }.reduce(0) { $0 + $1.posterior }
    #expect(words.words[0].confidence >= share && words.words[0].confidence < 1)

    // nothing but "a" is possible
    let certain: [Float] = [0, -.infinity, -.infinity, -.infinity]
    let text = try CTCSearch(units: .letters).decode(certain + certain)
    #expect(text.count == 1 && text[0].text == "a" && text[0].words[0].confidence == 1)
    #expect(text[0].words[0].firstFrame == 0 && text[0].words[0].lastFrame == 1 && text[0].score == 0)
  }

  @Test func meanLogProbabilitiesAreThoseOfTheSpikes() throws {
    let frame: [Float] = [0.5, 0.3, 0.1, 0.1].map { Float(LogDomain.log($0)) }
    let text = try CTCSearch(units: .letters).decode(frame)
    #expect(abs((text.first?.words.first?.meanLogProbability ?? 0) - LogDomain.log(0.5)) < 1e-6)
  }

  @Test func anUnlikelyStartIsHeldBack() throws {
    var logits: [Float] = []
    for blank in [12, 12, 12, -2] as [Float] { logits += [2, 0, 0, blank] }
    let held = try CTCSearch(units: .letters).decode(logits)
    #expect(held[0].text == "a" && held[0].words[0].firstFrame == 3)
    var settings = CTCSearchSettings(blankThreshold: 2)
    settings.tokenFloor = -.infinity
    #expect(try CTCSearch(units: .letters, settings: settings).decode(logits)[0].text == "a")
  }

  @Test func prunesByTokensAndDistance() throws {
    let frame: [Float] = [0.4, 0.3, 0.2, 0.1].map { Float(LogDomain.log($0)) }
    func texts(_ settings: CTCSearchSettings) throws -> [String] {
      try CTCSearch(units: .letters, settings: settings).decode(frame, best: 9).map(\.text).sorted()
    }
    #expect(try texts(.exhaustive) == ["", "a", "b"])
    #expect(try texts(CTCSearchSettings(tokensPerFrame: 1)) == ["", "a"])
    #expect(try texts(CTCSearchSettings(tokenFloor: LogDomain.log(0.35))) == ["", "a"])
    #expect(try texts(CTCSearchSettings(beamThreshold: 0.5)) == ["a", "b"])
    #expect(try texts(CTCSearchSettings(beamWidth: 1)) == ["a"])
  }

  @Test func unknownTokensAreNeverEmitted() throws {
    let units = try OutputUnits(spelling: TokenList(["<unk>", "a"], unknownID: 0), blank: .last)
    let logits: [Float] = [5, 1, 0, 5, 1, 0]
    #expect(
      try CTCSearch(units: units, settings: .exhaustive).decode(logits, best: 9).map(\.text).sorted() == [
        "", "a",
      ])
    #expect(try CTCSearch.greedy(logits, units: units).text == "a")
  }

  @Test func aScorerThatRefusesEveryEndLeavesWholeWords() throws {
    let list = WordTrie(["ab"])
    let scorer = LexicalScorer(units: .letters, list: list, words: WordList(list), unknownWords: .refused)
    // "ab a", of which the last word is no word
    let frames: [[Float]] = [
      [9, 0, 0, 0], [0, 9, 0, 0], [0, 0, 9, 0], [9, 0, 0, 0],
    ].map { $0.map { $0 == 9 ? 0 : -.infinity } }
    let found = try CTCSearch(units: .letters, scorer: scorer).decode(frames.flatMap { $0 })
    #expect(found.map(\.text) == ["ab"])
  }
}
