import RecurrentReports
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct SentenceSectionTests {
  private func marked(_ section: HTMLReport.Section?) throws -> [[String]] {
    guard case .comparisons(let comparisons)? = section?.blocks.last else {
      throw CheckFailure("no comparisons")
    }
    return comparisons.map { own in own.lines.flatMap { line in line.words.filter(\.isWrong).map(\.text) } }
  }

  @Test func differencesFromTheNearestReference() throws {
    let pairs = [
      TranslationMetrics.Pair(
        source: "das ist gut", hypothesis: "this is good", references: ["this is good"]),
      TranslationMetrics.Pair(source: "ein Hund", hypothesis: "a dig", references: ["the cat sat", "a dog"]),
      TranslationMetrics.Pair(source: "leer", hypothesis: "", references: ["empty"]),
    ]
    let section = TranslationMetrics(pairs).sentenceSection(pairs)
    #expect(try marked(section) == [["empty"], ["dog", "dig"], []])
    let html = HTMLReport(title: "t", lead: "", sections: [section].compactMap { $0 }).html
    let check = try checkedMarkup(html)
    #expect(check.text.contains("Sentence 3: chrF2 0.0, BLEU 0.0") && check.count("mark") == 3)
  }

  @Test func languagesWithoutBlanks() throws {
    let pairs = [TranslationMetrics.Pair(source: "Wait!", hypothesis: "等一等！", references: ["等一下！"])]
    #expect(try marked(TranslationMetrics(pairs).sentenceSection(pairs)) == [["下", "等"]])
  }

  @Test func someOfMany() throws {
    let pairs = (0..<101).map { index in
      TranslationMetrics.Pair(
        hypothesis: String(repeating: "a", count: index) + String(repeating: "b", count: 100 - index),
        references: [String(repeating: "a", count: 100)])
    }
    let metrics = TranslationMetrics(pairs)
    var asked: [Int] = []
    let section = metrics.sentenceSection(pairs, limit: 5) { place in
      asked.append(place)
      return []
    }
    #expect(asked == [0, 25, 50, 75, 100])
    #expect(
      section?.blocks.first
        == .paragraph(
          "5 of 101 sentences, evenly chosen, ordered by chrF2. Marked is what the translation and the reference nearest to it do not have in common."
        ))
    #expect(TranslationMetrics([]).sentenceSection([]) == nil)
  }
}
