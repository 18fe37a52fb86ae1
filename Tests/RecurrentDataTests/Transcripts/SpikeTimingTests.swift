import RecurrentData
import Testing

@Suite struct SpikeTimingTests {
  private let words = [
    SpikeTiming.Word("a", first: 1, last: 1.2), SpikeTiming.Word("b", first: 1.4, last: 1.4, confidence: 0.5),
    SpikeTiming.Word("c", first: 3, last: 3.1),
  ]

  @Test func halfOfTheWayToTheNeighbours() {
    let times = SpikeTiming(reach: 0.25).times(of: words, duration: 3.2)
    #expect(times.map(\.start).map { ($0 * 100).rounded() } == [75, 130, 275])
    #expect(times.map(\.end).map { ($0 * 100).rounded() } == [130, 165, 320])
    #expect(times.map(\.confidence) == [nil, 0.5, nil])
  }

  /// Spikes at the very beginning are moved before it by the delay: words last all the same, one after the other.
  @Test func noWordIsNothing() {
    let early = [
      SpikeTiming.Word("a", first: 0, last: 0), SpikeTiming.Word("b", first: 0.02, last: 0.02),
      SpikeTiming.Word("c", first: 1, last: 1),
    ]
    let times = SpikeTiming(delay: 0.4).times(of: early, duration: 2)
    #expect(times.allSatisfy { $0.end - $0.start >= 0.0199 && $0.end <= 2 })
    #expect(zip(times, times.dropFirst()).allSatisfy { $0.end <= $1.start })
    // a recording that is shorter has no room
    let short = SpikeTiming().times(of: early, duration: 0.03)
    #expect(short.allSatisfy { $0.start <= $0.end && $0.end <= 0.03 })
  }

  @Test func delays() throws {
    let times = SpikeTiming(delay: 1.5).times(of: words, duration: 3)
    #expect(times.allSatisfy { $0.start >= 0 && $0.end >= $0.start && $0.end <= 3 })
    let known = [
      LabelledEvent(label: "a", start: 0.9, end: 1.1), LabelledEvent(label: "c", start: 2.9, end: 3),
    ]
    let found = SpikeTiming(reach: 0.1).times(of: words, duration: 4)
    // 1.1 against 1.0, and 3.05 against 2.95
    #expect(abs(try #require(SpikeTiming.delay(of: [found], from: [known])) - 0.1) < 1e-9)
    #expect(SpikeTiming.delay(of: [[]], from: [known]) == nil)
  }
}
