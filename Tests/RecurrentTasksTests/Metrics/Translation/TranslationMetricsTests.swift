import Foundation
import RecurrentReports
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct TranslationMetricsTests {
  private static func pairs() throws -> [TranslationMetrics.Pair] {
    try TranslationMetricsFixture().lines.map {
      TranslationMetrics.Pair(source: $0[1], hypothesis: $0[0], references: [$0[1], $0[2]])
    }
  }

  @Test func ofTheFixture() throws {
    let fixture = try TranslationMetricsFixture()
    let metrics = TranslationMetrics(try TranslationMetricsTests.pairs(), tokenizer: .western)
    let expected = try #require(
      fixture.bleu.first { $0.nrefs == 2 && $0.tokenizer == "13a" && $0.smoothing == "exp" })
    let chrF = try #require(fixture.chrf.first { $0.nrefs == 2 && $0.words == 0 })
    let plus = try #require(fixture.chrf.first { $0.nrefs == 2 && $0.words == 2 })
    #expect(abs(metrics.bleu.value - expected.score) < 1e-9 && abs(metrics.chrF.value - chrF.score) < 1e-9)
    #expect(abs(metrics.chrFPlusPlus.value - plus.score) < 1e-9)
    let sentences = try #require(expected.sentences)
    #expect(zip(metrics.sentenceBLEU, sentences).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(zip(metrics.sentenceCHRF, chrF.sentences).allSatisfy { abs($0 - $1) < 1e-9 })
    // twice what sacrebleu's own bootstrap of 1,000 draws gives for these lines
    let widths = [20.7, 15.9, 16.0]
    for (interval, width) in zip([metrics.bleu, metrics.chrF, metrics.chrFPlusPlus], widths) {
      #expect(interval.low < interval.value && interval.value < interval.high)
      #expect(abs((interval.high - interval.low) / width - 1) < 0.2, "\(interval)")
    }
    #expect(metrics.lengths.reduce(0) { $0 + $1.sentences } == metrics.sentences && metrics.lengths.count > 4)
    #expect(
      metrics.lengths[0].name == "up to 5 words" && metrics.warning == nil && metrics.referenceCounts == [2])
    let order = metrics.worstFirst
    #expect(zip(order, order.dropFirst()).allSatisfy { metrics.sentenceCHRF[$0] <= metrics.sentenceCHRF[$1] })
    #expect(metrics.lines.contains(metrics.signatures[0]) && metrics.lines[1].hasPrefix("BLEU "))
  }

  /// Signatures stand in the JSON of an evaluation.
  @Test func signaturesAreEncoded() throws {
    let metrics = TranslationMetrics(try TranslationMetricsTests.pairs())
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(metrics)) as? [String: Any]
    let lines = try #require(object?["signatures"] as? [String])
    #expect(lines.map { String($0.prefix { $0 != "|" }) } == ["BLEU", "chrF2", "chrF2++"])
    #expect(lines.allSatisfy { $0.contains("|nrefs:2|case:mixed|") && $0.contains("version:recurrent-") })
  }

  @Test func theOtherDirectionIsSeen() {
    func pairs(_ write: (Int) -> String) -> [TranslationMetrics.Pair] {
      (0..<20).map {
        TranslationMetrics.Pair(
          source: "the red house number \($0)", hypothesis: write($0),
          references: ["das rote Haus Nummer \($0)"])
      }
    }
    #expect(TranslationMetrics.sidesWarning(pairs { "the red house \($0)" }) != nil)
    #expect(TranslationMetrics.sidesWarning(pairs { "das rote Haus \($0)" }) == nil)
    #expect(TranslationMetrics.sidesWarning(pairs { _ in "" }) == nil)
    // texts to be corrected share their words with what they become
    let spelling = (0..<20).map {
      TranslationMetrics.Pair(
        source: "the rde house number \($0)", hypothesis: "the rde house number \($0)",
        references: ["the red house number \($0)"])
    }
    #expect(TranslationMetrics.sidesWarning(spelling) == nil)
  }

  /// One reference: counts of characters are shared between both kinds of chrF.
  @Test func oneReference() throws {
    let fixture = try TranslationMetricsFixture()
    let metrics = TranslationMetrics(
      zip(fixture.hypotheses, fixture.references(1)).map {
        TranslationMetrics.Pair(hypothesis: $0, references: $1)
      })
    let chrF = try #require(fixture.chrf.first { $0.nrefs == 1 && $0.words == 0 })
    #expect(abs(metrics.chrF.value - chrF.score) < 1e-9 && metrics.lengths.isEmpty)
    #expect(zip(metrics.sentenceCHRF, chrF.sentences).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func theSameSeedGivesTheSameIntervals() throws {
    let pairs = try TranslationMetricsTests.pairs()
    #expect(TranslationMetrics(pairs, seed: 1) == TranslationMetrics(pairs, seed: 1))
    #expect(TranslationMetrics(pairs, seed: 1).bleu != TranslationMetrics(pairs, seed: 2).bleu)
  }

  @Test func noSentencesAndOne() {
    let none = TranslationMetrics([])
    #expect(none.bleu.value == 0 && none.chrF.value == 0 && none.lengths.isEmpty)
    let one = TranslationMetrics([
      TranslationMetrics.Pair(source: "等等", hypothesis: "等等！", references: ["等等！"])
    ])
    #expect(one.settings.tokenizer == .character && one.signatures[0].contains("tok:char"))
    #expect(one.chrF.value == 100 && one.chrF.low == 100 && one.lengths[0].name == "up to 5 characters")
  }

  @Test func textThatWasSplitIsNoticed() {
    let pair = TranslationMetrics.Pair(hypothesis: "a b c .", references: ["a b c."])
    #expect(TranslationMetrics([TranslationMetrics.Pair](repeating: pair, count: 99)).warning == nil)
    let metrics = TranslationMetrics([TranslationMetrics.Pair](repeating: pair, count: 100))
    #expect(metrics.warning?.text.hasPrefix("100 of 100 translations end in a blank") ?? false)
  }

  @Test func aPage() throws {
    let metrics = TranslationMetrics(try TranslationMetricsTests.pairs())
    let page = HTMLReport(title: "t", lead: "l", keyFigures: metrics.keyFigures, sections: metrics.sections)
      .html
    let check = try checkedMarkup(page)
    #expect(check.text.contains(metrics.signatures[0]) && check.text.contains("BLEU by length of the source"))
    #expect(check.text.contains("up to 5 words"))
  }

  /// The time grows with the text: 4,000 sentences of 25 words with all their intervals.
  @Test func manySentences() {
    let key = RandomKey(seed: 5)
    let pairs = (0..<4000).map { index in
      let words = key.child(index).uniforms(50).map { "word\(Int($0 * $0 * 2000))" }
      return TranslationMetrics.Pair(
        hypothesis: words[..<25].joined(separator: " ") + ".",
        references: [(words[..<20] + words[25..<30]).joined(separator: " ") + "."])
    }
    let clock = ContinuousClock()
    let start = clock.now
    let metrics = TranslationMetrics(pairs)
    #expect(metrics.bleu.value > 60 && metrics.bleu.value < 90)
    #expect(clock.now - start < .seconds(8))
  }
}
