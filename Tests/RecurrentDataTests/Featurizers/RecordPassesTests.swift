import RecurrentTestSupport
import Synchronization
import Testing

@testable import RecurrentData

@Suite struct RecordPassesTests {
  /// What does not fit is read again in each pass, and nothing is read twice that fits.
  @Test(arguments: [(0, 12), (250, 10), (1000, 6)])
  func readsAgainWhatDoesNotFit(_ limit: Int, _ readCount: Int) throws {
    let source = RecordSource((0..<6).map { Record(.text("\($0)"), origin: "\($0)") })
    let reads = Mutex(0)
    var passes = RecordPasses(source, limit: limit) { record in
      reads.withLock { $0 += 1 }
      return (try record.text(), 2)
    }
    for _ in 0..<2 {
      var found: [String] = []
      try passes.run { index, text in
        #expect(index == found.count)
        found.append(text)
      }
      #expect(found == (0..<6).map { "\($0)" })
    }
    #expect(reads.withLock { $0 } == readCount)
  }
}
