import Testing

@testable import RecurrentCore

/// The size of a team on machines that are made up: what a team of a size gets done in a time, for each nanosecond.
@Suite struct TeamSizeTests {
  /// A pool on a machine: the size now, the time, and how often it had which size.
  private struct Simulation {
    var size: TeamSize
    var now: Int64 = 1_000_000_000
    var counts: [Int: Int] = [:]

    init(most: Int) { size = TeamSize(most: most) }

    /// Regions for so many seconds.
    mutating func run(seconds: Double, regionLength: Int64 = 1_000_000, rate: (Int) -> Double) {
      counts = [:]
      let end = now + Int64(seconds * 1e9)
      while now < end {
        now += regionLength
        let members = size.count
        counts[members, default: 0] += 1
        size.note(
          members: members, elapsed: regionLength, worked: Int64(Double(regionLength) * rate(members)),
          now: now)
      }
    }

    /// The share of the regions that had a number of members.
    func share(_ members: Int) -> Double {
      Double(counts[members] ?? 0) / Double(max(1, counts.values.reduce(0, +)))
    }
  }

  /// Nothing is tried while the members get most of what there is.
  @Test(arguments: [1, 2, 3, 8, 64]) func staysWhole(_ most: Int) {
    var pool = Simulation(most: most)
    pool.run(seconds: 20) { Double($0) * 0.9 + 0.1 }
    #expect(pool.share(most) == 1)
  }

  /// Two members that get half a processor together are worse than one that has one for itself.
  @Test func shrinksToOneAndGrowsAgain() {
    var pool = Simulation(most: 2)
    pool.run(seconds: 0.2) { $0 == 2 ? 0.5 : 0.97 }
    #expect(pool.size.count == 1)
    // a moment's disturbance is none
    var disturbed = Simulation(most: 2)
    disturbed.run(seconds: 0.1) { Double($0) * 0.95 }
    disturbed.run(seconds: 0.015) { _ in 0.01 }
    disturbed.run(seconds: 1) { Double($0) * 0.95 }
    #expect(disturbed.share(2) == 1)
    // trials cost little
    pool.run(seconds: 20) { $0 == 2 ? 0.5 : 0.97 }
    #expect(pool.share(1) > 0.97)
    // the others are gone
    pool.run(seconds: 2.2) { Double($0) * 0.95 }
    pool.run(seconds: 10) { Double($0) * 0.95 }
    #expect(pool.share(2) == 1)
  }

  /// Among many busy processes one member gets less than two do, little as that is.
  @Test func staysWhereFewerGetLess() {
    var pool = Simulation(most: 2)
    pool.run(seconds: 1) { $0 == 2 ? 0.98 : 0.66 }
    pool.run(seconds: 20) { $0 == 2 ? 0.98 : 0.66 }
    #expect(pool.share(2) > 0.95, "\(pool.counts)")
  }

  /// Eight members on two processors spend their time on waiting; two do not.
  @Test func findsTheProcessors() {
    var pool = Simulation(most: 8)
    func rate(_ members: Int) -> Double { members <= 2 ? Double(members) * 0.95 : 2 - 0.1 * Double(members) }
    pool.run(seconds: 1, rate: rate)
    pool.run(seconds: 20, rate: rate)
    #expect(pool.share(2) > 0.9, "\(pool.counts)")
  }

  /// Members that wait for the slowest, which shares its processor: fewer are as fast, and all when it has it again.
  @Test func comesBackFromManyMembers() {
    var pool = Simulation(most: 64)
    pool.run(seconds: 30) { $0 > 60 ? Double($0) / 2 : Double($0) * 0.98 }
    #expect((49...60).contains(pool.size.count), "\(pool.size.count)")
    pool.run(seconds: 10) { Double($0) * 0.98 }
    #expect(pool.size.count == 64)
  }

  /// Regions of another size than that of the team say nothing about it.
  @Test func otherRegionsDoNotCount() {
    var size = TeamSize(most: 4)
    for step in 0..<1000 {
      size.note(members: 2, elapsed: 1_000_000, worked: 0, now: Int64(step) * 1_000_000)
    }
    #expect(size.count == 4)
  }
}
