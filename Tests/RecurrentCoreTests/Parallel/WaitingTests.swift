import CRecurrentKernels
import Foundation
import RecurrentTestSupport
import Synchronization
import Testing

@testable import RecurrentCore

/// Members that sleep are woken, and how many there are changes nothing but time.
@Suite struct WaitingTests {
  /// Quick regions one after the other, with pauses after which the members sleep: none is missed, none is run twice.
  @Test(arguments: [2, 3, 8]) func noCallIsLost(_ threads: Int) {
    let pool = ThreadPool(threadCount: threads)
    let regions = 100_000 / threads
    let runs = Atomic<Int>(0)
    for region in 0..<regions {
      pool.run(members: 2 + region % (threads - 1)) { _ in _ = runs.add(1, ordering: .relaxed) }
      if region % 5_000 == 0 { usleep(2_000) }
      if region % 3 == 0 { pool.rouse() }
    }
    let expected = (0..<regions).reduce(0) { $0 + 2 + $1 % (threads - 1) }
    #expect(runs.load(ordering: .relaxed) == expected)
  }

  /// Members that arrive late at the barriers of a product, so that the others sleep there.
  @Test(arguments: [2, 3, 8]) func sleepersAtBarriers(_ threads: Int) throws {
    let backend = CPUBackend(exactThreadCount: threads)
    let (a, b) = (
      Tensor.random([192, 300], key: RandomKey(seed: 1)).moved(to: backend),
      Tensor.random([300, 700], key: RandomKey(seed: 2)).moved(to: backend)
    )
    let expected = matmul(a, b).scalars
    let result = Tensor(zeros: [192, 700]).moved(to: backend)
    var arguments = rk_gemm_args()
    (arguments.m, arguments.n, arguments.k) = (192, 700, 300)
    (arguments.a, arguments.a_row, arguments.a_column) = (UnsafePointer(a.floats), 300, 1)
    (arguments.b, arguments.b_row, arguments.b_column) = (UnsafePointer(b.floats), 700, 1)
    (arguments.c, arguments.c_row) = (result.floats, 700)
    let scratch = backend.scratch(members: threads) {
      backend.kernels.pointee.gemm_scratch_bytes(192, 700, false, $0)
    }
    arguments.scratch = scratch.pointer.assumingMemoryBound(to: Float.self)
    for round in 0..<10 {
      result.floats.update(repeating: 0, count: result.count)
      withUnsafePointer(to: arguments) { pointer in
        backend.pool.run(members: threads) { team in
          if Int(team.index) == round % threads { usleep(3_000) }
          backend.kernels.pointee.gemm(pointer, team)
        }
      }
      #expect(result.scalars == expected, "round \(round)")
    }
  }

  /// A training whose team grows and shrinks all the while gives the bits of one thread.
  @Test(arguments: [2, 4]) func changingTeams(_ threads: Int) {
    let alone = CPUBackend(exactThreadCount: 1)
    let expected = WaitingTests.steps(on: alone)
    let backend = CPUBackend(exactThreadCount: threads)
    let changes = Changes(backend)
    Thread.detachNewThread { changes.run() }
    let results = (0..<4).map { _ in WaitingTests.steps(on: backend) }
    changes.isOver.store(true, ordering: .releasing)
    #expect(results.count == 4 && results.allSatisfy { $0 == expected })
  }

  /// Products, sums and a step engine's work, on a backend.
  private static func steps(on backend: CPUBackend) -> [Float] {
    Backends.$current.withValue(backend) {
      var x = Tensor.random([96, 256], key: RandomKey(seed: 3))
      let weights = Tensor.random([256, 256], key: RandomKey(seed: 4)) * 0.06
      for _ in 0..<20 { x = tanh(matmul(x, weights) + x) }
      return x.scalars + [x.sum().scalar]
    }
  }

  /// What the pool finds to be best is what regions get, and a fixed size comes before it.
  @Test func fixedSizes() {
    let pool = ThreadPool(threadCount: 4)
    #expect(pool.teamSize == 4)
    for (fixed, expected) in [(1, 1), (3, 3), (9, 4)] {
      pool.fixedTeamSize.store(fixed, ordering: .relaxed)
      #expect(pool.teamSize == expected)
      let runs = Atomic<Int>(0)
      pool.run(members: pool.teamSize) { _ in _ = runs.add(1, ordering: .relaxed) }
      #expect(runs.load(ordering: .relaxed) == expected)
    }
  }

  /// More members than processors take turns; they do not wait for turns of a scheduler at every barrier.
  @Test func crowdedMembersAreNotStuck() {
    let (crowded, alone) = (CPUBackend(exactThreadCount: 8), CPUBackend(exactThreadCount: 1))
    func time(_ backend: CPUBackend) -> Duration {
      _ = WaitingTests.steps(on: backend)
      return ContinuousClock().measure { for _ in 0..<3 { _ = WaitingTests.steps(on: backend) } }
    }
    // the best of some: other tests run at the same time
    let ratios = (0..<5).map { _ in time(crowded) / time(alone) }
    #expect(ratios.min() ?? 0 < 20, "\(ratios)")
  }

  /// Work is what is done with a processor; sleeping is not.
  @Test func meters() {
    var meter = rk_meter()
    var elapsed: Int64 = 0
    rk_meter_start(&meter)
    usleep(20_000)
    let asleep = rk_meter_stop(&meter, &elapsed)
    #expect(elapsed >= 20_000_000 && asleep < elapsed / 4)
    rk_meter_start(&meter)
    let worked = rk_meter_stop(&meter, &elapsed)
    #expect(worked <= elapsed && worked >= 0)
  }
}

/// Changes the size of a backend's team all the while.
private final class Changes: Sendable {
  let isOver = Atomic<Bool>(false)
  private let backend: CPUBackend

  init(_ backend: CPUBackend) { self.backend = backend }

  func run() {
    var size = 0
    while !isOver.load(ordering: .acquiring) {
      size = (size + 1) % backend.threadCount
      backend.pool.fixedTeamSize.store(size + 1, ordering: .relaxed)
      usleep(50)
    }
  }
}
