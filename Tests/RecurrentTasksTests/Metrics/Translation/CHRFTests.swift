import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct CHRFTests {
  @Test func scoresAreThoseOfSacrebleu() throws {
    let fixture = try TranslationMetricsFixture()
    for own in fixture.chrf {
      let metric = CHRF(wordOrder: own.words)
      let counts = metric.counts(hypotheses: fixture.hypotheses, references: fixture.references(own.nrefs))
      let score = metric.score(counts.reduce(metric.noCounts, +))
      #expect(abs(score - own.score) < 1e-9, "\(own.line)")
      let line = metric.line(score, referenceCounts: [own.nrefs])
      #expect(line.replacing("recurrent-\(RecurrentVersion.current)", with: "X") == own.line)
      for (place, expected) in own.sentences.enumerated() {
        let value = metric.score(counts[place])
        #expect(abs(value - expected) < 1e-9, "\(own.line), line \(place): \(value), not \(expected)")
      }
    }
  }

  @Test func noSentence() { #expect(CHRF.plusPlus.score(hypotheses: [], references: []) == 0) }

  /// Worked out by hand: 3 of 4 letters, 1 of 3 pairs and no longer n-gram on both sides.
  @Test func byHand() {
    let metric = CHRF(characterOrder: 2)
    #expect(
      abs(metric.score(hypotheses: ["ab cd"], references: [["abxd"]]) - 100 * (0.75 + 1.0 / 3) / 2) < 1e-12)
    #expect(metric.name == "chrF2" && CHRF.plusPlus.name == "chrF2++")
  }
}
