import RecurrentData
import RecurrentTasks
import Testing

@Suite struct EventScoreTests {
  private static func events(_ spans: [(Double, Double)], label: String = "a") -> [LabelledEvent] {
    spans.map { LabelledEvent(label: label, start: $0.0, end: $0.1) }
  }

  private static func hits(_ found: [LabelledEvent], _ known: [LabelledEvent], _ score: EventScore) -> Int {
    EventMetrics(recordings: [found], known: [known], by: score, tolerance: 0.5).hits
  }

  @Test func rulesDiffer() {
    let known = Self.events([(0, 10), (20, 30)])
    // the second begins late, and covers most of it
    let found = Self.events([(0.2, 16), (22, 30)])
    #expect(Self.hits(found, known, .onset) == 1)
    #expect(Self.hits(found, known, .both) == 0)
    #expect(Self.hits(found, known, .iou) == 2)
    // just half counts, less does not
    #expect(Self.hits(Self.events([(0, 5)]), Self.events([(0, 10)]), .iou) == 1)
    #expect(Self.hits(Self.events([(0, 4.9)]), Self.events([(0, 10)]), .iou) == 0)
    #expect(Self.hits(Self.events([(0, 10)], label: "b"), known, .iou) == 0)
    // what has no extent covers nothing
    #expect(Self.hits(Self.events([(3, 3)]), Self.events([(3, 3)]), .iou) == 0)
  }

  /// Of two that cover a known event the one with more stands for it, and the other is a false alarm.
  @Test func eachStandsForOne() {
    let metrics = EventMetrics(
      recordings: [Self.events([(0, 6), (0, 9)]), []],
      known: [Self.events([(0, 10)]), Self.events([(1, 2)])], by: .iou,
      tolerance: 0)
    #expect(metrics.hits == 1 && metrics.falseAlarms == 1 && metrics.misses == 1)
    #expect(metrics.meanDelay == 0)
  }
}
