import RecurrentTestSupport
import Testing

@Suite struct ThresholdCurveTests {
  @Test(arguments: ["many", "two", "ties"]) func pointsAreThoseOfScikitLearn(_ name: String) throws {
    let fixture = try MetricsFixture(name)
    let curve = ThresholdCurve(
      scores: fixture.logits.map { fixture.scaling.probabilities($0)[0] },
      isPositive: fixture.labels.map { $0 == 0 })
    #expect(areClose(curve.roc.map(\.x), try fixture.numbers("roc_x")))
    #expect(areClose(curve.roc.map(\.y), try fixture.numbers("roc_y")))
    #expect(areClose(curve.precisionRecall.map(\.x), try fixture.numbers("pr_x")))
    #expect(areClose(curve.precisionRecall.map(\.y), try fixture.numbers("pr_y")))
  }

  @Test func ties() {
    let curve = ThresholdCurve(scores: [1, 1, 1, 1], isPositive: [true, false, true, false])
    #expect(curve.roc == [CurvePoint(0, 0), CurvePoint(1, 1)])
    #expect(curve.areaUnderROC == 0.5 && curve.averagePrecision == 0.5)
  }

  @Test func oneSide() {
    let positive = ThresholdCurve(scores: [1, 2], isPositive: [true, true])
    #expect(positive.areaUnderROC == nil && positive.averagePrecision == 1)
    let negative = ThresholdCurve(scores: [1, 2], isPositive: [false, false])
    #expect(negative.areaUnderROC == nil && negative.averagePrecision == nil)
    #expect(negative.precisionRecall.isEmpty)
    #expect(ThresholdCurve(scores: [], isPositive: []).roc == [CurvePoint(0, 0)])
  }

  @Test(.timeLimit(.minutes(1))) func noNumbersAreTheLowest() {
    let curve = ThresholdCurve(scores: [.nan, 3, .nan, 1], isPositive: [true, true, false, false])
    #expect(curve.roc == [CurvePoint(0, 0), CurvePoint(0, 0.5), CurvePoint(0.5, 0.5), CurvePoint(1, 1)])
    #expect(curve.areaUnderROC == 0.625)
  }

  @Test func thinnedCurvesStayClose() {
    // a curve with many points at its beginning and few later
    let points = (0...5000).map { index -> CurvePoint in
      let x = Double(index) / 5000
      return CurvePoint(x * x * x, 1 - (1 - x) * (1 - x))
    }
    let thin = CurvePoint.thinned(points, limit: 200)
    #expect(thin.count <= 200 && thin.count > 150)
    #expect(thin.first == CurvePoint(0, 0) && thin.last == CurvePoint(1, 1))
    for (a, b) in zip(thin, thin.dropFirst()) { #expect(b.x - a.x + b.y - a.y < 0.025) }
    #expect(CurvePoint.thinned(Array(points.prefix(200)), limit: 200).count == 200)
    #expect(CurvePoint.thinned([CurvePoint(0.123_456, 1)], limit: 2) == [CurvePoint(0.1235, 1)])
    // no length at all
    let still = [CurvePoint](repeating: CurvePoint(0.5, 0.5), count: 9)
    #expect(CurvePoint.thinned(still, limit: 3).count == 2)
  }
}
