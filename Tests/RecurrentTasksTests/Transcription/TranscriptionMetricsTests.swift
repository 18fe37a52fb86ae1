import Foundation
import RecurrentData
import RecurrentDecoding
import RecurrentReports
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct TranscriptionMetricsTests {
  private typealias Pair = TranscriptionMetrics.Pair

  private let pairs = [
    Pair(reference: "Bin blue at F two, now!", hypothesis: "bin blue at s two now", group: "a"),
    Pair(reference: "set red", hypothesis: "set red", group: "b"),
    Pair(reference: "set red", hypothesis: "lay the red", group: "b"),
    Pair(reference: "place green with f one again", hypothesis: "place with s one again", group: "a"),
  ]

  @Test func ratesByHand() {
    let metrics = TranscriptionMetrics(pairs)
    // s for f twice, green missing, lay for set and the too much
    #expect(metrics.words.substitutions == 3 && metrics.words.deletions == 1 && metrics.words.insertions == 1)
    #expect(metrics.words.referenceCount == 16 && metrics.wordErrorRate.value == 5.0 / 16)
    #expect(metrics.substitutionRate.value == 3.0 / 16 && metrics.insertionRate.value == 1.0 / 16)
    #expect(
      metrics.sentenceErrorRate.value == 0.75 && metrics.wrongTranscripts == 3 && metrics.transcripts == 4)
    // f -> s, s -> f; "green " away; "set" -> "lay the" has distance 6
    #expect(metrics.characters.referenceCount == 21 + 7 + 7 + 28)
    #expect(metrics.characters.errors == 1 + 0 + 6 + 7)
    #expect(metrics.confusions.first == .init(reference: "f", hypothesis: "s", count: 2))
    #expect(metrics.confusions.contains(.init(reference: "green", hypothesis: nil, count: 1)))
    #expect(metrics.confusions.count == 4)
    #expect(metrics.groups.map(\.name) == ["a", "b"] && metrics.groups.map(\.words) == [12, 4])
    #expect(metrics.groups.map(\.wordErrorRate.value) == [3.0 / 12, 0.5])
    #expect(
      metrics.lengths.map(\.name) == ["2 words", "5 to 8 words"]
        && metrics.lengths.map(\.transcripts) == [2, 2])
  }

  @Test func rawTextsDiffer() {
    let raw = TranscriptionMetrics(pairs, form: .raw)
    #expect(raw.words.errors == 5 + 3 && raw.form == .raw)
    #expect(raw.lines[0].contains("with case and punctuation"))
    #expect(raw.lines[1].hasPrefix("word error rate 50.0 % (95 %: "))
  }

  @Test func intervals() {
    let many = (0..<400).map { place in
      Pair(reference: "a b c d e", hypothesis: place % 4 == 0 ? "a b c d x" : "a b c d e")
    }
    let metrics = TranscriptionMetrics(many)
    #expect(metrics == TranscriptionMetrics(many))
    #expect(metrics != TranscriptionMetrics(many, seed: 1))
    let sentences = metrics.sentenceErrorRate
    // a share of 0.25 of 400 has a standard deviation of 0.0217
    #expect(
      abs(sentences.low - (0.25 - 1.96 * 0.02165)) < 0.008
        && abs(sentences.high - (0.25 + 1.96 * 0.02165)) < 0.008)
    #expect(abs(metrics.wordErrorRate.low - sentences.low / 5) < 1e-9)
    let one = TranscriptionMetrics(Array(pairs.prefix(1))).wordErrorRate
    #expect(one.low == one.value && one.high == one.value)
  }

  @Test func textsOfTheTraining() throws {
    let known = KnownTexts(["Set red!", "set red", "bin blue"])
    #expect(known.count == 2 && known.contains("set, red") && !known.contains("set the red"))
    var restored = try JSONDecoder().decode(KnownTexts.self, from: JSONEncoder().encode(known))
    #expect(restored.count == 2 && !restored.contains("set red"))
    #expect(throws: DataError.self) { try restored.restore(Array(known.bytes.dropLast())) }
    #expect(throws: DataError.self) { try restored.restore(Array(repeating: 0, count: 16)) }
    try restored.restore(known.bytes)
    #expect(restored == known)
    let metrics = TranscriptionMetrics(
      pairs.map {
        Pair(reference: $0.reference, hypothesis: $0.hypothesis, isKnown: known.contains($0.reference))
      })
    try #require(metrics.texts.map(\.transcripts) == [2, 2])
    #expect(metrics.texts.map(\.words) == [4, 12])
    let (own, new) = (metrics.texts[0], metrics.texts[1])
    #expect(own.wordErrorRate.value == 0.5)
    #expect(own.characterErrorRate.value == 6.0 / 14)
    #expect(new.wordErrorRate.value == 0.25)
    #expect(new.characterErrorRate.value == 8.0 / 49)
    let line = try #require(metrics.lines.first { $0.hasPrefix("text is new: ") })
    #expect(line.hasPrefix("text is new: 2 transcripts, word error rate 25.0 % (95 %: "))
    #expect(line.contains("character error rate 16.3 %"))
    let page = try checkedMarkup(HTMLReport(title: "", lead: "", sections: metrics.sections()).html)
    #expect(page.text.contains("text stands in the training part"))
    #expect(TranscriptionMetrics(pairs).texts.isEmpty)
  }

  @Test func nothing() {
    let none = TranscriptionMetrics([])
    #expect(none.wordErrorRate.value == 0 && none.sentenceErrorRate.high == 0 && none.groups.isEmpty)
    let silent = TranscriptionMetrics([
      Pair(reference: "", hypothesis: "a"), Pair(reference: "", hypothesis: ""),
    ])
    #expect(silent.wordErrorRate.value == 1 && silent.sentenceErrorRate.value == 0.5)
    #expect(silent.lengths.map(\.name) == ["0 or 1 word"])
  }

  @Test func page() throws {
    let metrics = TranscriptionMetrics(pairs)
    let hypotheses = [
      DecodedHypothesis(words: [], text: "a <b>", score: -1.5, scorerScore: -0.25, posterior: 0.75),
      DecodedHypothesis(words: [], text: "a", score: -2, scorerScore: 0, posterior: 0.25),
    ]
    let page = HTMLReport(
      title: "Transcription", lead: "", keyFigures: metrics.keyFigures,
      sections: metrics.sections(beside: TranscriptionMetrics(pairs, form: .raw)) + [
        HTMLReport.Section("Best hypotheses", [.table(HTMLReport.Table(of: "a.wav", hypotheses: hypotheses))])
      ])
    let check = try checkedMarkup(page.html)
    for text in [
      "31.3 %", "Commonest confusions", "By speaker or writer", "By length", "(nothing)", "a <b>", "-1.25",
      "a.wav", "3 substitutions, 1 deletion and 1 insertion in 16 words.", "deletions", "insertions",
      "reference",
      "hypothesis", "count",
    ] {
      #expect(check.text.contains(text), "\(text)")
    }
    try checkedMarkup(HTMLReport(title: "", lead: "", sections: TranscriptionMetrics([]).sections()).html)
  }
}
