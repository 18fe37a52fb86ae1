import Synchronization
import Testing

@testable import RecurrentTasks

/// Examples are read once, ahead or when they are taken, whoever else takes some meanwhile.
@Suite struct ReadAheadTests {
  private final class Reads: Sendable {
    let numbers = Mutex<[Int]>([])
  }

  private static func source(_ reads: Reads) -> ExampleSource<Int> {
    ExampleSource(count: 8, name: { "\($0)" }) { number in
      reads.numbers.withLock { $0.append(number) }
      return 10 * number
    }
  }

  @Test func stepsOfOthers() async throws {
    let (reads, ahead) = (Reads(), ReadAhead<Int>())
    let source = Self.source(reads)
    ahead.begin([0, 1], of: source)
    ahead.begin([2, 3], of: source)
    while ahead.readNumbers.count < 4 { await Task.yield() }
    #expect(ahead.readNumbers == [0, 1, 2, 3])
    #expect(try ahead.take([2, 3], of: source) == [20, 30])
    #expect(try ahead.take([1, 0, 5], of: source) == [10, 0, 50])
    #expect(reads.numbers.withLock { $0.sorted() } == [0, 1, 2, 3, 5])
    // taken examples are not kept
    #expect(try ahead.take([2], of: source) == [20])
    #expect(reads.numbers.withLock { $0.count } == 6)
  }
}
