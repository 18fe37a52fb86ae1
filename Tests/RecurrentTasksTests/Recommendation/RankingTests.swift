import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct RankingTests {
  @Test func ties() {
    let scores: [Float] = [1, 3, 2, 2, .nan, 2, 0]
    func rank(_ item: Int) -> ItemRank { scores.withUnsafeBufferPointer { ItemRank(of: item, in: $0) } }
    // what is no number stands above: it must not flatter
    #expect(rank(1) == ItemRank(above: 0, equal: 1) && rank(2) == ItemRank(above: 1, equal: 3))
    #expect(rank(6) == ItemRank(above: 5, equal: 1))
    #expect(rank(4).rank(.conservative) == 7)
    let tied = ItemRank(above: 1, equal: 2)
    #expect(ItemRank.TieRule.allCases.map { tied.rank($0) } == [4, 2, 3])
  }

  @Test func metricsByHand() {
    var totals = RankTotals()
    for above in [0, 9, 10, 19, 20] { totals.add(ItemRank(above: above, equal: above == 9 ? 1 : 0)) }
    let own = totals.metrics(.conservative)
    // ranks 1, 11, 11, 20, 21
    #expect(own.recallAt20 == 0.8 && own.hitRateAt10 == 0.2)
    #expect(abs(own.mrrAt20 - (1 + 2 / 11.0 + 1 / 20.0) / 5) < 1e-6)
    #expect(abs(own.ndcgAt10 - 0.2) < 1e-6)
    let flattered = totals.metrics(.standard)
    #expect(flattered.hitRateAt10 == 0.4)
    #expect(abs(flattered.ndcgAt10 - (1 + 1 / log2(11)) / 5) < 1e-6)
    #expect(abs(totals.metrics(.median).hitRateAt10 - 0.2) < 1e-9)
    #expect(RankTotals().metrics(.conservative).recallAt20 == 0)
  }

  @Test func topItems() {
    let key = RandomKey(seed: 5)
    for limit in [1, 3, 10, 40] {
      for seed in 0..<20 {
        let scores = key.child(seed).integers(30, below: 12).map { $0 == 11 ? Float.nan : Float($0) }
        var top = TopItems(limit)
        scores.withUnsafeBufferPointer { row in top.choose(from: row) { $0 % 7 != 0 } }
        let expected = scores.indices.filter { $0 % 7 != 0 && !scores[$0].isNaN }.sorted {
          scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1
        }
        #expect(top.items == expected.prefix(limit).map { Int32($0) })
      }
    }
    var none = TopItems(0)
    ([1, 2] as [Float]).withUnsafeBufferPointer { none.choose(from: $0) }
    #expect(none.items.isEmpty)
  }

  /// Ranks of all targets, in batches of whatever sessions, are those by the scores of each session alone.
  @Test func ranksAreThoseOfScores() throws {
    let task = RecommendationTaskTests.task()
    let model = task.makeModel(key: RandomKey(seed: 7))
    var examples = RecommendationTaskTests.examples([6, 1, 3, 9, 0, 2, 5])
    examples[3].targetCount = 1
    var found = [[ItemRanking]](repeating: [], count: examples.count)
    try task.forEachRanking(model, ExampleSource(examples), topCount: 4) { ranking, session in
      #expect(session.example == examples[session.number])
      found[session.number].append(ranking)
    }
    for (example, rankings) in zip(examples, found) {
      #expect(rankings.count == example.targetCount)
      for (place, ranking) in rankings.enumerated() {
        let position = example.items.count - example.targetCount + place
        #expect(ranking.position == position && ranking.target == example.items[position])
        let before = Indices(Array(example.items[..<position]), shape: [position, 1])
        let scores = model.scores(model.read(before).hidden[position - 1]).scalars
        let own = scores[Int(ranking.target)]
        #expect(ranking.rank.above == scores.count { $0 > own } && ranking.rank.equal == 0)
        #expect(ranking.top == scores.indices.sorted { scores[$0] > scores[$1] }.prefix(4).map { Int32($0) })
      }
    }
  }

  /// Among candidates drawn at random ranks are what the draws say, and no item that the session has is among them.
  @Test func sampledCandidates() throws {
    var settings = Settings()
    settings[.candidates] = .sampled(5)
    let task = try RecommendationTaskTests.task(items: 40).predicting(with: settings)
    let model = task.makeModel(key: RandomKey(seed: 7))
    let examples = RecommendationTaskTests.examples([6, 4, 5, 5, 7, 8, 3], items: 40)
    var (full, sampled) = (0.0, 0.0)
    try RecommendationTaskTests.task(items: 40).forEachRanking(model, ExampleSource(examples), topCount: 0) {
      ranking, _ in full += ranking.rank.rank(.conservative)
    }
    var again: [ItemRank] = []
    for _ in 0..<2 {
      var own: [ItemRank] = []
      try task.forEachRanking(model, ExampleSource(examples), topCount: 0) { ranking, _ in
        own.append(ranking.rank)
      }
      #expect(own.allSatisfy { $0.above + $0.equal <= 5 } && (again.isEmpty || again == own))
      again = own
    }
    sampled = again.reduce(0) { $0 + $1.rank(.conservative) }
    #expect(sampled < full / 3)
    let evaluation = try task.evaluation(model, on: ExampleSource(examples)) { _ in }
    #expect(evaluation.warnings.contains { $0.contains("drawn at random") })
    #expect(
      String(decoding: try JSONEncoder().encode(evaluation), as: UTF8.self).contains(
        "\"candidates\":\"sampled:5\""))
  }
}
