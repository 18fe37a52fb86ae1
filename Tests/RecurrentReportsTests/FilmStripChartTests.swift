import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentReports

@Suite struct FilmStripChartTests {
  @Test func aClip() throws {
    let pictures = (0..<40).map {
      FilmStripChart.Picture(height: 3, width: 5, grey: [UInt8](repeating: UInt8($0), count: 15))
    }
    let chart = FilmStripChart(
      title: "a <clip>", pictures: pictures, duration: 3.2, reference: [("bin", false), ("red", true)],
      rows: [
        .init(text: "bin", weights: [0.5, 0.5, 0, 0]),
        .init(text: "&", isWrong: true, weights: [0, 0, 0.01, 0.99]),
      ])
    let check = try checkedMarkup(chart.svg)
    #expect(check.text.contains("bin") && check.text.contains("✗ &") && check.text.contains("3.20 s"))
    let cells = check.elements.filter { $0.attributes["class"] == "f-cell" }
    #expect(cells.map { $0.attributes["fill-opacity"] } == ["0.50", "0.50", "0.99"])
    // some of the pictures, evenly chosen, the darkest without any light
    let films = check.elements.count { $0.attributes["class"] == "f-film" }
    #expect((5..<40).contains(films))
    #expect(check.elements.contains { $0.attributes["class"] == "s-on-cell" })
  }

  /// A bright pixel is where it is, from above.
  @Test func pixelsStandWhereTheyAre() throws {
    let chart = FilmStripChart(
      title: "t", pictures: [.init(height: 2, width: 2, grey: [0, 0, 255, 0])], duration: 1, rows: [])
    let check = try checkedMarkup(chart.svg)
    let film = try #require(check.elements.first { $0.attributes["class"] == "f-film" }).attributes
    let light = try #require(check.elements.first { $0.attributes["class"] == "s-on-cell" }).attributes
    let place = try #require(light["d"]?.dropFirst().split { $0 == " " || $0 == "h" }).compactMap {
      Double($0)
    }
    let (x, y) = (try #require(Double(film["x"] ?? "")), try #require(Double(film["y"] ?? "")))
    let (width, height) = (
      try #require(Double(film["width"] ?? "")), try #require(Double(film["height"] ?? ""))
    )
    // the left one below
    #expect(abs(place[0] - x) < 0.2 && abs(place[1] - y - 0.75 * height) < 0.2)
    #expect(abs(place[2] - width / 2) < 0.2)
  }

  @Test(arguments: [(0, 0), (1, 0), (0, 3), (1, 1), (200, 90)]) func allSizes(_ pictures: Int, _ rows: Int)
    throws
  {
    let odd: [Float] = [0, 1, .nan, .infinity, -1, 7]
    let chart = FilmStripChart(
      title: "t",
      pictures: (0..<pictures).map { _ in .init(height: 40, width: 2, grey: [UInt8](repeating: 9, count: 80))
      },
      duration: 0,
      rows: (0..<rows).map { .init(text: "a very long word \($0)", isWrong: $0 % 2 == 0, weights: odd) })
    try checkedMarkup(chart.svg)
    #expect(chart.svg.utf8.count < 400_000)
  }
}
