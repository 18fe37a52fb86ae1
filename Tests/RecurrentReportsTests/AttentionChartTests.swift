import RecurrentTestSupport
import Testing

@testable import RecurrentReports

@Suite struct AttentionChartTests {
  @Test func aSentence() throws {
    let chart = AttentionChart(
      title: "a <b>", source: ["das", "Haus", " ", "&"], target: ["the", "house"],
      weights: [[0.9, 0.05, 0.01, 0.04], [0.1, 0.8, 0.1, 0]])
    let check = try checkedMarkup(chart.svg)
    #expect(check.text.contains("Haus") && check.text.contains("house") && check.text.contains("␣"))
    let cells = check.elements.filter { $0.attributes["class"] == "f-cell" }
    #expect(cells.map { $0.attributes["fill-opacity"] } == ["0.90", "0.05", "0.04", "0.10", "0.80", "0.10"])
    // across and down: the strongest cells are on the diagonal
    #expect(
      cells[0].attributes["x"] == cells[3].attributes["x"]
        && cells[0].attributes["y"] != cells[3].attributes["y"])
    #expect(chart.svg.contains("prefers-color-scheme:dark"))
  }

  @Test(arguments: [(0, 0), (1, 0), (0, 3), (1, 1), (3, 200), (200, 3)])
  func allSizes(_ rows: Int, _ columns: Int) throws {
    let odd: [Float] = [0, 1, .nan, .infinity, -1, 7, 0.5]
    let name = "a very long token \u{202E} that nobody would have \u{301}"
    let weights = (0..<rows).map { row in (0..<columns).map { odd[(row + $0) % odd.count] } }
    let chart = AttentionChart(
      title: name, source: [String](repeating: name, count: columns),
      target: [String](repeating: name, count: rows), weights: weights)
    let check = try checkedMarkup(chart.svg)
    let drawn = min(rows, 100) * min(columns, 100)
    #expect(check.elements.count { $0.attributes["class"] == "f-cell" } <= drawn)
    #expect(chart.svg.utf8.count < 400_000)
  }
}
