import Foundation
import RecurrentTestSupport
import Testing

@Suite struct ClassificationReportTests {
  @Test(arguments: ["many", "two", "ties"]) func saysWhatScikitLearnSays(_ name: String) throws {
    let fixture = try MetricsFixture(name)
    let report = ClassificationReport(
      logits: fixture.logits, labels: fixture.labels, names: fixture.names, scaling: fixture.scaling)
    #expect(report.count == fixture.labels.count)
    #expect(
      areClose(
        [report.accuracy.value, report.macroF1.value],
        try fixture.numbers("accuracy") + fixture.numbers("macro_f1")))
    #expect(report.confusion.flatMap { $0 } == (try fixture.integers("confusion")))
    #expect(areClose(report.classes.map { $0.precision ?? 0 }, try fixture.numbers("precision")))
    #expect(areClose(report.classes.map(\.recall), try fixture.numbers("recall")))
    #expect(areClose(report.classes.map(\.f1), try fixture.numbers("f1")))
    #expect(areClose(report.classes.map(\.areaUnderROC), try fixture.numbers("roc_auc")))
    #expect(areClose(report.classes.map(\.averagePrecision), try fixture.numbers("average_precision")))
    if fixture.contains("top_k") { #expect(areClose(report.topK, try fixture.numbers("top_k"))) }
    #expect(report.topK[0] == report.accuracy.value)
    #expect(report.curves.map(\.name) == fixture.names)
  }

  @Test func topKIsCompared() throws {
    #expect(try MetricsFixture("many").contains("top_k"))
  }

  @Test func calibrationErrorByHand() {
    // confidences 0.5, 0.6, 0.9 and 0.9; right are the first and the third: |1 - 0.5| + |0 - 0.6| + 2 |0.5 -
    // 0.9| of 4
    let logits: [[Float]] = [0.5, 0.6, 0.9, 0.9].map { [Float(log($0)), Float(log(1 - $0))] }
    let report = ClassificationReport(
      logits: logits, labels: [0, 1, 0, 1], names: ["a", "b"], scaling: TemperatureScaling(temperature: 1))
    let expected = (0.5 + 0.6 + 2 * 0.4) / 4
    #expect(abs(report.calibrationErrorBefore - expected) < 1e-6)
    #expect(report.reliability.map(\.count) == [1, 1, 2])
    #expect(report.reliability.map(\.accuracy) == [1, 0, 0.5])
    #expect(report.calibrationErrorAfter == report.calibrationErrorBefore)
    // at a temperature of infinity every confidence is 0.5, as is the share of right predictions
    let flat = ClassificationReport(
      logits: logits, labels: [0, 1, 0, 1], names: ["a", "b"], scaling: TemperatureScaling(temperature: 1e12))
    #expect(flat.calibrationErrorAfter < 1e-6)
    #expect(flat.calibrationErrorBefore == report.calibrationErrorBefore)
  }

  @Test func rangesHaveTheirEnds() {
    let bins = ReliabilityBin.bins(
      confidences: [0, 0.25, 0.5, 0.74, 1], isRight: [true, false, true, false, true], binCount: 4)
    #expect(bins.map(\.count) == [1, 1, 2, 1])
    #expect(bins.map(\.confidence) == [0, 0.25, 0.62, 1])
    #expect(ReliabilityBin.calibrationError(of: []) == 0)
  }

  @Test func intervalsHoldTheShareAndNarrow() throws {
    func report(_ count: Int) -> ClassificationReport {
      // four of five are right
      let labels = (0..<count).map { $0 % 2 }
      let logits = (0..<count).map { item -> [Float] in
        let prediction = item % 5 == 0 ? 1 - item % 2 : item % 2
        return prediction == 0 ? [1, 0] : [0, 1]
      }
      return ClassificationReport(
        logits: logits, labels: labels, names: ["a", "b"], scaling: TemperatureScaling(), seed: 3)
    }
    let (few, many) = (report(100), report(1600))
    for own in [few, many] {
      #expect(own.accuracy.value == 0.8)
      #expect(own.accuracy.low < 0.8 && own.accuracy.high > 0.8)
      #expect(own.macroF1.low < own.macroF1.value && own.macroF1.high > own.macroF1.value)
      // 1.96 standard deviations of a share
      let half = 1.96 * (0.16 / Double(own.count)).squareRoot()
      #expect(abs(own.accuracy.high - 0.8 - half) < half / 4 && abs(0.8 - own.accuracy.low - half) < half / 4)
    }
    #expect(report(100) == few)
  }

  @Test func scoresThatAreNoNumbersAreWrong() {
    let report = ClassificationReport(
      logits: [[.nan, .nan], [.nan, 0], [.infinity, 1], [-.infinity, -.infinity]], labels: [1, 1, 0, 0],
      names: ["a", "b"], scaling: TemperatureScaling(temperature: 2))
    #expect(report.invalidCount == 2)
    // without any number the first class is given
    #expect(report.confusion == [[2, 0], [1, 1]])
    #expect(report.topK == [0.75, 1])
    #expect(report.calibrationErrorAfter.isFinite)
  }

  @Test func noItemsAndNoClasses() {
    for names in [[], ["a"], ["a", "b"]] {
      let report = ClassificationReport(logits: [], labels: [], names: names, scaling: TemperatureScaling())
      #expect(report.count == 0 && report.accuracy.value == 0 && report.curves.isEmpty)
      #expect(report.classes.allSatisfy { $0.precision == nil && $0.areaUnderROC == nil })
    }
  }

  @Test func curvesOfTheFrequentClasses() {
    // class k has k + 1 items, the first has none
    let classes = 13
    let labels = (1..<classes).flatMap { [Int](repeating: $0, count: $0 + 1) }
    let random = RandomKey(seed: 4).uniforms(labels.count * classes)
    let logits = labels.indices.map { item in Array(random[item * classes..<(item + 1) * classes]) }
    let report = ClassificationReport(
      logits: logits, labels: labels, names: (0..<classes).map { "c\($0)" }, scaling: TemperatureScaling())
    #expect(report.curves.map(\.name) == (3..<classes).map { "c\($0)" })
    #expect(report.curves.allSatisfy { $0.roc.count <= 200 && $0.roc.first == CurvePoint(0, 0) })
    #expect(report.curves.allSatisfy { $0.roc.last == CurvePoint(1, 1) })
    #expect(report.macroF1.value < 0.5 && report.macroF1.value > 0)
  }

  @Test func writesAndReadsJSON() throws {
    let fixture = try MetricsFixture("many")
    let report = ClassificationReport(
      logits: fixture.logits, labels: fixture.labels, names: fixture.names, scaling: fixture.scaling)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(report)
    #expect(try JSONDecoder().decode(ClassificationReport.self, from: data) == report)
    let keys = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any]).keys.sorted()
    #expect(
      keys == [
        "accuracy", "calibrationErrorAfter", "calibrationErrorBefore", "classes", "confusion", "count",
        "curves",
        "invalidCount", "macroF1", "majorityClass", "majorityShare", "reliability", "reliabilityBefore",
        "temperature", "topK", "warnings",
      ])
    #expect(String(decoding: data, as: UTF8.self).contains("\"roc\":[[0,0],"))
  }

  @Test func frequentConfusions() {
    let predictions = [1, 1, 1, 2, 0, 0, 0, 2]
    let labels = [0, 0, 0, 0, 1, 1, 1, 2]
    let logits = predictions.map { prediction in (0..<3).map { $0 == prediction ? Float(1) : 0 } }
    let report = ClassificationReport(
      logits: logits, labels: labels, names: ["a", "b", "c"], scaling: TemperatureScaling())
    let all = report.frequentConfusions(limit: 9)
    #expect(all.map { $0.known + $0.given } == ["ab", "ba", "ac"])
    #expect(all.map(\.count) == [3, 3, 1] && all.map(\.share) == [0.75, 1, 0.25])
    #expect(report.frequentConfusions(limit: 1).count == 1)
  }
}
