import RecurrentTestSupport
import Testing

@Suite struct RecomputationScheduleTests {
  /// The least chunks to advance, by the dynamic programme over the place of the first kept state.
  private static let optimum: [[Int]] = {
    var table = Array(repeating: Array(repeating: 0, count: 61), count: 13)
    for states in 0...12 {
      for chunks in 2...60 {
        table[states][chunks] =
          states == 0
          ? chunks * (chunks - 1) / 2
          : (1..<chunks).map { $0 + table[states - 1][chunks - $0] + table[states][$0] }.min() ?? 0
      }
    }
    return table
  }()

  /// Every schedule differentiates each chunk once, from last to first, from a state that it has; it keeps no more states
  /// than it may; and its work is the optimum.
  @Test(arguments: 0...12)
  func isValidAndOptimal(_ states: Int) throws {
    for chunks in 1...60 {
      let schedule = RecomputationSchedule(chunkCount: chunks, keptStates: states)
      var kept: Set = [0]
      var atHand: Int?
      var advanced = 0
      var passes = Array(repeating: 0, count: chunks)
      var next = chunks - 1
      for action in schedule {
        switch action {
        case .advance(let from, let to, let isKept):
          #expect(kept.contains(from) && from < to && to <= next)
          for chunk in from..<to { passes[chunk] += 1 }
          advanced += to - from
          if isKept { kept.insert(to) } else { atHand = to }
          #expect(kept.count - 1 <= states)
        case .differentiate(let chunk):
          #expect(chunk == next && (atHand == chunk || kept.contains(chunk)))
          passes[chunk] += 1
          atHand = nil
          kept.remove(chunk)
          next -= 1
        }
      }
      #expect(next == -1 && kept.isEmpty)
      #expect(advanced == Self.optimum[states][chunks])
      #expect(passes[chunks - 1] == 1, "the last chunk is computed once")
    }
  }

  /// Long chains: work grows with the logarithm of the length.
  @Test func longChains() {
    let single = RecomputationSchedule(chunkCount: 20_000, keptStates: 19_999)
    #expect(single.reduce(0) { count, _ in count + 1 } == 39_999)
    let few = RecomputationSchedule(chunkCount: 20_000, keptStates: 10)
    var advanced = 0
    for case .advance(let from, let to, _) in few { advanced += to - from }
    #expect(advanced < 7 * 20_000)
    #expect(RecomputationSchedule(chunkCount: 4, keptStates: 100).keptStates == 3)
  }

  @Test func chunks() {
    for steps in [1, 2, 7, 64, 100, 1001] {
      for length in [1, 2, 3, 10, 64, 5000] {
        let plan = Recomputation(stepCount: steps, chunkLength: length)
        var end = 0
        for chunk in 0..<plan.chunkCount {
          let range = plan.steps(ofChunk: chunk)
          #expect(range.lowerBound == end && (plan.chunkLength - 1...plan.chunkLength).contains(range.count))
          end = range.upperBound
        }
        #expect(end == steps && plan.chunkLength <= length)
        // each step but those of the last chunk once more
        #expect(plan.advancedStepCount == plan.steps(ofChunk: plan.chunkCount - 1).lowerBound)
      }
    }
  }
}
