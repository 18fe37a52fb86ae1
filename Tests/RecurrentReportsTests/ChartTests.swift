import RecurrentTestSupport
import Testing

@Suite struct ChartTests {
  private typealias Point = (x: Double, y: Double)
  private static let name = "a <b> & \"c\"\u{301} 'd' \u{202E}"
  /// Numbers that are no numbers, hardly any or too large.
  private static let odd: [[Double]] = [
    [], [0], [.nan], [.infinity, 1], [1, 1, 1], [0, 1e300], [1e-300, 2e-300], [1e99, -1e99],
    [1e17, 1e17 + 64],
    [-3, .nan, 5, -.infinity, 2], [1, -.greatestFiniteMagnitude],
  ]
  private static let long = String(repeating: "long name ", count: 500)

  @Test(arguments: odd) func lines(_ values: [Double]) throws {
    let points = values.enumerated().map { (Double($0.offset), $0.element) }
    for range in [nil, 0...1, 5...5, -1e300...1e300] as [ClosedRange<Double>?] {
      let chart = LineChart(
        title: ChartTests.name, xLabel: ChartTests.long, yLabel: ChartTests.long,
        curves: [
          LineChart.Curve(name: ChartTests.name, points: points, hasMarks: true),
          LineChart.Curve(name: ChartTests.long, points: points.map { ($0.1, $0.0) }, isStepped: true),
        ], xRange: range, yRange: range, hasDiagonal: true, isSquare: range == nil)
      try checkedMarkup(chart.svg)
      #expect(chart.svg == chart.svg)
    }
  }

  @Test func steppedCurves() {
    let points: [Point] = [(0, 0), (0.5, 1), (1, 0.5)]
    func path(isStepped: Bool) -> Substring? {
      LineChart(
        title: "", xLabel: "", yLabel: "",
        curves: [LineChart.Curve(name: "", points: points, isStepped: isStepped)], xRange: 0...1,
        yRange: 0...1,
        isSquare: true
      ).svg.split(separator: "\n").first {
        $0.contains("s-c0") && $0.contains("L") || $0.contains("s-c0") && $0.contains("V")
      }
    }
    #expect(
      path(isStepped: true)?.contains("d=\"M70 432V62H255V247H440\"") == true,
      "\(path(isStepped: true) ?? "")")
    #expect(
      path(isStepped: false)?.contains("d=\"M70 432L255 62L440 247\"") == true,
      "\(path(isStepped: false) ?? "")")
  }

  @Test func curvesDifferWithoutColour() {
    let curves = (0..<10).map { LineChart.Curve(name: "c\($0)", points: [(0, Double($0)), (1, 1)]) }
    let lines = LineChart(title: "", xLabel: "", yLabel: "", curves: curves).svg.split(separator: "\n")
      .filter { $0.hasPrefix("<path") && $0.contains("class=\"s-c") && $0.contains("stroke-width=\"1.8\"") }
    #expect(lines.count == 10)
    let styles = lines.map { line in
      line.split(separator: " ").filter { $0.hasPrefix("class") || $0.hasPrefix("stroke-dasharray") }.joined()
    }
    #expect(Set(styles).count == 10)
    #expect(lines.filter { $0.contains("stroke-dasharray") }.count == 8)
  }

  @Test func pointsBeyondFixedEndsAreLeftOut() throws {
    let chart = LineChart(
      title: "", xLabel: "", yLabel: "",
      curves: [LineChart.Curve(name: "", points: [(0, 0.5), (0.5, 7), (1, 0.5), (9, 0.5)], hasMarks: true)],
      xRange: 0...1, yRange: 0...1)
    // two on the curve and one in the legend
    #expect(try checkedMarkup(chart.svg).count("circle") == 3)
  }

  @Test(arguments: [0, 1, 2, 10, 11, 30, 31, 50, 120]) func confusions(_ classes: Int) throws {
    let counts = (0..<classes).map { row in
      (0..<classes).map { column in row == 3 ? 0 : row == column ? 12_345_678 : (row * 7 + column) % 5 }
    }
    let names = (0..<classes).map { $0 == 1 ? ChartTests.name : $0 == 2 ? ChartTests.long : "class \($0)" }
    let chart = ConfusionMatrixChart(title: "t", names: names, counts: counts)
    let check = try checkedMarkup(chart.svg)
    #expect(chart.width < 800)
    let texts = check.count("text")
    if classes == 10 { #expect(texts > 100) }
    if classes > 30 { #expect(texts < 2 * classes + 10) }
    if classes == 30 { #expect(check.text.contains("12M")) }
    if classes == 120 { #expect(texts < 2 * classes) }
  }

  @Test func shadesAreSharesOfTheRow() throws {
    let chart = ConfusionMatrixChart(title: "t", names: ["a", "b"], counts: [[30, 10], [0, 0]])
    let shades = try checkedMarkup(chart.svg).elements.filter { $0.attributes["class"] == "f-cell" }
      .compactMap { $0.attributes["fill-opacity"] }
    // two cells, and three of the scale that are not whole
    #expect(shades == ["0.75", "0.25", "0.25", "0.50", "0.75"])
  }

  @Test func reliability() throws {
    let bins: [ReliabilityChart.Series.Bin] = [
      (0, 0, 0),
      (0.5, 1, 3),
      (1, 0, 9_000_000),
      (.nan, .nan, 2),
    ]
    for series in [
      [], [ReliabilityChart.Series(name: ChartTests.name, bins: bins)],
      [
        ReliabilityChart.Series(name: "a", bins: []),
        ReliabilityChart.Series(name: ChartTests.long, bins: bins),
      ],
    ] { try checkedMarkup(ReliabilityChart(title: ChartTests.name, series: series).svg) }
  }

  @Test(arguments: odd, [FanChart.Axis.numbers, .dates]) func fans(_ values: [Double], _ axis: FanChart.Axis)
    throws
  {
    for scale in [1, 86_400, 1e12] {
      let points = values.enumerated().map { (x: Double($0.offset) * scale, y: $0.element) }
      let bands = [0.5, 0.95, .nan].map { share in
        FanChart.Band(share: share, points: points.map { ($0.x, $0.y - share, $0.y + share) })
      }
      let chart = FanChart(
        title: ChartTests.name, xLabel: "x", yLabel: ChartTests.long, axis: axis, history: points,
        truth: points,
        median: points, bands: bands)
      try checkedMarkup(chart.svg)
      // times that are not numbers
      let turned = FanChart(
        title: "", xLabel: "", yLabel: "", axis: axis, history: values.map { ($0, 1) },
        median: values.map { ($0, 1) },
        bands: [FanChart.Band(share: 0.5, points: values.map { ($0, 0, $0) })])
      try checkedMarkup(turned.svg)
    }
  }

  @Test func bandsAreNested() throws {
    let points = (0..<10).map { Double($0) }
    let chart = FanChart(
      title: "", xLabel: "", yLabel: "", history: [], median: points.map { ($0, 0) },
      bands: [0.5, 0.95, 0.8].map { share in
        FanChart.Band(share: share, points: points.map { ($0, -share, share) })
      })
    let check = try checkedMarkup(chart.svg)
    let areas = check.elements.filter { $0.name == "path" && $0.attributes["class"] == "f-c0" }
    #expect(areas.count == 3)
    // the widest first, so that the others lie on it
    let tops = areas.compactMap { $0.attributes["d"]?.dropFirst().split { $0 == " " || $0 == "L" }[1] }
      .compactMap { Double($0) }
    #expect(tops == tops.sorted() && Set(tops).count == 3)
    let shades = check.elements.filter { $0.name == "rect" && $0.attributes["class"] == "f-c0" }
      .compactMap { $0.attributes["fill-opacity"].flatMap { Double($0) } }
    #expect(shades.count == 3 && shades == shades.sorted(by: >))
    #expect(check.text.contains("50 %") && check.text.contains("95 %"))
  }

  @Test(arguments: odd) func bars(_ values: [Double]) throws {
    for range in [nil, 0...1] as [ClosedRange<Double>?] {
      let bars = values.enumerated().map { index, value in
        BarChart.Bar(
          name: index == 0 ? ChartTests.name : ChartTests.long, value: value,
          interval: value.isNaN ? nil : min(0, value)...max(1, value), isReference: index == 1)
      }
      let chart = BarChart(
        title: ChartTests.name, valueLabel: "v", bars: bars + [BarChart.Bar(name: "none", value: nil)],
        range: range)
      #expect(try checkedMarkup(chart.svg).text.contains("–"))
    }
  }

  @Test func barsBeginAtZero() throws {
    let chart = BarChart(
      title: "", valueLabel: "",
      bars: [BarChart.Bar(name: "up", value: 2), BarChart.Bar(name: "down", value: -2)])
    let boxes = try checkedMarkup(chart.svg).elements.filter { $0.attributes["class"] == "f-c0" }.map {
      element in
      ["x", "width"].compactMap { element.attributes[$0].flatMap { Double($0) } }
    }
    #expect(boxes.count == 2 && abs(boxes[1][0] + boxes[1][1] - boxes[0][0]) < 0.15)
    #expect(abs(boxes[0][1] - boxes[1][1]) < 0.15 && boxes[0][1] > 50)
  }

  @Test(arguments: odd) func events(_ values: [Double]) throws {
    let events: [EventChart.Event] = values.map { ("\($0)", $0, $0 + 1) }
    for range in [nil, 0...1, 3...3] as [ClosedRange<Double>?] {
      let chart = EventChart(
        title: ChartTests.name, signalLabel: ChartTests.long,
        signal: values.enumerated().map { (Double($0.offset), $0.element) },
        known: events + [(ChartTests.name, 0.5, 0.5)], found: events.reversed(),
        range: range)
      try checkedMarkup(chart.svg)
    }
  }

  @Test func rareLabelsShareALane() throws {
    let events = (0..<12).flatMap { label in
      (0...label).map { ("kind \(label)", Double($0), Double($0)) as EventChart.Event }
    }
    let chart = EventChart(title: "", signalLabel: "", signal: [(0, 0), (12, 1)], known: events, found: [])
    let check = try checkedMarkup(chart.svg)
    #expect(check.text.contains("others") && check.text.contains("kind 5") && !check.text.contains("kind 4"))
    #expect(
      check.elements.count { $0.name == "path" && $0.attributes["class"]?.hasPrefix("f-c") == true }
        == events.count)
  }

  @Test func longSignalsStaySmallAndKeepTheirPeaks() throws {
    let count = 300_000
    let signal = (0..<count).map { index -> (time: Double, value: Double) in
      (Double(index) / 100, index == 123_456 ? 50 : Double(index % 7))
    }
    let chart = EventChart(title: "", signalLabel: "", signal: signal, known: [], found: [])
    let svg = chart.svg
    #expect(svg.utf8.count < 60_000)
    let path = try checkedMarkup(svg).elements.filter { $0.attributes["class"] == "s-text" }
      .compactMap { $0.attributes["d"] }.max { $0.count < $1.count }
    let heights = try #require(path).dropFirst().split(separator: "L").compactMap {
      $0.split(separator: " ").last.flatMap { Double($0) }
    }
    let top = try #require(heights.min())
    #expect(heights.filter { $0 < top + 100 }.count == 1)
  }

  @Test func gapsAreNotBridged() throws {
    let chart = FanChart(
      title: "", xLabel: "", yLabel: "", history: [(0, 1), (1, 2), (2, .nan), (3, 1), (4, 2)], median: [],
      bands: [])
    let pieces = try checkedMarkup(chart.svg).elements.filter {
      $0.attributes["class"] == "s-dim" && $0.attributes["stroke-width"] == "1.5"
    }
    #expect(pieces.count == 2)
  }
}
