import RecurrentData
import RecurrentTasks
import Testing

@Suite struct WarningMetricsTests {
  private static func event(_ label: String, _ start: Double, _ end: Double? = nil) -> LabelledEvent {
    LabelledEvent(label: label, start: start, end: end)
  }

  /// Worked out by hand: a recording of 1000 s with four events and six warnings of 60 s.
  @Test func countsByHand() throws {
    let known = [
      Self.event("a", 100, 120), Self.event("a", 300, 320), Self.event("b", 500, 520), Self.event("a", 0.2),
    ]
    let warnings = [
      Self.event("a", 50, 110),  // right, 50 s ahead
      Self.event("a", 105, 165),  // while the event lasts: not counted
      Self.event("a", 200, 260),  // nothing follows
      Self.event("a", 240, 300),  // right, just 60 s ahead
      Self.event("a", 290, 350),  // right, but not the first
      Self.event("a", 480, 540),  // another kind follows
    ]
    let metrics = WarningMetrics(warnings, known: known, ahead: 60, from: 0, to: 1000, step: 1)
    #expect(metrics.announced == 2 && metrics.missed == 1 && metrics.falseAlarms == 2)
    #expect(metrics.leadTimes == [50, 60] && metrics.medianLeadTime == 55)
    #expect(metrics.sensitivity == 2 / 3.0)
    // events cover 61 s; warnings 50 to 110, 200 to 350 and 480 to 540
    #expect(abs(metrics.watched - 939) < 0.3 && abs(metrics.warned - 270) < 1e-9)
    #expect(abs(metrics.falseAlarms(in: 3600) - 2 * 3600 / metrics.watched) < 1e-9)
    #expect(abs(metrics.f1 - 4.0 / 7) < 1e-12)
    let twice = WarningMetrics([metrics, metrics])
    #expect(twice.announced == 4 && twice.leadTimes == [50, 50, 60, 60] && twice.medianLeadTime == 55)
    #expect(twice.sensitivity == metrics.sensitivity && twice.watched == 2 * metrics.watched)
  }

  @Test func nothingIsNothing() {
    let none = WarningMetrics([], known: [], ahead: 1, from: 0, to: 10, step: 1)
    #expect(none.sensitivity == nil && none.medianLeadTime == nil && none.f1 == 0 && none.warnedShare == 0)
    #expect(WarningMetrics([WarningMetrics]()).falseAlarms(in: 10) == 0)
    // a warning at the moment of the event is none
    let late = WarningMetrics(
      [Self.event("a", 5, 6)], known: [Self.event("a", 5)], ahead: 1, from: 0, to: 10, step: 1)
    #expect(late.announced == 0 && late.missed == 1 && late.falseAlarms == 0)
  }
}
