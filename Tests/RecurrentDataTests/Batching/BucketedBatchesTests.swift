import RecurrentData
import RecurrentTestSupport
import Testing

@Suite struct BucketedBatchesTests {
  private let lengths = RandomKey(seed: 9).integers(103, below: 200)

  @Test(arguments: [1, 2, 10, 103, 200])
  func everyExampleOnce(_ size: Int) throws {
    let plan = try BucketedBatches(lengths: lengths, batchSize: size, seed: 5)
    for epoch in 0..<3 {
      let batches = plan.batches(epoch: epoch)
      #expect(
        batches.count == (103 + size - 1) / size && batches.allSatisfy { (1...size).contains($0.count) })
      #expect(batches.flatMap { $0 }.sorted() == Array(0..<103))
    }
  }

  @Test func epochsAndSeedsHaveTheirOwnOrder() throws {
    func plan(_ seed: UInt64) throws -> BucketedBatches {
      try BucketedBatches(lengths: lengths, batchSize: 10, seed: seed)
    }
    #expect(try plan(5).batches(epoch: 1) == plan(5).batches(epoch: 1))
    #expect(try plan(5).batches(epoch: 1) != plan(5).batches(epoch: 2))
    #expect(try plan(5).batches(epoch: 1) != plan(6).batches(epoch: 1))
    #expect(
      try Set(plan(5).batches(epoch: 1).map { Set($0) }) != Set(plan(5).batches(epoch: 2).map { Set($0) }))
  }

  /// Little of a batch is empty, and short batches do not all come first.
  @Test func batchesHaveLikeLengths() throws {
    let batches = try BucketedBatches(lengths: lengths, batchSize: 10, seed: 5).batches(epoch: 0)
    let longest = batches.map { $0.map { lengths[$0] }.max() ?? 0 }
    let padded = zip(batches, longest).reduce(0) { $0 + $1.0.count * $1.1 }
    #expect(Double(padded) < 1.3 * Double(lengths.reduce(0, +)))
    #expect(longest != longest.sorted())
  }

  /// Batches end where they would be too much work, and not before; what is too much by itself is alone.
  @Test(arguments: [1, 150, 900])
  func costsAreLimited(_ limit: Int) throws {
    let plan = try BucketedBatches(lengths: lengths, batchSize: 20, costLimit: limit, seed: 5)
    for epoch in 0..<3 {
      let batches = plan.batches(epoch: epoch)
      #expect(batches.flatMap { $0 }.sorted() == Array(0..<103))
      for batch in batches {
        let cost = batch.count * (batch.map { lengths[$0] }.max() ?? 0)
        #expect((cost <= limit || batch.count == 1) && batch.count <= 20)
      }
      #expect(limit < 900 || batches.count < 40)
    }
  }

  @Test func refusesNothing() {
    #expect(throws: DataError.self) { try BucketedBatches(lengths: [], batchSize: 1, seed: 1) }
    #expect(throws: DataError.self) { try BucketedBatches(lengths: [1], batchSize: 0, seed: 1) }
  }
}
