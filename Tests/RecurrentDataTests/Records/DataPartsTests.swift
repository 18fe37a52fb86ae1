import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct DataPartsTests {
  private let sizes = DataShares.shares(training: 0.6, validation: 0.2, test: 0.2)

  private func records(
    _ count: Int, part: (Int) -> DataPart? = { _ in nil }
  ) -> RecordSource {
    RecordSource(
      (0..<count).map {
        Record(.text("\($0)"), label: "\($0 % 3)", group: "g\($0 / 4)", part: part($0), origin: "\($0)")
      })
  }

  /// What was dealt out before parts were one concept: written down, so that trainings go on to get the same parts.
  @Test func theSamePartsAsEver() {
    let split = DataParts(sizes: sizes, spreadsLabels: true, seed: 7).split(records(20))
    let plain = DataParts(sizes: sizes, seed: 7).split(records(20))
    let folds = DataParts(sizes: sizes, spreadsLabels: true, seed: 7).folds(4, of: records(12))
    let training = [1, 2, 4, 6, 8, 9, 11, 13, 14, 15, 16, 18]
    #expect(split == DataSplit(training: training, validation: [3, 10, 12, 17, 19], test: [0, 5, 7]))
    #expect(plain == DataSplit(training: training, validation: [10, 12, 17, 19], test: [0, 3, 5, 7]))
    #expect(folds.map(\.test) == [[0, 10, 11], [3, 4, 8], [5, 6, 7], [1, 2, 9]])
  }

  @Test func groupsStayTogether() {
    let source = records(60)
    let split = DataParts(sizes: sizes, keepsGroups: true, seed: 3).split(source)
    let groups = [split.training, split.validation, split.test].map { Set($0.map { source.group($0) }) }
    #expect(groups[0].isDisjoint(with: groups[1]) && groups[1].isDisjoint(with: groups[2]))
    #expect((split.training + split.validation + split.test).sorted() == Array(0..<60))
    let left = DataParts.leavingOneOut(of: records(12))
    #expect(left.map(\.name) == ["g0", "g1", "g2"] && left[1].split.test == [4, 5, 6, 7])
  }

  @Test func labelsAreSpread() {
    let source = records(30)
    let split = DataParts(sizes: sizes, spreadsLabels: true, seed: 5).split(source)
    for label in ["0", "1", "2"] { #expect(split.test.count { source.label($0) == label } == 2) }
  }

  @Test func partsThatTheDataNameComeFirst() {
    let named = records(30) { $0 < 5 ? .test : $0 < 9 ? .training : nil }
    let split = DataParts(sizes: sizes, seed: 1).split(named)
    #expect(split == DataSplit(training: Array(5..<30), test: Array(0..<5)))
    let spared = DataParts(sizes: sizes, sparingCount: 25, seed: 1).split(named)
    #expect(spared.validation.count == 3 && (spared.training + spared.validation).sorted() == Array(5..<30))
    #expect(DataParts(sizes: sizes, sparingCount: 26, seed: 1).split(named).validation.isEmpty)
  }

  @Test func countsLeaveTheRestOut() {
    let split = DataParts(sizes: .counts(training: 10, validation: 3, test: 2), seed: 2).split(records(40))
    #expect([split.training, split.validation, split.test].map(\.count) == [10, 3, 2])
    #expect(Set(split.training + split.validation + split.test).count == 15)
    let ranges = DataShares.counts(training: 10, validation: 3, test: 2).ranges(of: 40)
    #expect(ranges == (0..<10, 10..<13, 13..<15))
    #expect(sizes.ranges(of: 7) == (0..<4, 4..<6, 6..<7))
  }

  @Test func sharesAreRead() {
    #expect(DataShares([0.8, 0.1, 0.1]) == .shares(training: 0.8, validation: 0.1, test: 0.1))
    #expect(DataShares([0.6, 0.2]) == .shares(training: 0.6, validation: 0.2, test: 0.2))
    #expect(DataShares([1, 0, 0]) == .shares(training: 1, validation: 0, test: 0))
    #expect(DataShares([8640, 2880, 0]) == .counts(training: 8640, validation: 2880, test: 0))
    for numbers in [
      [1, 1, 1], [0.5], [.nan, 0, 0], [0.8, 0.3], [0, 1, 0], [2, 0.5, 1], [0.8, 0.1, 0.1, 0], [-1, 1, 1],
      [.infinity, 0, 0], [0.9, 0.05, 0.06],
    ] as [[Double]] { #expect(DataShares(numbers) == nil) }
  }

  @Test(
    arguments: [
      (100, [0.9, 0.05, 0.05], [90, 5, 5]), (0, [0.9, 0.05, 0.05], [0, 0, 0]), (7, [1, 0, 0], [7, 0, 0]),
      (3, [0.5, 0.5, 0], [2, 1, 0]), (1, [0.9, 0.05, 0.05], [1, 0, 0]),
      (1_115_394, [0.9, 0.05, 0.05], [1_003_855, 55_769, 55_770]),
      (10, [0.3333333, 0.3333333, 0.3333334], [3, 4, 3]),
    ] as [(Int, [Double], [Int])])
  func sharesCoverAllSteps(_ count: Int, _ shares: [Double], _ sizes: [Int]) throws {
    let parts = try #require(DataShares(shares)).ranges(of: count)
    #expect([parts.training.count, parts.validation.count, parts.test.count] == sizes)
    #expect(parts.training.lowerBound == 0 && parts.training.upperBound == parts.validation.lowerBound)
    #expect(parts.validation.upperBound == parts.test.lowerBound && parts.test.upperBound == count)
  }
}
