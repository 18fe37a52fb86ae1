import RecurrentTestSupport
import Testing

@testable import RecurrentReports

/// The pictures of networks that read step by step.
@Suite struct UnrolledChartTests {
  @Test func aNetwork() throws {
    let layer = UnrolledChart.Layer(
      name: "layer 1: GRU, 9 units", inputWeights: "W [27 × 4]", stateWeights: "U [27 × 9]", units: [3, 5],
      values: [[1, -0.5], [0.25, 0], [.nan, 7]])
    let chart = UnrolledChart(
      title: "a <b>", inputs: ["R", " ", "\n"], outputs: ["O", "", "&"], layers: [layer, layer])
    let check = try checkedMarkup(chart.svg)
    for text in [
      "a <b>", "layer 1: GRU, 9 units", "W [27 × 4]", "U [27 × 9]", "R", "␣", "⏎", "O", "&", "input",
      "output",
    ] {
      #expect(check.text.contains(text), "\(text)")
    }
    // the arrows of a layer's weights have one colour, those of the next layer others; three columns and the loop
    let up = check.elements.filter { $0.attributes["class"] == "s-c2" && $0.name == "path" }
    #expect(up.count == 2 && up[1].attributes["d"]?.filter { $0 == "M" }.count == 3)
    #expect(check.elements.contains { $0.attributes["class"] == "s-c3" })
    #expect(check.elements.contains { $0.attributes["class"] == "s-c4" })
    // what is no number is crossed out and not left out
    #expect(check.elements.contains { $0.name == "path" && $0.attributes["class"] == "s-c1" })
  }

  /// Backwards the arrows point to the left.
  @Test func directions() {
    func along(_ isReverse: Bool) -> String {
      let layer = UnrolledChart.Layer(
        name: "l", inputWeights: "W", stateWeights: "U", isReverse: isReverse, units: [0], values: [[1], [1]])
      return UnrolledChart(title: "", inputs: ["a", "b"], outputs: ["", ""], layers: [layer]).svg
    }
    #expect(along(false).contains("h15m-4 -3l4 3l-4 3") && !along(false).contains("h-15m4 -3l-4 3l4 3"))
    #expect(along(true).contains("h-15m4 -3l-4 3l4 3") && !along(true).contains("h15m-4 -3l4 3l-4 3"))
  }

  /// Both directions of a layer read what stands below the two.
  @Test func bothDirections() {
    func layer(_ isReverse: Bool) -> UnrolledChart.Layer {
      .init(
        name: "l", inputWeights: "W", stateWeights: "U", isReverse: isReverse, units: [0], values: [[1], [1]])
    }
    func ways(_ layers: [UnrolledChart.Layer]) -> (into: Int, past: Int) {
      let svg = UnrolledChart(title: "", inputs: ["a", "b"], outputs: ["", ""], layers: layers).svg
      // a way past the other box turns three times
      return (
        svg.matches(of: /H[\d.]+V[\d.]+H[\d.]+V/).count, svg.matches(of: /V[\d.]+H[\d.]+V[\d.]+H/).count
      )
    }
    #expect(ways([layer(false), layer(false)]) == (0, 0) && ways([layer(true)]) == (0, 0))
    // of the loop and two columns
    #expect(ways([layer(false), layer(true)]) == (3, 3))
    #expect(ways([layer(false), layer(true), layer(false), layer(true)]) == (6, 6))
  }

  @Test(arguments: [(0, 0, 0), (1, 1, 1), (240, 2, 16), (3, 0, 2)])
  func allSizes(_ steps: Int, _ layers: Int, _ units: Int) throws {
    let odd: [Float] = [0, 1, .nan, .infinity, -1, 7, 0.5]
    let name = "a very long token \u{202E} that nobody would have \u{301}"
    let layer = UnrolledChart.Layer(
      name: name, inputWeights: name, stateWeights: name, units: Array(0..<units),
      values: (0..<steps).map { step in (0..<units).map { odd[(step + $0) % odd.count] } })
    let chart = UnrolledChart(
      title: name, inputs: [String](repeating: name, count: steps),
      outputs: [String](repeating: "x", count: steps),
      layers: [UnrolledChart.Layer](repeating: layer, count: layers))
    try checkedMarkup(chart.svg)
    let strips = UnitStripsChart(
      title: name, steps: [String](repeating: name, count: steps),
      strips: (0..<units).map { unit in .init(name, (0..<steps).map { odd[(unit + $0) % odd.count] }) })
    try checkedMarkup(strips.svg)
    let bars = StepBarsChart(
      title: name, steps: [String](repeating: name, count: steps),
      rows: (0..<units).map { unit in
        .init(name, remark: name, (0..<steps).map { Double(odd[(unit + $0) % odd.count]) })
      })
    try checkedMarkup(bars.svg)
    #expect(chart.svg.utf8.count + strips.svg.utf8.count + bars.svg.utf8.count < 600_000)
  }

  /// The shade of a strip tells the size of the number, its colour the sign.
  @Test func strips() throws {
    let chart = UnitStripsChart(
      title: "t", steps: ["a", "b", "c"], strips: [.init("unit 4: quote 0.93", [1, -1, 0.5])])
    let check = try checkedMarkup(chart.svg)
    let shades = check.elements.filter {
      $0.name == "path" && $0.attributes["class"]?.hasPrefix("f-c") == true
    }
    // the last three are those of the strip, behind those of the key
    #expect(
      shades.suffix(3).map { "\($0.attributes["class"] ?? "") \($0.attributes["fill-opacity"] ?? "1")" }
        == ["f-c0 0.50", "f-c0 1", "f-c1 1"])
    #expect(check.text.contains("unit 4: quote 0.93"))
  }

  /// Bars go up and down from their zero.
  @Test func bars() throws {
    let chart = StepBarsChart(title: "t", steps: ["a", "b"], rows: [.init("w", remark: "sum 1.0", [3, -1])])
    let check = try checkedMarkup(chart.svg)
    let path = try #require(check.elements.first { $0.attributes["class"] == "f-c0" }?.attributes["d"])
    // 44 pixels for 4: up by 33, down by 11
    #expect(path.contains("v-33h") && path.contains("v11h"))
    #expect(check.text.contains("sum 1.0") && check.text.contains("3.0") && check.text.contains("-1.0"))
  }
}
