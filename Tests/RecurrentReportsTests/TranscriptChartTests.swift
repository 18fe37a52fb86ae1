import RecurrentTestSupport
import Testing

@testable import RecurrentReports

@Suite struct TranscriptChartTests {
  private static let name = "a <b> & \"c\"\u{301} 'd' \u{202E}"
  private static let odd: [[Double]] = [
    [], [0], [.nan], [.infinity, 1], [0, 1e300], [1e99, -1e99], [-3, .nan, 5, -.infinity, 2],
  ]

  private static func chart(seconds: Double = 3) -> TranscriptChart {
    let samples = (0..<Int(8000 * seconds)).map { (place: Int) -> Float in
      let step = Float((place * 37) % 200)
      return step / 200 - 0.5
    }
    let bands = (0..<Int(100 * seconds)).map { (frame: Int) -> [Float] in
      (0..<40).map { (band: Int) -> Float in
        let level = (frame / 10 * 7 + band * 3) % 60
        return Float(level) - 60
      }
    }
    let texts = ["bin", "blue", "at", "f", "two", "now"]
    let words = texts.enumerated().map { (place: Int, text: String) -> TranscriptChart.Word in
      let start = 0.4 * Double(place) + 0.2
      return TranscriptChart.Word(text, start: start, end: start + 0.35, isWrong: place == 3)
    }
    let spikes = words.flatMap { (word: TranscriptChart.Word) -> [TranscriptChart.Spike] in
      word.text.enumerated().map {
        TranscriptChart.Spike(String($1), time: word.start + 0.05 * Double($0), probability: 0.9)
      }
    }
    return TranscriptChart(
      title: "bbaf2n", samples: samples, sampleRate: 8000, bands: bands, spikes: spikes,
      reference: words, hypothesis: words, range: 0...seconds)
  }

  @Test func aClip() throws {
    let chart = TranscriptChartTests.chart()
    let svg = chart.svg
    let check = try checkedMarkup(svg)
    #expect(chart.svg == svg)
    #expect(
      check.text.contains("blue") && check.text.contains("reference") && check.text.contains("hypothesis"))
    // words that are wrong have a ground and a mark, above and below
    #expect(check.elements.count { $0.name == "rect" && $0.attributes["class"] == "f-c1" } == 2)
    #expect(check.text.split(separator: "✗", omittingEmptySubsequences: false).count == 3)
    #expect(check.elements.count { $0.attributes["class"] == "s-c2" } == 16)
    #expect(svg.utf8.count < 90_000, "\(svg.utf8.count)")
  }

  @Test func longRecordingsStaySmall() throws {
    let svg = TranscriptChartTests.chart(seconds: 120).svg
    try checkedMarkup(svg)
    #expect(svg.utf8.count < 120_000, "\(svg.utf8.count)")
  }

  /// What lies before the range takes no place from what lies in it.
  @Test func showsWhatLiesInTheRange() throws {
    let words = (0..<1000).map { (place: Int) -> TranscriptChart.Word in
      TranscriptChart.Word("w\(place)", start: Double(place), end: Double(place) + 0.9)
    }
    let spikes = words.map { TranscriptChart.Spike("s" + $0.text, time: $0.start, probability: 1) }
    let chart = TranscriptChart(
      title: "late", spikes: spikes, reference: words, hypothesis: words, range: 990...995)
    let check = try checkedMarkup(chart.svg)
    #expect(check.elements.count { $0.attributes["class"] == "s-c2" } == 6)
    let shown = check.text.split(whereSeparator: \.isWhitespace)
    #expect(shown.count { $0 == "w992" } == 2 && shown.count { $0 == "sw992" } == 1)
    #expect(!check.text.contains("w500") && !check.text.contains("w999"))
  }

  @Test(arguments: odd) func oddNumbers(_ values: [Double]) throws {
    for range in [0...1, 3...3, -1e300...1e300] as [ClosedRange<Double>] {
      let floats = values.map { Float($0) }
      let words = values.map {
        TranscriptChart.Word(TranscriptChartTests.name, start: $0, end: $0 + 1, isWrong: true)
      }
      let chart = TranscriptChart(
        title: TranscriptChartTests.name, samples: floats, sampleRate: values.first ?? 0,
        bands: floats.map { [$0, 0, $0] } + [[], [1]],
        spikes: values.map { TranscriptChart.Spike(TranscriptChartTests.name, time: $0, probability: $0) },
        reference: words, hypothesis: words.reversed(), range: range)
      try checkedMarkup(chart.svg)
      let strokes = [values.map { ($0, 1) }, values.map { (1, $0) }, []]
      for isUpward in [false, true] {
        let pen = StrokeChart(
          title: TranscriptChartTests.name, strokes: strokes, isUpward: isUpward,
          reference: [(String(repeating: "long ", count: 100), true)],
          hypothesis: [(TranscriptChartTests.name, false), ("b", true)])
        try checkedMarkup(pen.svg)
      }
    }
  }

  @Test func shadesAreDarkerWhereItIsLouder() {
    var drawing = Drawing(width: 100, height: 100, title: "", titleX: 0)
    SpectrumShades([[-60, 0], [-30, -.infinity]], range: 60).draw(
      in: &drawing, left: 0, right: 20, top: 0, bottom: 20)
    let paths = drawing.svg.split(separator: "\n").filter { $0.contains("stroke-opacity") }
    // levels 1 to 3 show both loud places, 4 to 6 the loudest alone
    #expect(paths.count == 6)
    #expect(paths.prefix(3).allSatisfy { $0.contains("M10 15h10M0 5h10") })
    #expect(paths.suffix(3).allSatisfy { $0.contains("d=\"M0 5h10\"") })
  }

  @Test func linesOfAPen() throws {
    let strokes: [[StrokeChart.Point]] = [[(0, 0), (100, 50)], [(50, 80)]]
    let svg = StrokeChart(
      title: "line", strokes: strokes, reference: [("Never", false), ("mind", true)],
      hypothesis: [("Never", false)]
    ).svg
    let check = try checkedMarkup(svg)
    #expect(check.count("circle") == 1 && check.text.contains("✗ mind"))
    let path = try #require(check.elements.first { $0.name == "path" }?.attributes["d"])
    let numbers = path.dropFirst().split { $0 == " " || $0 == "L" }.compactMap { Double($0) }
    // upward on the paper is upward on the page
    #expect(numbers.count == 4 && numbers[2] > numbers[0] && numbers[3] < numbers[1])
    let turned = StrokeChart(title: "", strokes: strokes, isUpward: false).svg
    #expect(turned != svg)
    let long = StrokeChart(
      title: "", strokes: [(0..<200_000).map { (Double($0), Double($0 % 1000)) }])
    #expect(long.svg.utf8.count < 3_000_000)
  }
}
