import Foundation
import RecurrentTestSupport
import Testing

@Suite struct EventMetricsTests {
  private static func event(_ start: Double, _ end: Double? = nil, _ label: String = "a") -> LabelledEvent {
    LabelledEvent(label: label, start: start, end: end)
  }

  /// The most pairs that there are, by trying all.
  private static func mostPairs(
    _ found: [LabelledEvent], _ known: [LabelledEvent], _ tolerance: Double, _ endTolerance: Double?,
    from index: Int = 0, taken: Set<Int> = []
  ) -> Int {
    guard index < known.count else { return taken.count }
    let event = known[index]
    var best = mostPairs(found, known, tolerance, endTolerance, from: index + 1, taken: taken)
    for place in found.indices where !taken.contains(place) && found[place].label == event.label {
      guard abs(found[place].start - event.start) <= tolerance,
        endTolerance.map({ abs(found[place].end - event.end) <= $0 }) ?? true
      else { continue }
      best = max(
        best,
        mostPairs(found, known, tolerance, endTolerance, from: index + 1, taken: taken.union([place])))
    }
    return best
  }

  @Test(arguments: 0..<300) func findsAsManyAsThereAre(_ seed: Int) {
    // halves and quarters, so that distances are the tolerance exactly at times
    let random = RandomKey(seed: UInt64(seed)).uniforms(80).map { Double(Int($0 * 24)) / 4 }
    let (foundCount, knownCount) = (Int(random[0] * 1.1), Int(random[1] * 1.1))
    func events(_ count: Int, _ offset: Int) -> [LabelledEvent] {
      (0..<count).map { index in
        let start = random[offset + 3 * index]
        return EventMetricsTests.event(
          start, start + random[offset + 3 * index + 1], random[offset + 3 * index + 2] < 4 ? "a" : "b")
      }
    }
    let (found, known) = (events(foundCount, 2), events(knownCount, 40))
    for endTolerance in [nil, 0.5, 1.5] {
      for tolerance in [0, 0.75, 2] {
        let metrics = EventMetrics(
          found: found, known: known, tolerance: tolerance, endTolerance: endTolerance)
        let most = EventMetricsTests.mostPairs(found, known, tolerance, endTolerance)
        #expect(metrics.hits == most, "\(found) \(known) \(tolerance) \(String(describing: endTolerance))")
        #expect(metrics.falseAlarms == foundCount - most && metrics.misses == knownCount - most)
        #expect((metrics.meanDeviation ?? 0) <= tolerance)
      }
    }
  }

  @Test func theEarliestIsNotAlwaysRight() {
    // only the first found event fits the second known one, by its end
    let known = [EventMetricsTests.event(0, 10), EventMetricsTests.event(0.1, 11)]
    let found = [EventMetricsTests.event(0, 10.5), EventMetricsTests.event(0.05, 9.5)]
    let metrics = EventMetrics(found: found, known: known, tolerance: 1, endTolerance: 0.6)
    #expect(metrics.hits == 2)
  }

  @Test func nearEventsArePairs() throws {
    let metrics = EventMetrics(
      found: [EventMetricsTests.event(-0.9), EventMetricsTests.event(0.25)],
      known: [EventMetricsTests.event(0)], tolerance: 1)
    #expect(metrics.hits == 1 && metrics.falseAlarms == 1 && metrics.misses == 0)
    #expect(metrics.meanDelay == 0.25 && metrics.meanDeviation == 0.25)
    #expect(metrics.precision == 0.5 && metrics.recall == 1 && metrics.f1 == 2.0 / 3)
  }

  /// Two frames are two frames, whatever the division makes of them.
  @Test func distancesOfJustTheTolerance() {
    for frame in 0..<200 {
      for rate in [12.5, 25, 30, 29.97] {
        let known = [EventMetricsTests.event(Double(frame) / rate, Double(frame + 3) / rate)]
        let found = [EventMetricsTests.event(Double(frame + 2) * (1 / rate), Double(frame + 1) * (1 / rate))]
        let metrics = EventMetrics(found: found, known: known, tolerance: 2 / rate, endTolerance: 2 / rate)
        #expect(metrics.hits == 1, "\(frame) at \(rate)")
      }
    }
  }

  @Test func chainsOfChanges() {
    // each found event is nearest to the known one before it, so that the last known one needs all to change
    let count = 200
    let known = (0..<count).map { EventMetricsTests.event(Double($0)) }
    let found =
      [EventMetricsTests.event(-0.9)] + (0..<count - 1).map { EventMetricsTests.event(Double($0) + 0.4) }
    let metrics = EventMetrics(found: found.reversed(), known: known, tolerance: 0.95)
    #expect(metrics.hits == count)
  }

  @Test func labelsAreApart() throws {
    let found = [EventMetricsTests.event(0, nil, "a"), EventMetricsTests.event(5, nil, "b")]
    let known = [EventMetricsTests.event(0, nil, "b"), EventMetricsTests.event(5.5, nil, "b")]
    let byLabel = EventMetrics.byLabel(found: found, known: known, tolerance: 1)
    #expect(byLabel.keys.sorted() == ["a", "b"])
    let (a, b) = (try #require(byLabel["a"]), try #require(byLabel["b"]))
    #expect(a.hits == 0 && a.falseAlarms == 1 && a.recall == nil && a.precision == 0 && a.meanDelay == nil)
    #expect(b.hits == 1 && b.misses == 1 && b.meanDelay == -0.5 && b.meanDeviation == 0.5)
    #expect(EventMetrics(found: found, known: known, tolerance: 1) == EventMetrics([a, b]))
  }

  @Test func recordingsTogether() {
    let first = EventMetrics(
      found: [EventMetricsTests.event(1)], known: [EventMetricsTests.event(0)], tolerance: 1)
    let second = EventMetrics(
      found: [EventMetricsTests.event(0), EventMetricsTests.event(10), EventMetricsTests.event(20)],
      known: [EventMetricsTests.event(0.5), EventMetricsTests.event(10.5)], tolerance: 1)
    let both = EventMetrics([first, second])
    #expect(both.hits == 3 && both.falseAlarms == 1 && both.misses == 0)
    #expect(both.meanDelay == 0 && abs((both.meanDeviation ?? 0) - 2.0 / 3) < 1e-12)
    let none = EventMetrics([EventMetrics]())
    #expect(none.precision == nil && none.recall == nil && none.f1 == 0 && none.meanDelay == nil)
  }

  @Test func timesThatAreNone() {
    let odd = [EventMetricsTests.event(.nan), EventMetricsTests.event(.infinity), EventMetricsTests.event(1)]
    let metrics = EventMetrics(found: odd, known: odd, tolerance: 1)
    #expect(metrics.hits == 1 && metrics.falseAlarms == 2 && metrics.misses == 2)
    #expect(metrics.meanDelay == 0)
  }

  @Test func writesAndReadsJSON() throws {
    let metrics = EventMetrics(
      found: [EventMetricsTests.event(1)], known: [EventMetricsTests.event(0)], tolerance: 1)
    let data = try JSONEncoder().encode(metrics)
    #expect(try JSONDecoder().decode(EventMetrics.self, from: data) == metrics)
  }
}
