import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Events found step by step are those of the whole, at the end none is left, and none is given out that could still change.
@Suite struct EventTrackerTests {
  /// The events of a whole sequence, by looking at all of it.
  private static func expected(_ p: [[Float]], _ picker: EventPicker, _ labels: [String]) -> [LabelledEvent] {
    var found: [(event: LabelledEvent, weight: Double)] = []
    var step = 0
    func best(_ step: Int) -> Int { (1..<labels.count).max { (p[step][$0], -$0) < (p[step][$1], -$1) } ?? 1 }
    while step < p.count {
      guard picker.isOn(background: p[step][0]) else {
        step += 1
        continue
      }
      var end = step + 1
      while end < p.count, picker.isOn(background: p[end][0]), !picker.hasExtent || best(end) == best(step) {
        end += 1
      }
      let weights = (step..<end).map { Double(1 - p[$0][0]) }
      let sums = (1..<labels.count).map { label in (step..<end).reduce(0.0) { $0 + Double(p[$1][label]) } }
      let label = labels[1 + (sums.firstIndex(of: sums.max() ?? 0) ?? 0)]
      let moment = weights.enumerated().reduce(0) { $0 + $1.element * Double($1.offset) }
      let weight = weights.reduce(0, +)
      found.append(
        (
          picker.hasExtent
            ? LabelledEvent(label: label, start: Double(step) / 8, end: Double(end) / 8)
            : LabelledEvent(label: label, start: (Double(step) + moment / weight) / 8), weight
        ))
      step = end
    }
    var kept: [(event: LabelledEvent, weight: Double)] = []
    for next in found {
      guard let last = kept.last, next.event.start - last.event.end < picker.minimumGap,
        !picker.hasExtent || last.event.label == next.event.label
      else {
        kept.append(next)
        continue
      }
      if picker.hasExtent {
        kept[kept.count - 1].event.end = next.event.end
      } else if next.weight > last.weight {
        kept[kept.count - 1] = next
      }
    }
    return kept.map(\.event).filter { !picker.hasExtent || $0.end - $0.start >= picker.minimumDuration }
  }

  private static func probabilities(_ seed: Int, _ count: Int) -> [[Float]] {
    let values = RandomKey(seed: UInt64(seed)).uniforms(3 * count)
    return (0..<count).map { step in
      // long and short pauses, long and short runs
      let isQuiet = (step / (3 + seed % 5)) % 3 == 0
      let background = isQuiet ? 1 - 0.4 * values[3 * step] : values[3 * step]
      let share = values[3 * step + 1] < 0.5 ? Float(0.1) : 0.8
      return [background, (1 - background) * share, (1 - background) * (1 - share)]
    }
  }

  @Test(arguments: 0..<60) func theEventsAreThoseOfTheWhole(_ seed: Int) {
    let labels = ["", "a", "b"]
    let p = Self.probabilities(seed, 40 + seed)
    for hasExtent in [false, true] {
      for (gap, duration) in [(0.0, 0.0), (0.25, 0.2), (0.6, 0), (2, 0.5)] {
        let picker = EventPicker(
          threshold: 0.45, minimumDuration: duration, minimumGap: gap, hasExtent: hasExtent)
        let whole = Self.expected(p, picker, labels)
        #expect(picker.events(p, labels: labels, rate: 8) == whole)
        var tracker = EventTracker(picker, labels: labels, rate: 8, start: 0)
        var events: [LabelledEvent] = []
        for own in p {
          tracker.push(own.map { Double($0) })
          events += tracker.events
          // kept and gone on with after every step
          var other = EventTracker(picker, labels: labels, rate: 8, start: 0)
          var stored = StoredNumbers(tracker.stored)
          other.restore(&stored)
          #expect(stored.areWhole)
          tracker = other
          #expect(Array(whole.prefix(events.count)) == events)
        }
        tracker.finish()
        events += tracker.events
        #expect(events == whole)
      }
    }
  }

  @Test func anEventThatTheEndCutsOffIsFound() {
    let picker = EventPicker(threshold: 0.5, minimumGap: 1, hasExtent: false)
    var tracker = EventTracker(picker, labels: ["", "beat"], rate: 8, start: 0)
    for probabilities in [[1, 0], [0.2, 0.8]] {
      tracker.push(probabilities)
      #expect(tracker.events.isEmpty)
    }
    tracker.finish()
    #expect(tracker.events == [LabelledEvent(label: "beat", start: 0.125)])
  }

  @Test func noEventIsBeforeTheBeginning() {
    // steps speak of what was half a second before
    let beat = EventPicker(threshold: 0.5, hasExtent: false)
    let p: [[Float]] = [[0, 1], [1, 0], [1, 0], [1, 0], [1, 0], [0, 1], [1, 0]]
    #expect(
      beat.events(p, labels: ["", "beat"], rate: 8, start: 10, delay: 0.5)
        == [LabelledEvent(label: "beat", start: 10), LabelledEvent(label: "beat", start: 10.125)])
    let words = EventPicker(threshold: 0.5, hasExtent: true)
    let q: [[Float]] = [[0, 1], [1, 0], [1, 0], [0, 1], [0, 1], [0, 1], [1, 0]]
    #expect(
      words.events(q, labels: ["", "a"], rate: 8, start: 10, delay: 0.5)
        == [LabelledEvent(label: "a", start: 10, end: 10.25)])
  }

  @Test(arguments: [1 << 24 + 5, 1 << 40, 1 << 50]) func timesAreRightAfterManySteps(_ offset: Int) {
    let picker = EventPicker(threshold: 0.45, minimumGap: 0.6, hasExtent: true)
    let p = Self.probabilities(3, 300)
    let whole = picker.events(p, labels: ["", "a", "b"], rate: 8)
    var tracker = EventTracker(picker, labels: ["", "a", "b"], rate: 8, start: 0)
    var stored = StoredNumbers([Int64(offset)] + tracker.stored.dropFirst())
    tracker.restore(&stored)
    var events: [LabelledEvent] = []
    for own in p {
      tracker.push(own.map { Double($0) })
      events += tracker.events
    }
    tracker.finish()
    events += tracker.events
    let shift = Double(offset) / 8
    #expect(
      events == whole.map { LabelledEvent(label: $0.label, start: $0.start + shift, end: $0.end + shift) })
    #expect(tracker.stepCount == offset + 300 && events.count > 10)
  }
}
