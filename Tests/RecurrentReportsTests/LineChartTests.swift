import RecurrentTestSupport
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif
import Foundation

@Suite struct LineChartTests {
  private static let odd: [[(x: Double, y: Double)]] = [
    [], [(0, 0)], [(1, 2), (2, 2)], [(1, 1), (1, 2)], [(0, .nan), (1, 5), (2, .infinity), (.nan, 1)],
    [(.nan, .nan)],
    [(0, 1e300), (1, -1e300)], [(0, 1e-300), (1, 2e-300)], [(0, 1e12), (1, 1e12 + 1)], [(-5, -3), (5, 1e6)],
    [(0, 0.1), (0.5, 0.30000001), (1, 0.2)], [(1e17, 1), (1e17 + 64, 2)],
  ]

  @Test(.timeLimit(.minutes(1)), arguments: 0..<12) func drawsAnything(_ index: Int) throws {
    let curve = LineChart.Curve(
      name: "a <b> & \"c\" 'd'", points: LineChartTests.odd[index], hasMarks: index % 2 == 0)
    let svg = LineChart(title: "T & <t>", xLabel: "x", yLabel: "é", curves: [curve, curve]).svg
    let parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "") \(svg)")
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    #expect(svg.utf8.count < 20_000)
    #expect(svg.contains("T &amp; &lt;t&gt;"))
  }

  /// A label below the right end of the axis ends within the picture.
  @Test func lastLabelIsWhole() throws {
    let svg = LineChart(
      title: "t", xLabel: "x", yLabel: "y", curves: [.init(name: "c", points: [(0, 0), (120_000, 1)])]
    ).svg
    let label = try #require(svg.split(separator: "\n").first { $0.hasSuffix(">120000</text>") })
    let x = try #require(label.split(separator: "\"").dropFirst().first.flatMap { Double($0) })
    // seven pixels a digit, half of them to the right
    #expect(x <= 720 - 3 * 7 && x > 680, "\(label)")
  }

  @Test func noCurves() {
    let svg = LineChart(title: "", xLabel: "", yLabel: "", curves: []).svg
    #expect(XMLParser(data: Data(svg.utf8)).parse())
  }

  @Test func pointsAreInsideTheAxes() throws {
    let points = (0..<50).map { (x: Double($0), y: Double(($0 * 37) % 50) - 20) }
    let svg = LineChart(
      title: "t", xLabel: "x", yLabel: "y",
      curves: [LineChart.Curve(name: "c", points: points, hasMarks: true)]
    ).svg
    let circles = svg.split(separator: "\n").filter { $0.hasPrefix("<circle") }
    #expect(circles.count == 50)
    for circle in circles {
      let numbers = circle.split(separator: "\"").compactMap { Double($0) }
      #expect((70...700).contains(numbers[0]) && (44...364).contains(numbers[1]), "\(circle)")
    }
  }

  @Test(
    arguments: [
      (0, 2, "0.00"), (1.005, 1, "1.0"), (-0.04, 1, "0.0"), (-0.06, 1, "-0.1"), (2.5, 0, "3"),
      (1234.5678, 3, "1234.568"),
      (0.999, 2, "1.00"), (1e20, 2, "1e+20"), (.nan, 2, "nan"), (-.infinity, 1, "-inf"), (1e-9, 4, "0.0000"),
      (-0.0, 2, "0.00"), (99.995, 1, "100.0"),
    ] as [(Double, Int, String)])
  func numbers(_ value: Double, _ decimals: Int, _ expected: String) {
    #expect(rounded(value, decimals) == expected)
  }
}
