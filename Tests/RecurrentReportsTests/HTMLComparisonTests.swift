import RecurrentTestSupport
import Testing

@testable import RecurrentReports

@Suite struct HTMLComparisonTests {
  private typealias Line = HTMLReport.Comparison.Line
  private typealias Word = HTMLReport.Comparison.Word

  @Test func marks() throws {
    let chart = AttentionChart(title: "t", source: ["a"], target: ["b"], weights: [[1]])
    let comparison = HTMLReport.Comparison(
      "Sentence <1>",
      lines: [
        Line("source", "x & y"),
        Line("reference", words: [Word("a"), Word("<b>", isWrong: true), Word("c")]),
        Line("translation", words: [Word("等"), Word("下", isWrong: true)], separator: ""),
        Line("empty", words: []),
      ], figures: [HTMLReport.Figure(chart, caption: "where it looks")])
    let page = HTMLReport(
      title: "t", lead: "", sections: [HTMLReport.Section("s", [.comparisons([comparison, comparison])])]
    ).html
    let check = try checkedMarkup(page)
    #expect(check.count("mark") == 4 && check.count("svg") == 2 && check.count("h3") == 2)
    #expect(check.text.contains("a <b> c") && check.text.contains("等下") && check.text.contains("–"))
    #expect(page.contains("a <mark>&lt;b&gt;</mark> c") && page.contains("等<mark>下</mark>"))
    // not by colour alone
    #expect(
      page.contains("mark{background:var(--mark);color:inherit") && page.contains("text-decoration:underline")
    )
  }
}
