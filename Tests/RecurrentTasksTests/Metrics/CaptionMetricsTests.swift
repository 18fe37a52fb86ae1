import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct CaptionMetricsTests {
  @Test func theNearestReferenceCounts() throws {
    let own = CaptionMetrics([
      .init(hypothesis: "a man is cooking", references: ["someone cooks food", "a man is cooking eggs"]),
      .init(hypothesis: "a dog", references: ["a cat"]),
    ])
    // one word of five is missing, one of two is another
    #expect(own.words.words.referenceCount == 7 && own.words.words.errors == 2)
    #expect(own.words.words.deletions == 1 && own.words.words.substitutions == 1)
    #expect(own.slots == nil && own.texts.referenceCounts == [1, 2])
    #expect(own.lines.contains { $0.contains("nearest") })
    let single = CaptionMetrics([.init(hypothesis: "a dog", references: ["a cat"])])
    #expect(single.slots != nil && !single.lines.contains { $0.contains("nearest") })
  }

  @Test func slotsOfAGrammar() throws {
    func pair(_ reference: String, _ hypothesis: String) -> TranscriptionMetrics.Pair {
      .init(reference: reference, hypothesis: hypothesis)
    }
    let own = try #require(
      SlotAccuracy([
        pair("bin blue at f", "bin blue at f"), pair("lay blue by g", "lay red by g"),
        // a word too many does not make those behind it wrong
        pair("set white at f", "set white oh at f"), pair("set white at k", "set white at"),
      ]))
    #expect(
      own.slots.map(\.accuracy.value) == [1, 0.75, 1, 0.75] && own.slots.map(\.choices) == [3, 2, 2, 3])
    #expect(own.accuracy.value == 14.0 / 16 && own.accuracy.low < own.accuracy.value)
    #expect(own.slots.map(\.name) == ["word 1", "word 2", "word 3", "word 4"])
    #expect(SlotAccuracy([pair("a b", "a b"), pair("a b c", "a b c")]) == nil)
    #expect(SlotAccuracy([pair("a", "a")]) == nil && SlotAccuracy([]) == nil)
    try checkedMarkup(
      HTMLReport(
        title: "t", lead: "",
        sections: CaptionMetrics([
          .init(hypothesis: "a <b>", references: ["a &"]), .init(hypothesis: "", references: ["c d"]),
        ]).sections
      ).html)
  }
}
