import RecurrentTestSupport
import Testing

@testable import RecurrentCore

@Suite struct SequencePlanTests {
  /// Walks a plan and lists, for each row, the steps of its segments in the order of reading.
  private func walked(_ plan: SequencePlan) -> [[[Int]]] {
    var segments = [[Int]](repeating: [], count: plan.segmentCount)
    for step in plan.alive.indices {
      for segment in 0..<Int(plan.alive[step]) {
        segments[segment].append(Int(plan.first[segment] + Int64(step) * plan.stride))
      }
    }
    var rows = [[[Int]]](repeating: [], count: plan.batchSize)
    for (segment, positions) in segments.enumerated() where !positions.isEmpty {
      #expect(positions.allSatisfy { $0 % plan.batchSize == plan.rowOfSegment[segment] })
      rows[plan.rowOfSegment[segment]].append(positions.map { $0 / plan.batchSize })
    }
    let isBackward = plan.direction == .backward
    return rows.map { $0.sorted { isBackward ? $0[0] > $1[0] : $0[0] < $1[0] } }
  }

  @Test(arguments: SequenceDirection.allCases)
  func full(_ direction: SequenceDirection) {
    let plan = SequencePlan(stepCount: 3, batchSize: 2, direction: direction)
    let steps = direction == .forward ? [0, 1, 2] : [2, 1, 0]
    #expect(walked(plan) == [[steps], [steps]])
    #expect(plan.isFull && plan.isIdentity && plan.slotCount == 6)
    #expect(plan.offset == [0, 2, 4])
  }

  /// Ragged rows in any order, with an empty one, against a plain enumeration; resets never reach across a mark.
  @Test(arguments: 0..<40)
  func random(_ seed: Int) {
    let key = RandomKey(seed: UInt64(seed))
    let (T, B) = (1 + key.integers(1, below: 7)[0], 1 + key.child(0).integers(1, below: 6)[0])
    let lengths = key.child(1).integers(B, below: T + 1)
    let resets = key.child(2).uniforms(T * B).map { $0 < 0.3 }
    for direction in SequenceDirection.allCases {
      let plan = SequencePlan(
        stepCount: T, batchSize: B, lengths: lengths, resets: resets, direction: direction)
      let expected = (0..<B).map { row -> [[Int]] in
        var segments: [[Int]] = []
        for step in 0..<lengths[row] {
          if step == 0 || resets[step * B + row] { segments.append([]) }
          segments[segments.count - 1].append(step)
        }
        return direction == .forward ? segments : segments.reversed().map { $0.reversed() }
      }
      #expect(walked(plan) == expected)
      #expect(plan.slotCount == lengths.reduce(0, +))
      #expect(plan.isFull == (plan.slotCount == T * B))
      // segments fall in length, so those alive are the first ones
      #expect(zip(plan.alive, plan.alive.dropFirst()).allSatisfy { $0 >= $1 })
      for row in 0..<B {
        let last = plan.lastSegmentOfRow[row]
        #expect(plan.rowOfSegment[last] == row)
        let continuing = plan.rowOfSegment.indices.filter {
          plan.rowOfSegment[$0] == row && plan.continuesState[$0]
        }
        // a forward row with a mark on its first step starts afresh; otherwise the first segment goes on
        let startsFresh = direction == .forward && lengths[row] > 0 && resets[row]
        #expect(continuing.count == (startsFresh ? 0 : 1))
      }
    }
  }

  @Test func emptyRowsPassThrough() {
    let plan = SequencePlan(stepCount: 2, batchSize: 3, lengths: [0, 0, 0])
    #expect(plan.segmentCount == 3 && plan.slotCount == 0 && plan.alive.isEmpty)
    #expect(plan.continuesState == [true, true, true] && plan.lastSegmentOfRow == [0, 1, 2])
    let none = SequencePlan(stepCount: 0, batchSize: 2)
    #expect(none.segmentCount == 2 && none.isFull)
  }

  @Test func lengthOutOfRangeTraps() async {
    await #expect(processExitsWith: .failure) { _ = SequencePlan(stepCount: 2, batchSize: 1, lengths: [3]) }
    await #expect(processExitsWith: .failure) {
      _ = SequencePlan(stepCount: 2, batchSize: 1, lengths: [1, 1])
    }
  }
}
