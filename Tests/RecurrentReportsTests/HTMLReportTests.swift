import RecurrentTestSupport
import Testing

@Suite struct HTMLReportTests {
  private static let hostile =
    "</title><script>alert(1)</script>\"\u{301} onload='x' & ]]> <!-- \u{0} \u{202E}\r\n"

  /// A page with a name in every place that has one.
  private func page(_ name: String) -> HTMLReport {
    let chart = LineChart(
      title: name, xLabel: name, yLabel: name,
      curves: [LineChart.Curve(name: name, points: [(0, 0), (1, 1)])])
    return HTMLReport(
      title: name, lead: name,
      keyFigures: [HTMLReport.KeyFigure(name, name, interval: name, explanation: name)],
      notes: [.information(name), .warning(name)],
      sections: [
        HTMLReport.Section(
          name,
          [
            .paragraph(name), .note(.warning(name)),
            .table(
              HTMLReport.Table(caption: name, columns: [.text(name), .number(name)], rows: [[name, name]])),
            .figures([HTMLReport.Figure(chart, caption: name), HTMLReport.Figure(chart, caption: name)]),
          ])
      ])
  }

  @Test func escapesEverywhere() throws {
    let plain = try checkedMarkup(page("name").html)
    let hostile = page(HTMLReportTests.hostile).html
    let check = try checkedMarkup(hostile)
    // no element more and no attribute more than with a harmless name
    #expect(check.elements.map(\.name) == plain.elements.map(\.name))
    #expect(
      check.elements.map { $0.attributes.keys.sorted() } == plain.elements.map { $0.attributes.keys.sorted() }
    )
    #expect(!hostile.contains("<script") && !hostile.contains("\u{202E}") && !hostile.contains("\u{0}"))
    let places = check.text.split(separator: "alert(1)").count - 1
    #expect(places == plain.text.split(separator: "name", omittingEmptySubsequences: false).count - 1)
    #expect(places >= 20)
  }

  @Test func hasItsParts() throws {
    let report = page("name")
    let check = try checkedMarkup(report.html)
    #expect(report.html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(check.count("h1") == 1 && check.count("h2") == 1 && check.count("svg") == 2)
    #expect(check.count("th") == 3 && check.count("td") == 1 && check.count("figcaption") == 2)
    #expect(check.elements.count { $0.attributes["class"] == "n" } == 2)
    #expect(check.elements.count { $0.attributes["class"] == "note warning" } == 2)
    #expect(page("name").html == report.html)
  }

  @Test func isLight() throws {
    let empty = HTMLReport(title: "t", lead: "")
    try checkedMarkup(empty.html)
    #expect(empty.html.utf8.count < 4000)
    // an element may not be empty where HTML says so
    #expect(!empty.html.contains("<dl") && !empty.html.contains("class=\"lead\""))
  }

  @Test func theStyleSheetIsWhole() throws {
    // braces of the style sheet are balanced, or the rules behind them are lost
    let html = HTMLReport(title: "t", lead: "").html
    #expect(html.count { $0 == "{" } == html.count { $0 == "}" })
    #expect(html.contains("prefers-color-scheme:dark") && html.contains("width=device-width"))
  }
}
