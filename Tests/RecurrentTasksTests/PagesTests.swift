import RecurrentTestSupport
import Testing

/// The pages of the tasks.
@Suite struct PagesTests {
  @Test(arguments: ["many", "two", "ties"]) func classification(_ name: String) throws {
    let fixture = try MetricsFixture(name)
    let report = ClassificationReport(
      logits: fixture.logits, labels: fixture.labels, names: fixture.names, scaling: fixture.scaling)
    let page = report.htmlReport(
      title: "T <1>", lead: "on data", notes: [.information("a remark")])
    let check = try checkedMarkup(page.html)
    #expect(
      page.html == report.htmlReport(title: "T <1>", lead: "on data", notes: [.information("a remark")]).html)
    #expect(page.sections.map(\.title) == ["Classes", "Confusions", "Thresholds", "Calibration"])
    // bars, matrix, two curves, reliability
    #expect(check.count("svg") == 5)
    #expect(check.text.contains("T <1>") && check.text.contains("a remark"))
    #expect(check.text.contains(rounded(report.accuracy.value, 4)))
    #expect(
      check.text.contains("95 %: \(rounded(report.macroF1.low, 4)) to \(rounded(report.macroF1.high, 4))"))
    #expect(check.text.contains("Among the top 3") == (fixture.names.count > 3))
    #expect(page.html.utf8.count < 200_000)
  }

  @Test func manyClasses() throws {
    let classes = 60
    let labels = (0..<classes * 4).map { $0 % classes }
    let random = RandomKey(seed: 9).uniforms(labels.count * classes)
    let report = ClassificationReport(
      logits: labels.indices.map { Array(random[$0 * classes..<($0 + 1) * classes]) }, labels: labels,
      names: (0..<classes).map { "<\($0)>" }, scaling: TemperatureScaling())
    let page = report.htmlReport(title: "t", lead: "")
    let check = try checkedMarkup(page.html)
    // neither a bar nor cells for each
    #expect(check.count("svg") == 3 && check.count("tr") == 1 + classes + 1 + 20)
    #expect(check.text.contains("the 10 classes with the most items"))
    #expect(page.notes == [.information("60 classes have fewer than 10 items; their figures may be chance.")])
  }

  @Test(arguments: [[], ["a"], ["a", "b"]]) func noItems(_ names: [String]) throws {
    let report = ClassificationReport(logits: [], labels: [], names: names, scaling: TemperatureScaling())
    let page = report.htmlReport(title: "none", lead: "")
    try checkedMarkup(page.html)
    #expect(page.notes == [.warning("There were no items.")])
  }

  @Test func whatIsMissingIsSaid() {
    let report = ClassificationReport(
      logits: [[0, .nan, 1]], labels: [0], names: ["a", "b", "c"], scaling: TemperatureScaling())
    let notes = report.htmlReport(title: "", lead: "").notes
    #expect(notes.count == 4)
    for part in ["b, c", "below the 1.0000 of always predicting"] {
      #expect(notes.contains { if case .warning(let text) = $0 { text.contains(part) } else { false } })
    }
  }

  @Test func events() throws {
    func event(_ label: String, _ start: Double) -> LabelledEvent {
      LabelledEvent(label: label, start: start)
    }
    let (known, found) = (
      [event("a<", 1), event("a<", 2), event("b", 3)], [event("a<", 1.5), event("c", 4)]
    )
    let byLabel = EventMetrics.byLabel(found: found, known: known, tolerance: 0.6)
    let metrics = EventMetrics(found: found, known: known, tolerance: 0.6)
    let chart = EventChart(
      title: "x", signalLabel: "mV", signal: [(0, 0), (5, 1)], known: [("a<", 1, 1), ("b", 3, 3)],
      found: [("a<", 1.5, 1.5)])
    let page = metrics.htmlReport(
      title: "t", lead: "l", byLabel: byLabel, tolerance: 0.6, endTolerance: 0.25, examples: [chart, chart])
    let check = try checkedMarkup(page.html)
    guard case .table(let table) = page.sections[0].blocks[1] else { throw CheckFailure("no table") }
    #expect(
      table.rows == [
        ["a<", "1", "0", "1", "1.0000", "0.5000", "0.6667", "0.500 s", "0.500 s"],
        ["b", "0", "0", "1", "–", "0.0000", "0.0000", "–", "–"],
        ["c", "0", "1", "0", "0.0000", "–", "0.0000", "–", "–"],
        ["all", "1", "1", "2", "0.5000", "0.3333", "0.4000", "0.500 s", "0.500 s"],
      ])
    #expect(check.count("svg") == 3 && check.text.contains("0.6000 s of it and ends within 0.2500 s"))
    let none = EventMetrics([EventMetrics]())
    #expect(none.htmlReport(title: "", lead: "", byLabel: [:], tolerance: 1).notes.count == 1)
    try checkedMarkup(none.htmlReport(title: "", lead: "", byLabel: [:], tolerance: 1).html)
  }

  @Test func forecasts() throws {
    func metrics(_ error: Double, hasQuantiles: Bool) -> ForecastMetrics {
      ForecastMetrics(
        (0..<40).map { index in
          let truth = Double(index)
          let quantiles = [
            (0.1, truth - 1), (0.5, truth + error), (0.9, truth + (index % 10 == 0 ? -0.5 : 1)),
          ]
          return ForecastMetrics.Item(
            truth: truth, mean: truth + error, quantiles: hasQuantiles ? quantiles : [], scale: 2)
        })
    }
    func named(_ name: String, _ error: Double, _ hasQuantiles: Bool) -> NamedForecastMetrics {
      NamedForecastMetrics(
        name: name, metrics: metrics(error, hasQuantiles: hasQuantiles),
        steps: (1...3).map { metrics(error * Double($0), hasQuantiles: false) })
    }
    let missing = NamedForecastMetrics(
      name: "none",
      metrics: ForecastMetrics([ForecastMetrics.Item(truth: .nan, mean: 0, quantiles: [], scale: 0)]))
    let model = named("model <1>", 0.5, true)
    let fan = FanChart(
      title: "x", xLabel: "t", yLabel: "y", history: [(0, 1)], median: [(1, 1), (2, 1)], bands: [])
    let page = ForecastMetrics.htmlReport(
      title: "t", lead: "l", model: model,
      baselines: [named("naive", 2, false), named("last", 3, false), missing],
      examples: [fan])
    let check = try checkedMarkup(page.html)
    #expect(page.sections.map(\.title) == ["Errors", "Horizon", "Intervals", "Examples"])
    #expect(check.count("svg") == 3)
    #expect(check.text.contains("75.0 %") && check.text.contains("the best baseline: naive"))
    guard case .table(let table) = page.sections[2].blocks[1] else { throw CheckFailure("no table") }
    #expect(table.rows == [["80.0 %", "80.0 %", "90.0 %", "10.0 points", "1.850"]])
    #expect(page.notes == [.warning("none: there were no numbers to evaluate.")])
    let worse = ForecastMetrics.htmlReport(
      title: "", lead: "", model: named("m", 4, false), baselines: [model])
    #expect(worse.keyFigures[1].name == "Worse by" && worse.keyFigures[1].value == "700.0 %")
  }
}
