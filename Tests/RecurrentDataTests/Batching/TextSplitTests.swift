import RecurrentData
import Testing

@Suite struct TextSplitTests {
  @Test(
    arguments: [
      (100, [0.9, 0.05, 0.05], [90, 5, 5]), (0, [0.9, 0.05, 0.05], [0, 0, 0]), (7, [1, 0, 0], [7, 0, 0]),
      (7, [0, 0, 1], [0, 0, 7]), (3, [0.5, 0.5, 0], [2, 1, 0]), (1, [0.9, 0.05, 0.05], [1, 0, 0]),
      (1_115_394, [0.9, 0.05, 0.05], [1_003_855, 55_769, 55_770]),
      (10, [0.3333333, 0.3333333, 0.3333334], [3, 4, 3]),
    ] as [(Int, [Double], [Int])])
  func cutsByPosition(_ count: Int, _ shares: [Double], _ sizes: [Int]) throws {
    let split = try TextSplit(training: shares[0], validation: shares[1], test: shares[2])
    let parts = split.split((0..<count).map { Int32($0) })
    #expect([parts.training.count, parts.validation.count, parts.test.count] == sizes)
    #expect(parts.training + parts.validation + parts.test == (0..<count).map { Int32($0) })
  }

  @Test(arguments: [
    [0.9, 0.2, -0.1], [0.9, 0.05, 0.06], [0, 0, 0], [.nan, 0.5, 0.5], [.infinity, 0, 0], [2, -1, 0],
  ])
  func refusesShares(_ shares: [Double]) {
    #expect(throws: DataError.self) {
      try TextSplit(training: shares[0], validation: shares[1], test: shares[2])
    }
  }
}
