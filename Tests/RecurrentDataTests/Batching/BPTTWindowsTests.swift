import RecurrentData
import Testing

@Suite struct BPTTWindowsTests {
  private let ids = (0..<103).map { Int32($0) }
  private let random = RandomisedWindows(seed: 7)

  @Test func cutsTimeMajorWindows() throws {
    // (12 - 1) / 2 = 5 steps in each stream, one id left out.
    let windows = try BPTTWindows(ids: Array(0..<12), batchSize: 2, windowLength: 3)
    #expect(windows.streamLength == 5 && windows.count(epoch: 0) == 2)
    let all = Array(windows.windows(epoch: 0))
    #expect(
      all.map(\.inputs) == [
        Indices([0, 5, 1, 6, 2, 7], shape: [3, 2]), Indices([3, 8, 4, 9], shape: [2, 2]),
      ])
    #expect(
      all.map(\.targets) == [
        Indices([1, 6, 2, 7, 3, 8], shape: [3, 2]), Indices([4, 9, 5, 10], shape: [2, 2]),
      ])
    #expect(all.map(\.learningRateFactor) == [1, 1])
  }

  /// Every id but the first and those left out is a target exactly once; the input is the id before it.
  @Test(arguments: [1, 2, 3, 7], [1, 2, 5, 14])
  func coversTheText(_ batchSize: Int, _ windowLength: Int) throws {
    for random in [nil, random] {
      let windows = try BPTTWindows(
        ids: ids, batchSize: batchSize, windowLength: windowLength, randomisedLengths: random)
      let all = Array(windows.windows(epoch: 0))
      #expect(all.count == windows.count(epoch: 0))
      let targets = all.flatMap(\.targets.values)
      #expect(targets.sorted() == Array(1...Int32(102 - 102 % batchSize)))
      #expect(all.flatMap(\.inputs.values) == targets.map { $0 - 1 })
    }
  }

  @Test func exactlyOneWindow() throws {
    let windows = try BPTTWindows(ids: Array(0..<7), batchSize: 2, windowLength: 3)
    #expect(windows.count(epoch: 0) == 1 && windows.count(epoch: 1) == 1)
    #expect(Array(windows.windows(epoch: 1)) == [try windows.window(0, epoch: 1)])
  }

  /// A window is a function of its number and epoch, whatever was asked for before and by whom.
  @Test func anyWindowAtAnyTime() throws {
    let many = (0..<5_000).map { Int32($0 % 17) }
    for random in [nil, random] {
      func make() throws -> BPTTWindows {
        try BPTTWindows(ids: many, batchSize: 3, windowLength: 20, randomisedLengths: random)
      }
      let whole = try (0..<2).map { Array(try make().windows(epoch: $0)) }
      #expect((whole[0] == whole[1]) == (random == nil))
      let (windows, copy) = try { ($0, $0) }(make())
      for number in whole[0].indices.reversed() {
        for epoch in [1, 0] where number < whole[epoch].count {
          #expect(try windows.window(number, epoch: epoch) == whole[epoch][number])
          #expect(try copy.window(number, epoch: 0) == whole[0][number])
        }
      }
    }
  }

  /// Trainings that are under way go on with the windows that they began with.
  @Test func randomLengthsStay() throws {
    let windows = try BPTTWindows(
      ids: [Int32](repeating: 1, count: 5_000), batchSize: 1, windowLength: 70, randomisedLengths: random)
    func lengths(_ epoch: Int) -> [Int] {
      windows.windows(epoch: epoch).prefix(12).map { $0.inputs.shape[0] }
    }
    #expect(lengths(0) == [70, 67, 69, 75, 69, 68, 61, 67, 73, 74, 69, 68])
    #expect(lengths(1) == [76, 71, 66, 66, 67, 66, 65, 69, 77, 72, 66, 70])
  }

  @Test func randomLengthsFollowThePaper() throws {
    let windowLength = 70
    let windows = try BPTTWindows(
      ids: [Int32](repeating: 1, count: 700_001), batchSize: 1, windowLength: windowLength,
      randomisedLengths: random)
    let first = windows.windows(epoch: 0).map { $0.inputs.shape[0] }.dropLast()
    let second = windows.windows(epoch: 1).map { $0.inputs.shape[0] }.dropLast()
    #expect(first != second)
    let near = first.filter { $0 > 52 }
    #expect(abs(Double(near.count) / Double(first.count) - 0.95) < 0.01)
    let mean = Double(near.reduce(0, +)) / Double(near.count)
    let deviation = (near.map { (Double($0) - mean) * (Double($0) - mean) }.reduce(0, +) / Double(near.count))
      .squareRoot()
    // Rounding down takes half a step off.
    #expect(abs(mean - 69.5) < 0.3 && abs(deviation - 5) < 0.3)
    #expect(first.min() ?? 0 >= 5 && first.max() ?? 0 <= 80)
    let window = try windows.window(0, epoch: 0)
    #expect(window.learningRateFactor == Float(window.inputs.shape[0]) / 70)
  }

  @Test func shortWindowsKeepTheirLeastLength() throws {
    let windows = try BPTTWindows(ids: ids, batchSize: 1, windowLength: 2, randomisedLengths: random)
    #expect(windows.windows(epoch: 0).map { $0.inputs.shape[0] }.dropLast().allSatisfy { $0 >= 5 })
  }

  @Test func seedsDiffer() throws {
    func lengths(_ seed: UInt64) throws -> [Int] {
      try BPTTWindows(
        ids: ids, batchSize: 1, windowLength: 10, randomisedLengths: RandomisedWindows(seed: seed)
      ).windows(epoch: 0).map { $0.inputs.shape[0] }
    }
    #expect(try lengths(1) == lengths(1))
    #expect(try lengths(1) != lengths(2))
  }

  @Test func refusesWhatCannotBeCut() {
    #expect(throws: DataError.tooShort(count: 6, batchSize: 2, windowLength: 3)) {
      try BPTTWindows(ids: Array(0..<6), batchSize: 2, windowLength: 3)
    }
    #expect(throws: DataError.tooShort(count: 103, batchSize: .max, windowLength: 3)) {
      try BPTTWindows(ids: ids, batchSize: .max, windowLength: 3)
    }
    #expect(throws: DataError.tooShort(count: 0, batchSize: 1, windowLength: 1)) {
      try BPTTWindows(ids: [], batchSize: 1, windowLength: 1)
    }
    #expect(throws: DataError.invalidSetting(name: "batch size", expected: "at least 1", found: "0")) {
      try BPTTWindows(ids: ids, batchSize: 0, windowLength: 3)
    }
    for random in [nil, random] {
      for (epoch, number) in [(-1, 0), (0, 3), (0, -1)] {
        #expect(throws: DataError.self) {
          try BPTTWindows(ids: Array(0..<10), batchSize: 1, windowLength: 3, randomisedLengths: random)
            .window(number, epoch: epoch)
        }
      }
    }
    #expect(throws: DataError.self) {
      try BPTTWindows(
        ids: ids, batchSize: 1, windowLength: 3,
        randomisedLengths: RandomisedWindows(seed: 1, standardDeviation: .nan))
    }
  }
}
