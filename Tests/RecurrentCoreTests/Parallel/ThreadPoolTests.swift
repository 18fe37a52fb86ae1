import RecurrentTestSupport
import Synchronization
import Testing

@testable import RecurrentCore

@Suite struct ThreadPoolTests {
  /// Every member of every region runs exactly once, also when regions of different sizes follow each other closely.
  @Test(arguments: [1, 2, 3, 4])
  func runsEachMemberOnce(_ threads: Int) {
    let pool = ThreadPool(threadCount: threads)
    let runs = (0..<threads).map { _ in Counter() }
    var expected = [Int](repeating: 0, count: threads)
    for region in 0..<3000 {
      let members = 1 + region * 7 % threads
      pool.run(members: members) { team in runs[Int(team.index)].add(1) }
      for member in 0..<members { expected[member] += 1 }
      if runs.map(\.value) != expected {
        #expect(runs.map(\.value) == expected, "region \(region) with \(members) members")
        return
      }
    }
  }

  /// Each piece of work is done once, on the backend that was asked, whatever the numbers of pieces and threads.
  @Test(arguments: [1, 2, 3]) func concurrentPieces(threads: Int) {
    let backend = CPUBackend(exactThreadCount: threads)
    for count in 0...5 {
      let counts = Mutex([Int](repeating: 0, count: count))
      backend.concurrently(count) { index in
        // regions inside must work, and find the same backend
        let sum = Tensor(ones: [300, 300]).sum().scalar
        let isOwn = Backends.current as? CPUBackend === backend
        counts.withLock { $0[index] += sum == 90_000 && isOwn ? 1 : 100 }
      }
      #expect(counts.withLock { $0 } == [Int](repeating: 1, count: count))
    }
  }

  /// Results are handed on in their order, whoever is done first, and none behind one that failed.
  @Test(arguments: [1, 2, 3]) func resultsInOrder(threads: Int) {
    struct Failure: Error, Equatable { let number: Int }
    let backend = CPUBackend(exactThreadCount: threads)
    for failing in [nil, 0, 3, 6] as [Int?] {
      var taken: [Int] = []
      var failure: Failure?
      do throws(Failure) {
        try backend.concurrently(7) { number throws(Failure) -> Int in
          // the first take longest
          _ = (0..<20 * (7 - number)).reduce(into: 0.0) { sum, _ in
            sum += Double(Tensor(ones: [999]).sum().scalar)
          }
          if let failing, number >= failing { throw Failure(number: number) }
          return 10 * number
        } inOrder: {
          taken.append($0)
        }
      } catch { failure = error }
      #expect(taken == (0..<(failing ?? 7)).map { 10 * $0 })
      #expect(failure == failing.map { Failure(number: $0) })
    }
  }

  @Test func rangesCoverEverythingOnce() {
    let pool = ThreadPool(threadCount: 3)
    for (count, unit, grain) in [
      (0, 16, 1), (1, 16, 1), (100, 16, 10), (1000, 1, 1), (97, 64, 20), (33, 16, 16),
    ] {
      let seen = (0..<count).map { _ in Counter() }
      pool.ranges(of: count, unit: unit, grain: grain) { range in
        #expect(range.lowerBound % unit == 0)
        for index in range { seen[index].add(1) }
      }
      #expect(seen.allSatisfy { $0.value == 1 })
    }
  }

  /// A region inside a region is run by its caller alone instead of waiting for itself.
  @Test func nestedRegions() {
    let pool = ThreadPool(threadCount: 3)
    let runs = Counter()
    for _ in 0..<100 {
      pool.run(members: 3) { _ in
        pool.run(members: 3) { team in
          #expect(team.count == 1)
          runs.add(1)
        }
      }
    }
    #expect(runs.value == 300)
  }

  /// Many callers at once get right results from one pool.
  @Test func concurrentCallers() async throws {
    let backend = CPUBackend(exactThreadCount: 3)
    let (a, b) = (
      Tensor.random([64, 70], key: RandomKey(seed: 1)), Tensor.random([70, 50], key: RandomKey(seed: 2))
    )
    let expected = matmul(a, b).scalars
    let isRight = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let (left, right) = (a.moved(to: backend), b.moved(to: backend))
          return (0..<200).allSatisfy { _ in matmul(left, right).scalars == expected }
        }
      }
      return await group.allSatisfy { $0 }
    }
    #expect(isRight)
  }

  /// Short-lived pools start and end cleanly.
  @Test func poolsComeAndGo() {
    for round in 0..<50 {
      let pool = ThreadPool(threadCount: 1 + round % 4)
      let runs = Counter()
      pool.run(members: 4) { _ in runs.add(1) }
      #expect(runs.value == 1 + round % 4)
    }
  }
}

private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  func add(_ number: Int) { _ = count.add(number, ordering: .relaxed) }
  var value: Int { count.load(ordering: .relaxed) }
}
